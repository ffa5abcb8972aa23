/*
 * listener: answers a container's seccomp notifications, in a thread of acg's own process.
 *
 * Each exec in the container stands still until it is answered, so it is answered here, in some microseconds unless it
 * moves into a cgroup, and not where acg's JavaScript runs. Nothing here decides: what can be read of who waits is read,
 * it is let go on, and what was read is told over a socket, as bpf/acg.h lays it out. What is made of it is the other
 * side's (cli/watch/seccomp), at times beforehand (foreseen.c). What a process has in its memory can be changed by what
 * shares it: this places and times.
 *
 *   listener.c  who is ready: the OCI runtime, a waiting system call, an ended process, the other side
 *   exec.c      what an exec is about        memory.c   strings out of a waiting process
 *   program.c   the file that it will run    calls.c    which system call it is
 *   kin.c       who its unknown ancestors are          process.c   /proc/PID
 *   report.c    what is told, and when                 moves.c     what makes a move into a cgroup quick
 *   foreseen.c  the call whose leaf stands ready
 */
#ifndef LISTENER_H
#define LISTENER_H

#include <linux/types.h>

/*
 * Starts the thread. `socket`, which it takes over, listens where the OCI runtime connects. With `call_leaf`, an exec
 * is held until the other side lets it go, unless the process's cgroup is one that the text is part of, or it was
 * foreseen. Returns the other side's end of a stream socket, or -errno. The thread ends, and closes its end of it, when
 * something is written there and every end of a process has been told; or by itself, when acg runs out of descriptors or
 * memory. Who waits then goes on waiting.
 */
int acg_listen(int socket, const char *call_leaf);

/* Lets who is held go on, from another thread. Returns 0, or -errno: -ENOENT if it no longer waits. */
int acg_let_go(int notifications, __u64 id);

#endif
