/* A process's number in one of the pid namespaces that it is in. */
#ifndef ACG_UPID_BPF_H
#define ACG_UPID_BPF_H

extern void *bpf_rdonly_cast(const void *object, __u32 type) __ksym;

/* What a pointer that was read points to: to be read by loads, which cost less than calls. Zero, where it is wrong. */
#define as(type, pointer) ((type *)bpf_rdonly_cast(pointer, bpf_core_type_id_kernel(type)))

static struct upid upid_at(struct pid *pid, __u32 level)
{
	struct upid *numbers = __builtin_preserve_access_index(&pid->numbers[0]);
	struct upid at = {};

	bpf_probe_read_kernel(&at, sizeof at, numbers + level);
	return at;
}

#endif
