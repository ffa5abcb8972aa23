/*
 * To move a process into another cgroup costs a grace period of the kernel, some 10 ms, in which nothing happens
 * (cgroup_threadgroup_rwsem in kernel/cgroup/cgroup.c). Whoever moves one just after somebody else need not wait for another. So while
 * the other side still decides where a held process belongs, a thread begins one, by a move that is refused.
 */
#ifndef MOVES_H
#define MOVES_H

#include <sys/types.h>

/* Starts the thread, which is there until acg ends. `procs` is the open cgroup.procs of a cgroup with controllers for
 * those below it, into which no process, and so not `pid`, can be moved. Returns 0, or -errno. */
int acg_expect_moves(int procs, pid_t pid);
/* A move is likely to follow. Does not wait; does nothing where none was to be expected. */
void begin_move(void);

#endif
