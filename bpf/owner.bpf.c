/*
 * Tells whose a process is: who owns the user namespace that it lives in, and its pid namespace. /proc shows that to nobody but those who
 * may trace the process, a power that acg's daemon is better off without.
 *
 * It runs for one process at a time, the one that the reader's pidfd names (bpf_iter_link_info.task.pid_fd).
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "acg.h"
#include "upid.bpf.h"

SEC("iter/task")
int acg_owner_of(struct bpf_iter__task *context)
{
	struct task_struct *task = context->task;
	struct acg_owner owner = {};

	/* NULL comes after the last one. The threads of a process come too. */
	if (!task || task->pid != task->tgid)
		return 0;
	owner.uid = BPF_CORE_READ(task, real_cred, user_ns, owner.val);
	owner.level = BPF_CORE_READ(task, real_cred, user_ns, level);
	/* An ended process has none. */
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	if (!pid)
		return 0;
	owner.pid_level = BPF_CORE_READ(pid, level);
	struct upid at = upid_at(pid, owner.pid_level);
	owner.pid_namespace = BPF_CORE_READ(at.ns, ns.inum);
	owner.pid_uid = BPF_CORE_READ(at.ns, user_ns, owner.val);
	owner.pid_user_level = BPF_CORE_READ(at.ns, user_ns, level);
	bpf_seq_write(context->meta->seq, &owner, sizeof owner);
	return 0;
}
