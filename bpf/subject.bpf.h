/*
 * Whom an event is about, and to which run that belongs: the container's pid namespace says it, which every process of
 * the container is in from its fork to its end, whatever became of its parents. Nothing has to be kept for a process,
 * and what is in no pid namespace but the first costs two reads.
 */
#ifndef ACG_SUBJECT_BPF_H
#define ACG_SUBJECT_BPF_H

#include "maps.bpf.h"
#include "typed.bpf.h"
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
	struct pid *pid = leader->thread_pid;

	if (!pid || pid->level < level)
		return 0;
	return upid_at(pid, level).nr;
}

/* Searches among the pid namespaces of a process. As a bpf_loop() the verifier looks at one step, not at each. */
struct search {
	struct pid *pid;
	__u32 level;
	__u32 wanted; /* the inode number of the reader's */
	struct subject *subject;
};

static long is_level_of_run(__u32 step, struct search *search)
{
	__u32 level = search->level - step;
	struct upid at = upid_at(search->pid, level);
	__u32 namespace = typed(struct pid_namespace, at.ns)->ns.inum;
	struct acg_run *run = bpf_map_lookup_elem(&acg_runs, &namespace);

	if (!run)
		return 0;
	search->subject->run = run;
	search->subject->level = level;
	search->subject->is_root = at.nr == 1;
	return 1;
}

/* False if it belongs to no run. Namespaces can be nested, and the container's is nearly always the innermost. */
static int find_run(struct subject *subject, struct task_struct *task)
{
	struct pid *pid = task->group_leader->thread_pid;
	struct search search = {.pid = pid, .level = pid ? pid->level : 0, .subject = subject};

	subject->task = task;
	subject->run = NULL;
	if (search.level > 0 && search.level <= MOST_LEVELS)
		bpf_loop(search.level, is_level_of_run, &search, 0);
	return subject->run != NULL;
}

static long is_level_of_reader(__u32 level, struct search *search)
{
	struct upid at = upid_at(search->pid, level);

	if (typed(struct pid_namespace, at.ns)->ns.inum != search->wanted)
		return 0;
	search->level = level;
	return 1;
}

/* How deep the reader's pid namespace is: one of those that the task is in. */
static __u32 reader_level(struct acg_run *run, struct pid *pid)
{
	struct search search = {.pid = pid, .wanted = run->reader_namespace};

	if (run->reader_level == ACG_LEVEL_UNKNOWN) {
		bpf_loop(MOST_LEVELS < pid->level + 1 ? MOST_LEVELS : pid->level + 1, is_level_of_reader, &search, 0);
		run->reader_level = search.level;
	}
	return run->reader_level;
}

/* A process's pid as the reader sees it in /proc. */
static __u32 pid_for(const struct subject *subject, struct task_struct *leader)
{
	struct pid *pid = leader->thread_pid;

	return pid ? upid_at(pid, reader_level(subject->run, pid)).nr : 0;
}

static __u64 start_ticks(struct task_struct *leader)
{
	return leader->start_boottime / NS_PER_TICK;
}

/* Who is not in the container is no parent that counts. */
static struct task_struct *inside(const struct subject *subject, struct task_struct *leader)
{
	return number_at(leader, subject->level) ? leader : NULL;
}

#endif
