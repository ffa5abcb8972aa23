/* What /proc/PID says of a process. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* proc_pid_stat(5) */
struct process_stat {
	pid_t pid, parent, group, session;
	uint64_t start_ticks;
	int exit_status; /* once it has ended, where one may know it */
	char state;
};

/* Whether it has ended and is still there: a zombie, or one that its parent is reaping just now. */
bool is_ended(const struct process_stat *stat);

/* All false, or -1, if the process is gone; errno says if it was not that. */
bool read_stat(pid_t pid, struct process_stat *stat);
/* The wait status of an ended and reaped process; false before Linux 6.15, which does not tell. */
bool read_status(int pidfd, int *status);
/* A pidfd; -1 if the process is gone, or it is a thread. */
int open_process(pid_t pid);
/* A duplicate of a process's descriptor, -1 if there is none to be had. */
int duplicate_from(pid_t pid, int descriptor);
/* The process of a thread; the thread's own number if that is gone. */
pid_t process_of(pid_t thread);
/* Whether the path of its cgroup has `text` in it. */
bool is_in_cgroup(pid_t pid, const char *text);
/* A link of /proc/PID, without an end mark; its length, or -1 with errno. */
ssize_t read_process_link(pid_t pid, const char *name, char *target, size_t bytes);
/* The inode number of the pipe on a descriptor; 0 if it is no pipe. */
uint64_t pipe_on(pid_t pid, int descriptor);

#endif
