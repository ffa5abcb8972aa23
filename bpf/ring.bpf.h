/*
 * Into the run's ring, and when its reader is woken for it.
 *
 * To wake the reader costs many times as much as an event. So only what is near the agent wakes it: the start
 * and the end of calls, down to the run's wake_depth. The rest rides along, or wakes it when it has slept for the run's
 * ride_along_ns. A burst of calls wakes it WAKE_BURST times, then once in that time; half of a burst is kept for what
 * the agent executes itself. What fills the ring faster than that wakes it as well.
 *
 * Accepted: last_wake_ns and wakes_paid_until_ns are written without a lock. Two CPUs that race wake once too
 * often, or leave an event to the reader's own look, which is due shortly after ride_along_ns (look-pace.ts).
 */
#ifndef ACG_RING_BPF_H
#define ACG_RING_BPF_H

#include "maps.bpf.h"
#include "subject.bpf.h"

#define WAKE_BURST 32
/* What the agent executes: init is 0, the agent 1. */
#define CALL_DEPTH 2
/* A ring is not taken for full again before the reader had this time to look. */
#define FILL_GAP_NS 20000000ULL

static struct acg_losses *losses_of(__u32 number)
{
	__u32 first = 0;
	void *losses = bpf_map_lookup_elem(&acg_run_losses, &number);

	return losses ? bpf_map_lookup_elem(losses, &first) : NULL;
}

struct climb {
	struct task_struct *leader;
	__u32 level;
	__u32 depth;
};

static long climb_up(__u32 generation, struct climb *climb)
{
	struct task_struct *leader = climb->leader;
	struct pid *pid = leader->thread_pid;

	climb->leader = leader->real_parent->group_leader;
	if (!pid || pid->level < climb->level || upid_at(pid, climb->level).nr != 1)
		return 0;
	climb->depth = generation;
	return 1;
}

/* How many generations the process is below the run's first; more than `most` if it is deeper than that. */
static __u32 depth_of(const struct subject *subject, __u32 most)
{
	struct climb climb = {.leader = subject->task->group_leader, .level = subject->level, .depth = most + 1};

	bpf_loop(most + 1, climb_up, &climb, 0);
	return climb.depth;
}

static int is_filling(void *ring)
{
	return bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) > bpf_ringbuf_query(ring, BPF_RB_RING_SIZE) / 4;
}

/* A fork is never worth a waking: nobody knows yet what comes of it. */
static int is_worth_waking(const struct subject *subject, const struct acg_event *event, __u64 credits)
{
	struct acg_run *run = subject->run;

	/* How deep it is is asked only where there is a waking to be had: it costs most. */
	if (event->kind == ACG_FORK || credits == 0)
		return 0;
	__u32 depth = depth_of(subject, run->wake_depth);
	return depth <= run->wake_depth && (depth <= CALL_DEPTH || credits > WAKE_BURST / 2);
}

static __u64 wake_flag(const struct subject *subject, void *ring, struct acg_event *event)
{
	struct acg_run *run = subject->run;
	__u64 now = event->time_ns;

	if (!subject->is_root) {
		__u64 gap = run->ride_along_ns;
		__u64 paid = run->wakes_paid_until_ns;

		if (paid + WAKE_BURST * gap < now)
			paid = now - WAKE_BURST * gap;
		if (is_worth_waking(subject, event, paid < now ? (now - paid) / gap : 0))
			run->wakes_paid_until_ns = paid + gap;
		else if (run->last_wake_ns + gap > now &&
			 (run->last_wake_ns + FILL_GAP_NS > now || !is_filling(ring)))
			return BPF_RB_NO_WAKEUP;
	}
	run->last_wake_ns = now;
	return BPF_RB_FORCE_WAKEUP;
}

static void tell(const struct subject *subject, struct acg_event *event, __u32 bytes)
{
	__u32 number = subject->run->number;
	void *ring = bpf_map_lookup_elem(&acg_rings, &number);

	if (!ring)
		return;
	if (bpf_ringbuf_output(ring, event, bytes, wake_flag(subject, ring, event)) == 0)
		return;
	/* Nobody was woken by what did not fit: what fits next wakes. */
	subject->run->last_wake_ns = 0;
	struct acg_losses *losses = losses_of(number);
	if (losses)
		__sync_fetch_and_add(&losses->events, 1);
}

#endif
