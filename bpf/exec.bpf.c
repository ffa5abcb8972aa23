/*
 * Tells of every process of a run: when it is forked, what it executes, how it ends.
 *
 * A run is a pid namespace that the loader has put into `acg_runs` (subject.bpf.h): a container's, whose first process
 * is the run's root.
 *
 *   root (init) ── agent ── bash -c … ── make ── cc      depth 0 1 2 3 4
 *
 * Each run has a ring of its own, found by the run's number in `acg_rings`. Who reads it needs that ring and nothing
 * else: no privilege, and no other run's events come into it.
 *
 * Every program is there several times, since a tracepoint may be preempted (from 7.x on): the kernel runs no program a
 * second time on one CPU before the first has ended, and skips it without a word. A task that is preempted in one copy
 * leaves the next to those who come after it. Where a tracepoint cannot be preempted the loader leaves out all but the
 * first. What two tell, because somebody else was told of in between, the reader takes for one.
 *
 * maps.bpf.h has what is kept, ring.bpf.h who is woken and when, text.bpf.h what is read of an exec.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "acg.h"
#include "maps.bpf.h"
#include "subject.bpf.h"
#include "ring.bpf.h"
#include "text.bpf.h"

#define SIGNAL_GROUP_EXIT 0x4

static void begin(struct acg_event *event, const struct subject *subject, __u16 kind, __u16 flags)
{
	struct task_struct *leader = subject->task->group_leader;

	event->time_ns = bpf_ktime_get_ns();
	event->start_ticks = start_ticks(leader);
	event->pid = pid_for(subject, leader);
	event->kind = kind;
	event->flags = flags;
}

/* What is told by the copies of one program. A task's address alone may be that of one that is gone. */
static struct told identify(struct task_struct *task, __u32 kind, __u32 number)
{
	return (struct told){.task = task, .started_ns = task->start_boottime, .kind = kind, .number = number};
}

static struct told *last_told(void)
{
	__u32 only = 0;

	return bpf_map_lookup_elem(&acg_told, &only);
}

/* Whether another copy has told this, as the last that was told on this CPU. */
static int is_told(const struct told *this)
{
	struct told *last = last_told();

	return last && last->task == this->task && last->started_ns == this->started_ns && last->kind == this->kind &&
	       last->number == this->number;
}

static void remember(const struct told *this)
{
	struct told *last = last_told();

	if (last)
		*last = *this;
}

static void forked(struct task_struct *parent, struct task_struct *child)
{
	struct subject subject;

	/* A thread is no process. */
	if (child->pid != child->tgid)
		return;
	struct told this = identify(child, ACG_FORK, 0);
	if (is_told(&this) || !find_run(&subject, child))
		return;
	remember(&this);

	struct task_struct *from = inside(&subject, parent->group_leader);
	struct acg_fork fork = {};
	begin(&fork.event, &subject, ACG_FORK, from && number_at(from, subject.level) == 1 ? ACG_OF_ROOT : 0);
	if (from) {
		fork.parent_pid = pid_for(&subject, from);
		fork.parent_start_ticks = start_ticks(from);
	}
	tell(&subject, &fork.event, sizeof fork);
}

static void execed(struct task_struct *task, struct linux_binprm *binary, __u32 copy)
{
	struct subject subject;
	__u32 number = task->self_exec_id;
	struct told this = identify(task, ACG_EXEC, number);

	if (is_told(&this) || !find_run(&subject, task) || subject.is_root)
		return;
	struct draft *draft = bpf_map_lookup_elem(&acg_drafts, &copy);
	if (!draft)
		return;
	remember(&this);

	struct acg_exec *exec = &draft->exec;
	struct task_struct *parent = inside(&subject, task->real_parent->group_leader);
	begin(&exec->event, &subject, ACG_EXEC, 0);
	exec->parent_pid = parent ? pid_for(&subject, parent) : 0;
	exec->parent_start_ticks = parent ? start_ticks(parent) : 0;
	exec->number = number;
	exec->stdin_pipe = pipe_at(task, 0);
	exec->stdout_pipe = pipe_at(task, 1);
	write_text(draft, task, binary);

	__u32 bytes = sizeof *exec + exec->file_bytes + exec->argv_bytes + exec->cwd_bytes;
	tell(&subject, &exec->event, at_most(sizeof *draft, bytes));
}

static void exited(struct task_struct *task)
{
	struct subject subject;

	/* A process ends with the last of its threads. If two end at once both tell, and the reader hears one. */
	if (task->signal->live.counter != 0)
		return;
	struct told this = identify(task, ACG_EXIT, 0);
	if (is_told(&this) || !find_run(&subject, task))
		return;
	remember(&this);

	struct acg_exit exit = {};
	begin(&exit.event, &subject, ACG_EXIT, subject.is_root ? ACG_OF_ROOT : 0);
	exit.status = task->signal->flags & SIGNAL_GROUP_EXIT ? task->signal->group_exit_code :
								task->group_leader->exit_code;
	tell(&subject, &exit.event, sizeof exit);
}

/*
 * What a tracepoint gives the verifier trusts, and for each pointer that is read through it, it looks by name whether that
 * is to be trusted too, among all types of the kernel: more than half of the time of a load. typed() it is not trusted.
 */
#define TASK(task) typed(struct task_struct, task)

#define COPY(n)                                                                                        \
	SEC("tp_btf/sched_process_fork")                                                               \
	int BPF_PROG(acg_on_fork_##n, struct task_struct *parent, struct task_struct *child)           \
	{                                                                                              \
		forked(TASK(parent), TASK(child));                                                     \
		return 0;                                                                              \
	}                                                                                              \
	SEC("tp_btf/sched_process_exec")                                                               \
	int BPF_PROG(acg_on_exec_##n, struct task_struct *task, int pid, struct linux_binprm *binary)  \
	{                                                                                              \
		execed(TASK(task), typed(struct linux_binprm, binary), n - 1);                         \
		return 0;                                                                              \
	}                                                                                              \
	SEC("tp_btf/sched_process_exit")                                                               \
	int BPF_PROG(acg_on_exit_##n, struct task_struct *task)                                        \
	{                                                                                              \
		exited(TASK(task));                                                                    \
		return 0;                                                                              \
	}

COPY(1)
COPY(2)
COPY(3)
COPY(4)
