/*
 * Whom an event is about, and to which run that belongs: the container's pid namespace says it, which every process of
 * the container is in from its fork to its end, whatever became of its parents. Nothing has to be kept for a process,
 * and what is in no pid namespace but the first costs two reads.
 */
#ifndef ACG_SUBJECT_BPF_H
#define ACG_SUBJECT_BPF_H

#include "maps.bpf.h"
#include "upid.bpf.h"

#define NS_PER_TICK 10000000 /* USER_HZ is 100 */
#define MOST_LEVELS 32

struct subject {
	struct task_struct *task;
	struct acg_run *run;
	__u32 level;   /* of the container's pid namespace */
	__u32 is_root; /* the container's init, with which the run begins */
};

/* The process's pid in the namespace at `level`; 0 if it is in none there. */
static __u32 number_at(struct task_struct *leader, __u32 level)
{
	struct pid *pid = BPF_CORE_READ(leader, thread_pid);

	if (!pid || BPF_CORE_READ(pid, level) < level)
		return 0;
	return upid_at(pid, level).nr;
}

/* False if it belongs to no run. Namespaces can be nested, and the container's is nearly always the innermost. */
static int find_run(struct subject *subject, struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
	__u32 level = pid ? BPF_CORE_READ(pid, level) : 0;

	for (__u32 step = 0; step < MOST_LEVELS && level > 0; step++, level--) {
		struct upid at = upid_at(pid, level);
		__u32 namespace = BPF_CORE_READ(at.ns, ns.inum);

		subject->run = bpf_map_lookup_elem(&acg_runs, &namespace);
		if (subject->run) {
			subject->task = task;
			subject->level = level;
			subject->is_root = at.nr == 1;
			return 1;
		}
	}
	return 0;
}

/* How deep the reader's pid namespace is: one of those that the task is in. */
static __u32 reader_level(struct acg_run *run, struct pid *pid, __u32 most)
{
	if (run->reader_level != ACG_LEVEL_UNKNOWN)
		return run->reader_level;
	for (__u32 level = 0; level < MOST_LEVELS && level <= most; level++) {
		struct upid at = upid_at(pid, level);

		if (BPF_CORE_READ(at.ns, ns.inum) == run->reader_namespace) {
			run->reader_level = level;
			return level;
		}
	}
	return 0;
}

/* A process's pid as the reader sees it in /proc. */
static __u32 pid_for(const struct subject *subject, struct task_struct *leader)
{
	struct pid *pid = BPF_CORE_READ(leader, thread_pid);

	return pid ? upid_at(pid, reader_level(subject->run, pid, BPF_CORE_READ(pid, level))).nr : 0;
}

static __u64 start_ticks(struct task_struct *leader)
{
	return BPF_CORE_READ(leader, start_boottime) / NS_PER_TICK;
}

/* Who is not in the container is no parent that counts. */
static struct task_struct *inside(const struct subject *subject, struct task_struct *leader)
{
	return number_at(leader, subject->level) ? leader : NULL;
}

#endif
