#include "kin.h"

#include <poll.h>
#include <stdint.h>
#include <stdlib.h>

#include "process.h"

enum { FIRST_PLACES = 1024 };

/* Open addressing by pid; pids are positive, and nobody is forgotten. */
static struct {
	struct known {
		pid_t pid;
		int pidfd;
		uint64_t start_ticks;
		struct descent descent;
	} *places;
	size_t size, used;
} known;

static struct known *place_of(pid_t pid)
{
	size_t at = (size_t)pid * 2654435761u % known.size;

	while (known.places[at].pid != 0 && known.places[at].pid != pid)
		at = (at + 1) % known.size;
	return &known.places[at];
}

static void grow(void)
{
	struct known *old = known.places;
	size_t old_size = known.size;

	known.size = old_size ? old_size * 2 : FIRST_PLACES;
	known.places = calloc(known.size, sizeof *known.places);
	if (!known.places)
		abort();
	for (size_t at = 0; at < old_size; at++)
		if (old[at].pid != 0)
			*place_of(old[at].pid) = old[at];
	free(old);
}

static struct known *find(pid_t pid)
{
	struct known *place = known.size ? place_of(pid) : NULL;

	return place && place->pid == pid ? place : NULL;
}

/* A pid is not used again before its process has ended. */
static bool lives(const struct known *place)
{
	struct pollfd end = {.fd = place->pidfd, .events = POLLIN};

	return place->pidfd >= 0 && poll(&end, 1, 0) == 0;
}

void know(const struct acg_kin *kin, int pidfd)
{
	if (known.used * 2 >= known.size)
		grow();
	struct known *place = place_of((pid_t)kin->pid);
	known.used += place->pid == 0;
	*place = (struct known){(pid_t)kin->pid, pidfd, kin->start_ticks, {0}};
	const struct known *parent = find((pid_t)kin->parent_pid);
	if (parent)
		place->descent = (struct descent){parent->pid, parent->start_ticks, false};
}

void find_descent(pid_t pid, struct descent *descent)
{
	const struct known *place = find(pid);

	*descent = place ? place->descent : (struct descent){0};
}

void has_execed(pid_t pid)
{
	struct known *place = find(pid);

	if (place)
		place->descent.has_execed = true;
}

void has_ended(pid_t pid, __u64 start_ticks)
{
	struct known *place = find(pid);

	if (place && place->start_ticks == start_ticks)
		place->pidfd = -1;
}

static void add(struct chain *chain, const struct process_stat *stat)
{
	chain->of[chain->count++] = (struct acg_kin){
		.start_ticks = stat->start_ticks,
		.pid = (__u32)stat->pid,
		.parent_pid = (__u32)stat->parent,
		.group = (__u32)stat->group,
		.session = (__u32)stat->session,
	};
}

bool find_chain(pid_t pid, pid_t root, struct chain *chain)
{
	pid_t lost = 0;

	chain->count = 0;
	for (pid_t at = pid; chain->count < MOST_GENERATIONS;) {
		struct process_stat now;
		const struct known *before = find(at);
		if (before && lives(before)) {
			if (at == pid)
				chain->asker_start_ticks = before->start_ticks;
			chain->end = ACG_CHAIN_KNOWN;
			return true;
		}
		if (!read_stat(at, &now)) {
			if (chain->count == 0)
				return false;
			/* Its child still has it: it lives, and /proc hides it (hidepid). */
			if (at == lost) {
				chain->end = ACG_CHAIN_HIDDEN;
				return true;
			}
			/* A parent that ended between two looks: by now its child has another one. */
			lost = at;
			at = (pid_t)chain->of[--chain->count].pid;
			continue;
		}
		if (at == pid)
			chain->asker_start_ticks = now.start_ticks;
		if (before && before->start_ticks == now.start_ticks) {
			chain->end = ACG_CHAIN_KNOWN;
			return true;
		}
		add(chain, &now);
		/* Not under the container's init: entered from outside (`podman exec`), so its elders are not ours. */
		if (now.parent <= 1) {
			chain->count = 1;
			chain->end = ACG_CHAIN_OUTSIDE;
			return true;
		}
		if (now.parent == root) {
			chain->end = ACG_CHAIN_ROOT;
			return true;
		}
		at = now.parent;
	}
	chain->end = ACG_CHAIN_HIDDEN;
	return true;
}
