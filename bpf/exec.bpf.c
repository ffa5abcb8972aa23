/*
 * Tells of every process of a run: when it is forked, what it executes, how it ends.
 *
 * A run begins with one process, its root, which the loader marks in `acg_members`. Marks live with the tasks (task
 * storage): a child inherits its parent's, and a mark goes with its task, so that nothing is left to clear up
 * and no pid can be mistaken for another. What is not marked costs one look-up.
 *
 *   root (init) ── agent ── bash -c … ── make ── cc      depth 0 1 2 3 4
 *
 * Each run has a ring of its own, found by the run's number in `acg_rings`. Who reads it needs that ring and nothing
 * else: no privilege, and no other run's events come into it.
 *
 * Every program is there twice, since a tracepoint may be preempted (from 7.x on): the kernel runs no program a second
 * time on one CPU before the first has ended, and skips it without a word. A task that is preempted in the one copy
 * leaves the other to those who come after it; who finds his event told does nothing.
 *
 * maps.bpf.h has what is kept, ring.bpf.h who is woken and when, text.bpf.h what is read of an exec.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "acg.h"
#include "maps.bpf.h"
#include "ring.bpf.h"
#include "text.bpf.h"

#define NS_PER_TICK 10000000 /* USER_HZ is 100 */
#define SIGNAL_GROUP_EXIT 0x4
#define MOST_LEVELS 32

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* How deep the reader's pid namespace is: one of those that the task is in. */
static __u32 reader_level(struct acg_run *run, struct pid *pid)
{
	struct upid *numbers = __builtin_preserve_access_index(&pid->numbers[0]);
	__u32 own = pid->level;

	if (run->pid_level != ACG_LEVEL_UNKNOWN)
		return run->pid_level;
	for (__u32 level = 0; level < MOST_LEVELS && level <= own; level++) {
		struct upid at;

		bpf_probe_read_kernel(&at, sizeof at, numbers + level);
		if (BPF_CORE_READ(at.ns, ns.inum) == run->pid_namespace) {
			run->pid_level = level;
			return level;
		}
	}
	return 0;
}

/* The process's pid as its reader sees it in /proc. */
static __u32 pid_for(struct acg_run *run, struct task_struct *leader)
{
	struct pid *pid = leader->thread_pid;
	struct upid at = {};

	if (!pid)
		return 0;
	struct upid *numbers = __builtin_preserve_access_index(&pid->numbers[0]);
	bpf_probe_read_kernel(&at, sizeof at, numbers + reader_level(run, pid));
	return at.nr;
}

static __u64 start_ticks(struct task_struct *leader)
{
	return leader->start_boottime / NS_PER_TICK;
}

static void begin(struct acg_event *event, struct acg_run *run, struct task_struct *task, __u16 kind, __u16 flags)
{
	struct task_struct *leader = task->group_leader;

	event->time_ns = bpf_ktime_get_ns();
	event->start_ticks = start_ticks(leader);
	event->pid = pid_for(run, leader);
	event->kind = kind;
	event->flags = flags;
}

/* Marks a child as its parent's. Returns null where there is no memory for it, which is counted. */
static struct acg_member *mark_child(struct acg_member *parent, struct task_struct *child, int is_thread)
{
	struct acg_member inherited = {
		.run = parent->run,
		.depth = parent->depth + (is_thread ? 0 : parent->has_execed),
		.has_execed = is_thread ? parent->has_execed : 0,
		.is_root = is_thread ? parent->is_root : 0,
	};
	struct acg_member *own =
		bpf_task_storage_get(&acg_members, child, &inherited, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!own) {
		struct acg_losses *losses = losses_of(parent->run);
		if (losses)
			__sync_fetch_and_add(&losses->processes, 1);
	}
	return own;
}

static void forked(struct task_struct *parent, struct task_struct *child, enum copy copy)
{
	struct acg_member *mark = bpf_task_storage_get(&acg_members, parent, NULL, 0);

	if (!mark)
		return;
	__u32 number = mark->run;
	struct acg_run *run = bpf_map_lookup_elem(&acg_runs, &number);
	if (!run)
		return;
	if (copy == SECOND && bpf_task_storage_get(&acg_members, child, NULL, 0))
		return;

	/* A thread is marked too: it may fork, and by execve() become the process. */
	int is_thread = child->tgid == parent->tgid;
	struct acg_member *own = mark_child(mark, child, is_thread);
	if (!own || is_thread)
		return;

	struct acg_fork fork = {};
	begin(&fork.event, run, child, ACG_FORK, mark->is_root ? ACG_OF_ROOT : 0);
	fork.parent_pid = pid_for(run, parent->group_leader);
	fork.parent_start_ticks = start_ticks(parent->group_leader);
	tell(run, own, &fork.event, sizeof fork);
}

static void execed(struct task_struct *task, struct linux_binprm *binary, enum copy copy)
{
	struct task_struct *parent = task->real_parent;
	struct acg_member *mark = bpf_task_storage_get(&acg_members, task, NULL, 0);
	__u32 own_draft = copy;

	if (!mark) {
		/* Its fork went unseen, or it is none of ours. */
		struct acg_member *of_parent = bpf_task_storage_get(&acg_members, parent, NULL, 0);
		if (of_parent)
			mark = mark_child(of_parent, task, 0);
	}
	if (!mark || mark->is_root || mark->told_exec == (__u32)task->self_exec_id)
		return;
	__u32 number = mark->run;
	struct acg_run *run = bpf_map_lookup_elem(&acg_runs, &number);
	struct draft *draft = bpf_map_lookup_elem(&acg_drafts, &own_draft);
	if (!run || !draft)
		return;

	struct acg_exec *exec = &draft->exec;
	begin(&exec->event, run, task, ACG_EXEC, 0);
	exec->parent_pid = pid_for(run, parent->group_leader);
	exec->parent_start_ticks = start_ticks(parent->group_leader);
	exec->stdin_pipe = pipe_at(task, 0);
	exec->stdout_pipe = pipe_at(task, 1);
	write_text(draft, task, binary);

	mark->has_execed = 1;
	mark->told_exec = task->self_exec_id;
	__u32 bytes = sizeof *exec + exec->file_bytes + exec->argv_bytes + exec->cwd_bytes;
	tell(run, mark, &exec->event, at_most(sizeof *draft, bytes));
}

static void exited(struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;
	struct acg_member *mark = bpf_task_storage_get(&acg_members, leader, NULL, 0);

	/* A process ends with the last of its threads. Of two that end at once, one tells. */
	if (!mark || task->signal->live.counter != 0)
		return;
	if (__sync_val_compare_and_swap(&mark->has_ended, 0, 1) != 0)
		return;
	__u32 number = mark->run;
	struct acg_run *run = bpf_map_lookup_elem(&acg_runs, &number);
	if (!run)
		return;

	struct acg_exit exit = {};
	begin(&exit.event, run, task, ACG_EXIT, mark->is_root ? ACG_OF_ROOT : 0);
	exit.status = task->signal->flags & SIGNAL_GROUP_EXIT ? task->signal->group_exit_code : leader->exit_code;
	tell(run, mark, &exit.event, sizeof exit);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(acg_on_fork, struct task_struct *parent, struct task_struct *child)
{
	forked(parent, child, FIRST);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(acg_on_fork_2, struct task_struct *parent, struct task_struct *child)
{
	forked(parent, child, SECOND);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(acg_on_exec, struct task_struct *task, int old_pid, struct linux_binprm *binary)
{
	execed(task, binary, FIRST);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(acg_on_exec_2, struct task_struct *task, int old_pid, struct linux_binprm *binary)
{
	execed(task, binary, SECOND);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(acg_on_exit, struct task_struct *task)
{
	exited(task);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(acg_on_exit_2, struct task_struct *task)
{
	exited(task);
	return 0;
}
