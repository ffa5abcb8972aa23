/* A process's number in one of the pid namespaces that it is in. */
#ifndef ACG_UPID_BPF_H
#define ACG_UPID_BPF_H

static struct upid upid_at(struct pid *pid, __u32 level)
{
	struct upid *numbers = __builtin_preserve_access_index(&pid->numbers[0]);
	struct upid at = {};

	bpf_probe_read_kernel(&at, sizeof at, numbers + level);
	return at;
}

#endif
