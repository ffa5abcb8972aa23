/* What the programs keep, and what others put there for them. */
#ifndef ACG_MAPS_BPF_H
#define ACG_MAPS_BPF_H

/* Of each program (exec.bpf.c says why). */
#define COPIES 4

/* A run that is made ahead is in these, and not yet in acg_runs. */
#define MOST_RINGS (ACG_MOST_RUNS + 1)

/* By the inode number of the container's pid namespace. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ACG_MOST_RUNS);
	__type(key, __u32);
	__type(value, struct acg_run);
} acg_runs SEC(".maps");

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, MOST_RINGS);
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
	__uint(max_entries, MOST_RINGS);
	__type(key, __u32);
	__array(values, struct losses);
} acg_run_losses SEC(".maps");

/* Too large for a program's stack. Each copy has its own. */
struct draft {
	struct acg_exec exec;
	char text[4 * ACG_TEXT_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, COPIES);
	__type(key, __u32);
	__type(value, struct draft);
} acg_drafts SEC(".maps");

/* What was told last on this CPU, so that the other copies need not. */
struct told {
	struct task_struct *task;
	__u64 started_ns;
	__u32 kind;
	__u32 number;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct told);
} acg_told SEC(".maps");

/* For the BTF alone, which keeps no type that only functions use: libbpf passes a section of this name over. */
struct {
	struct acg_event event;
	struct acg_fork fork;
	struct acg_exec exec;
	struct acg_exit exit;
	struct acg_run run;
	struct acg_losses losses;
	struct acg_owner owner;
	struct acg_kin kin;
	struct acg_chain chain;
	struct acg_asked asked;
	enum acg_chain_end chain_end;
	enum acg_kind kind;
	enum acg_flag flag;
} layouts SEC("contract");

#endif
