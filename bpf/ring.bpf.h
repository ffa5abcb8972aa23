/*
 * Into the run's ring, and when its reader is woken for it.
 *
 * To wake the reader costs four times as much as an event. So only what is near the agent wakes it: the start
 * and the end of calls, down to the run's wake_depth. The rest rides along, or wakes it when it has slept for
 * RIDE_ALONG_NS. A burst of calls wakes it WAKE_BURST times, then once in WAKE_GAP_NS.
 *
 * Accepted: last_wake_ns and wakes_paid_until_ns are written without a lock. Two CPUs that race wake once too
 * often, or leave an event to the reader's own look, which comes after RIDE_ALONG_NS at the latest.
 */
#ifndef ACG_RING_BPF_H
#define ACG_RING_BPF_H

#include "maps.bpf.h"

#define WAKE_GAP_NS 5000000ULL
#define WAKE_BURST 8
#define RIDE_ALONG_NS 20000000ULL

static struct acg_losses *losses_of(__u32 number)
{
	__u32 first = 0;
	void *losses = bpf_map_lookup_elem(&acg_run_losses, &number);

	return losses ? bpf_map_lookup_elem(losses, &first) : NULL;
}

/* Whether this event is worth the reader's waking now. A fork never is: nobody knows yet what comes of it. */
static __u64 wake_flag(struct acg_run *run, struct acg_member *member, void *ring, struct acg_event *event)
{
	__u64 now = event->time_ns;

	if (!member->is_root) {
		int is_urgent = event->kind != ACG_FORK && member->depth <= run->wake_depth;

		if (!is_urgent)
			is_urgent = bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) >
				    bpf_ringbuf_query(ring, BPF_RB_RING_SIZE) / 4;
		if (is_urgent) {
			__u64 paid = run->wakes_paid_until_ns;

			if (paid + WAKE_BURST * WAKE_GAP_NS < now)
				paid = now - WAKE_BURST * WAKE_GAP_NS;
			if (paid + WAKE_GAP_NS > now)
				return BPF_RB_NO_WAKEUP;
			run->wakes_paid_until_ns = paid + WAKE_GAP_NS;
		} else if (run->last_wake_ns + RIDE_ALONG_NS > now) {
			return BPF_RB_NO_WAKEUP;
		}
	}
	run->last_wake_ns = now;
	return BPF_RB_FORCE_WAKEUP;
}

static void tell(struct acg_run *run, struct acg_member *member, struct acg_event *event, __u32 bytes)
{
	__u32 number = member->run;
	void *ring = bpf_map_lookup_elem(&acg_rings, &number);

	if (!ring)
		return;
	if (bpf_ringbuf_output(ring, event, bytes, wake_flag(run, member, ring, event)) == 0)
		return;
	struct acg_losses *losses = losses_of(number);
	if (losses)
		__sync_fetch_and_add(&losses->events, 1);
}

#endif
