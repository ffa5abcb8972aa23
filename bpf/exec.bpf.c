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
 * To wake the reader costs four times as much as an event. So only what is near the agent wakes it: the start
 * and the end of calls, down to the run's wake_depth. The rest rides along, or wakes it when it has slept for
 * RIDE_ALONG_NS. A burst of calls wakes it WAKE_BURST times, then once in WAKE_GAP_NS.
 *
 * Accepted: last_wake_ns and wakes_paid_until_ns are written without a lock. Two CPUs that race wake once too
 * often, or leave an event to the reader's own look, which comes after RIDE_ALONG_NS at the latest.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "acg.h"

#define WAKE_GAP_NS 5000000ULL
#define WAKE_BURST 8
#define RIDE_ALONG_NS 20000000ULL

#define NS_PER_TICK 10000000 /* USER_HZ is 100 */
#define SIGNAL_GROUP_EXIT 0x4
#define PIPEFS_MAGIC 0x50495045
#define MOST_STEPS 128
#define PART_BYTES 256
#define MOST_LEVELS 32

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct acg_member);
} acg_members SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct acg_run);
} acg_runs SEC(".maps");

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__array(values, struct ring);
} acg_rings SEC(".maps");

/* An array of its own for each run, so that its reader can map it and see no other's. */
struct losses {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct acg_losses);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__array(values, struct losses);
} acg_run_losses SEC(".maps");

/* Too large for a program's stack. */
struct draft {
	struct acg_exec exec;
	char text[4 * ACG_TEXT_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct draft);
} acg_drafts SEC(".maps");

/* For the BTF alone, which keeps no type that only functions use: libbpf passes a section of this name over. */
struct {
	struct acg_event event;
	struct acg_fork fork;
	struct acg_exec exec;
	struct acg_exit exit;
	struct acg_run run;
	struct acg_member member;
	struct acg_losses losses;
	enum acg_kind kind;
	enum acg_flag flag;
} layouts SEC("contract");

static struct acg_losses *losses_of(__u32 number)
{
	__u32 first = 0;
	void *losses = bpf_map_lookup_elem(&acg_run_losses, &number);

	return losses ? bpf_map_lookup_elem(losses, &first) : NULL;
}

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

SEC("tp_btf/sched_process_fork")
int BPF_PROG(acg_on_fork, struct task_struct *parent, struct task_struct *child)
{
	struct acg_member *mark = bpf_task_storage_get(&acg_members, parent, NULL, 0);

	if (!mark)
		return 0;
	__u32 number = mark->run;
	struct acg_run *run = bpf_map_lookup_elem(&acg_runs, &number);
	if (!run)
		return 0;

	int is_thread = child->tgid == parent->tgid;
	struct acg_member inherited = {
		.run = number,
		.depth = mark->depth + (is_thread ? 0 : mark->has_execed),
		.has_execed = is_thread ? mark->has_execed : 0,
		.is_root = is_thread ? mark->is_root : 0,
	};
	/* A thread is marked too: it may fork, and by execve() become the process. */
	struct acg_member *own =
		bpf_task_storage_get(&acg_members, child, &inherited, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!own) {
		struct acg_losses *losses = losses_of(number);
		if (losses)
			__sync_fetch_and_add(&losses->processes, 1);
		return 0;
	}
	if (is_thread)
		return 0;

	struct acg_fork fork = {};
	begin(&fork.event, run, child, ACG_FORK, mark->is_root ? ACG_OF_ROOT : 0);
	fork.parent_pid = pid_for(run, parent->group_leader);
	fork.parent_start_ticks = start_ticks(parent->group_leader);
	tell(run, own, &fork.event, sizeof fork);
	return 0;
}

static __u64 pipe_at(struct task_struct *task, __u32 descriptor)
{
	struct fdtable *table = task->files->fdt;
	struct file *file = NULL;

	if (table->max_fds <= descriptor)
		return 0;
	bpf_core_read(&file, sizeof file, table->fd + descriptor);
	if (!file || BPF_CORE_READ(file, f_inode, i_sb, s_magic) != PIPEFS_MAGIC)
		return 0;
	return BPF_CORE_READ(file, f_inode, i_ino);
}

struct walk {
	struct draft *draft;
	struct dentry *entry;
	struct mount *mount;
	__u32 at;
	__u32 is_whole;
};

/* One step towards the root: out of a mount, or a part of the path. */
static long step_up(__u32 index, struct walk *walk)
{
	struct dentry *entry = walk->entry;
	struct mount *mount = walk->mount;
	struct dentry *parent = BPF_CORE_READ(entry, d_parent);

	if (entry == BPF_CORE_READ(mount, mnt.mnt_root) || entry == parent) {
		walk->mount = BPF_CORE_READ(mount, mnt_parent);
		walk->entry = BPF_CORE_READ(mount, mnt_mountpoint);
		walk->is_whole = walk->mount == mount;
		return walk->is_whole;
	}
	__u32 at = walk->at;
	if (at > sizeof walk->draft->text - PART_BYTES)
		return 1;
	const unsigned char *name = BPF_CORE_READ(entry, d_name.name);
	long bytes = bpf_probe_read_kernel_str(walk->draft->text + at, PART_BYTES, name);
	if (bytes <= 0)
		return 1;
	walk->at = at + bytes;
	walk->entry = parent;
	return 0;
}

/* Writes the parts of the working folder's path at `at`, the last one first. Returns where it ends. */
static __u32 write_cwd(struct draft *draft, struct task_struct *task, __u32 at)
{
	void *mount = BPF_CORE_READ(task, fs, pwd.mnt);
	struct walk walk = {
		.draft = draft,
		.entry = BPF_CORE_READ(task, fs, pwd.dentry),
		.mount = mount - bpf_core_field_offset(struct mount, mnt),
		.at = at,
	};

	bpf_loop(MOST_STEPS, step_up, &walk, 0);
	if (walk.is_whole)
		return walk.at;
	draft->exec.event.flags |= ACG_NO_CWD;
	return at;
}

/* The barrier keeps clang from proving the check needless, which the verifier would not follow. */
static __u32 at_most(__u32 most, __u64 value)
{
	barrier_var(value);
	return value > most ? most : value;
}

static void write_text(struct draft *draft, struct task_struct *task, struct linux_binprm *binary)
{
	struct acg_exec *exec = &draft->exec;
	const char *file = BPF_CORE_READ(binary, filename);

	if (file != BPF_CORE_READ(binary, interp))
		exec->event.flags |= ACG_SCRIPT;
	long bytes = bpf_probe_read_kernel_str(draft->text, ACG_TEXT_BYTES, file);
	if (bytes == ACG_TEXT_BYTES)
		exec->event.flags |= ACG_FILE_CUT;
	__u32 at = at_most(ACG_TEXT_BYTES, bytes > 0 ? bytes : 0);
	exec->file_bytes = at;

	__u64 start = BPF_CORE_READ(task, mm, arg_start);
	__u64 words = BPF_CORE_READ(task, mm, arg_end) - start;
	if (words > ACG_TEXT_BYTES)
		exec->event.flags |= ACG_ARGV_CUT;
	__u32 kept = at_most(ACG_TEXT_BYTES, words);
	if (bpf_probe_read_user(draft->text + at, kept, (void *)start) != 0)
		kept = 0;
	exec->argv_bytes = kept;
	at += kept;

	exec->cwd_bytes = write_cwd(draft, task, at) - at;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(acg_on_exec, struct task_struct *task, int old_pid, struct linux_binprm *binary)
{
	struct acg_member *mark = bpf_task_storage_get(&acg_members, task, NULL, 0);
	__u32 first = 0;

	if (!mark || mark->is_root)
		return 0;
	__u32 number = mark->run;
	struct acg_run *run = bpf_map_lookup_elem(&acg_runs, &number);
	struct draft *draft = bpf_map_lookup_elem(&acg_drafts, &first);
	if (!run || !draft)
		return 0;

	struct acg_exec *exec = &draft->exec;
	struct task_struct *parent = task->real_parent->group_leader;
	begin(&exec->event, run, task, ACG_EXEC, 0);
	exec->parent_pid = pid_for(run, parent);
	exec->parent_start_ticks = start_ticks(parent);
	exec->stdin_pipe = pipe_at(task, 0);
	exec->stdout_pipe = pipe_at(task, 1);
	write_text(draft, task, binary);

	mark->has_execed = 1;
	__u32 bytes = sizeof *exec + exec->file_bytes + exec->argv_bytes + exec->cwd_bytes;
	tell(run, mark, &exec->event, at_most(sizeof *draft, bytes));
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(acg_on_exit, struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;
	struct acg_member *mark = bpf_task_storage_get(&acg_members, leader, NULL, 0);

	/* A process ends with the last of its threads. Of two that end at once, one tells. */
	if (!mark || task->signal->live.counter != 0)
		return 0;
	if (__sync_val_compare_and_swap(&mark->has_ended, 0, 1) != 0)
		return 0;
	__u32 number = mark->run;
	struct acg_run *run = bpf_map_lookup_elem(&acg_runs, &number);
	if (!run)
		return 0;

	struct acg_exit exit = {};
	begin(&exit.event, run, task, ACG_EXIT, mark->is_root ? ACG_OF_ROOT : 0);
	exit.status = task->signal->flags & SIGNAL_GROUP_EXIT ? task->signal->group_exit_code : leader->exit_code;
	tell(run, mark, &exit.event, sizeof exit);
	return 0;
}
