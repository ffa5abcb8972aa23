#include "foreseen.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../bpf/acg.h"
#include "process.h"

struct expected {
	int procs; /* -1: nobody */
	pid_t parent;
	__u64 parent_start_ticks;
	int oom_score_adj;
	size_t file_bytes, words_bytes;
	char file[ACG_TEXT_BYTES], words[ACG_TEXT_BYTES];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct expected expected = {.procs = -1};
static __u32 entries;

/* With the lock. */
static void expect_nobody(void)
{
	if (expected.procs >= 0)
		close(expected.procs);
	expected.procs = -1;
}

int acg_foresee(int procs, pid_t parent, __u64 parent_start_ticks, const char *file, const char *words,
		__u32 words_bytes, int oom_score_adj, __u32 heard)
{
	size_t file_bytes = strlen(file);

	pthread_mutex_lock(&lock);
	expect_nobody();
	bool stands = heard == entries && file_bytes <= sizeof expected.file && words_bytes <= sizeof expected.words;
	if (stands) {
		expected.procs = procs;
		expected.parent = parent;
		expected.parent_start_ticks = parent_start_ticks;
		expected.oom_score_adj = oom_score_adj;
		expected.file_bytes = file_bytes;
		expected.words_bytes = words_bytes;
		memcpy(expected.file, file, file_bytes);
		memcpy(expected.words, words, words_bytes);
	}
	pthread_mutex_unlock(&lock);
	if (!stands)
		close(procs);
	return stands;
}

void acg_foresee_nobody(void)
{
	pthread_mutex_lock(&lock);
	expect_nobody();
	pthread_mutex_unlock(&lock);
}

void forget_entries(void)
{
	pthread_mutex_lock(&lock);
	entries = 0;
	expect_nobody();
	pthread_mutex_unlock(&lock);
}

void count_entry(void)
{
	pthread_mutex_lock(&lock);
	entries++;
	expect_nobody();
	pthread_mutex_unlock(&lock);
}

static bool begins_with(const char *bytes, size_t count, const char *head, size_t head_count)
{
	return count >= head_count && memcmp(bytes, head, head_count) == 0;
}

static bool is_one_word(const char *bytes, size_t count)
{
	const char *end = memchr(bytes, '\0', count);

	return end && end == bytes + count - 1;
}

static bool is_expected(const struct newcomer *newcomer)
{
	return expected.procs >= 0 && newcomer->parent == expected.parent &&
	       newcomer->parent_start_ticks == expected.parent_start_ticks &&
	       newcomer->file_bytes == expected.file_bytes &&
	       begins_with(newcomer->file, newcomer->file_bytes, expected.file, expected.file_bytes) &&
	       begins_with(newcomer->words, newcomer->words_bytes, expected.words, expected.words_bytes) &&
	       is_one_word(newcomer->words + expected.words_bytes, newcomer->words_bytes - expected.words_bytes);
}

/* Its leaf's descriptor, which is the caller's now; -1 if it is not the one. */
static int take_leaf(const struct newcomer *newcomer, int *oom_score_adj)
{
	int procs = -1;

	pthread_mutex_lock(&lock);
	if (is_expected(newcomer)) {
		procs = expected.procs;
		*oom_score_adj = expected.oom_score_adj;
		expected.procs = -1;
	}
	pthread_mutex_unlock(&lock);
	return procs;
}

static bool set_oom_score(pid_t pid, int adj)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/oom_score_adj", pid);
	int file = open(path, O_WRONLY | O_CLOEXEC);
	bool is_set = file >= 0 && dprintf(file, "%d", adj) > 0;
	if (file >= 0)
		close(file);
	return is_set;
}

struct placed place_foreseen(const struct newcomer *newcomer)
{
	struct placed placed = {false, -1};
	int oom_score_adj = 0;
	int procs = take_leaf(newcomer, &oom_score_adj);

	if (procs < 0)
		return placed;
	bool is_guarded = oom_score_adj != 0;
	placed.is_there = (!is_guarded || set_oom_score(newcomer->pid, oom_score_adj)) &&
			  dprintf(procs, "%d", newcomer->pid) > 0;
	close(procs);
	if (placed.is_there && is_guarded)
		placed.standard_error = duplicate_from(newcomer->pid, STDERR_FILENO);
	return placed;
}
