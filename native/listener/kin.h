/*
 * Who a process descends from, as far as that has not been told yet. seccomp tells of execs, not of forks: when a
 * process asks, its parents are asked of /proc, up to one that is known.
 */
#ifndef KIN_H
#define KIN_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "../../bpf/acg.h"

enum { MOST_GENERATIONS = 1000 };

struct chain {
	size_t count;
	enum acg_chain_end end;
	struct acg_kin of[MOST_GENERATIONS]; /* who asks comes first */
	__u64 asker_start_ticks;
};

/* Whose child it was when it was first seen, if that one is known; and whether an exec of it has been told. */
struct descent {
	pid_t parent; /* 0: not known */
	__u64 parent_start_ticks;
	bool has_execed;
};

/* False if the process is gone, or it cannot be asked: errno. `root` is the container's init. */
bool find_chain(pid_t pid, pid_t root, struct chain *chain);
/* From now on it is known; by its pidfd, for as long as that is open, without asking /proc. -1: there is none. */
void know(const struct acg_kin *kin, int pidfd);
/* Of one that is known. */
void find_descent(pid_t pid, struct descent *descent);
/* An exec of it is about to be told. */
void has_execed(pid_t pid);
/* Its pidfd is about to be closed. */
void has_ended(pid_t pid, __u64 start_ticks);

#endif
