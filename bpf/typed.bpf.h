/*
 * Reads the kernel's memory by loads, which cost less than a call of bpf_probe_read_kernel() for each. What is read
 * through a pointer that points nowhere is 0. From Linux 6.2 on.
 */
#ifndef ACG_TYPED_BPF_H
#define ACG_TYPED_BPF_H

extern void *bpf_rdonly_cast(const void *object, __u32 type) __ksym;

/* A pointer as one that the verifier knows to point to such a type, and to be read alone. */
#define typed(type, pointer) ((type *)bpf_rdonly_cast(pointer, bpf_core_type_id_kernel(type)))

#endif
