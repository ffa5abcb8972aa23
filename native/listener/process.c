#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SMALL_FILE_BYTES = 4096, FIRST_FIELD_AFTER_NAME = 3, LAST_FIELD = 52 };

/* A file of /proc/PID with an end mark; its length, or -1. */
static ssize_t read_file(pid_t pid, const char *name, char *text)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return -1;
	ssize_t got = read(file, text, SMALL_FILE_BYTES - 1);
	close(file);
	if (got >= 0)
		text[got] = '\0';
	return got;
}

bool read_stat(pid_t pid, struct process_stat *stat)
{
	char text[SMALL_FILE_BYTES];
	uint64_t field[LAST_FIELD + 1] = {0};

	errno = ESRCH;
	if (read_file(pid, "stat", text) <= 0)
		return false;
	/* The second field may hold anything, parentheses and spaces too. */
	char *at = strrchr(text, ')');
	if (!at || at[1] != ' ' || at[2] == '\0')
		return false;
	at += 2;
	stat->state = *at++;
	for (int number = FIRST_FIELD_AFTER_NAME + 1; number <= LAST_FIELD && *at; number++)
		field[number] = strtoull(at, &at, 10);
	stat->pid = pid;
	stat->parent = (pid_t)field[4];
	stat->group = (pid_t)field[5];
	stat->session = (pid_t)field[6];
	stat->start_ticks = field[22];
	stat->exit_status = (int)field[52];
	return true;
}

bool is_ended(const struct process_stat *stat)
{
	return stat->state == 'Z' || stat->state == 'X';
}

/* linux/pidfd.h, of which older systems have less. */
struct exit_info {
	uint64_t mask;
	char between[52];
	int32_t status;
};
_Static_assert(sizeof(struct exit_info) == 64, "struct pidfd_info, version 0");
#define PIDFD_GET_INFO _IOWR(0xff, 11, struct exit_info)
#define PIDFD_INFO_EXIT (1 << 3)

bool read_status(int pidfd, int *status)
{
	struct exit_info info = {.mask = PIDFD_INFO_EXIT};

	if (ioctl(pidfd, PIDFD_GET_INFO, &info) < 0 || !(info.mask & PIDFD_INFO_EXIT))
		return false;
	*status = info.status;
	return true;
}

int open_process(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

int duplicate_from(pid_t pid, int descriptor)
{
	int pidfd = open_process(pid);

	if (pidfd < 0)
		return -1;
	int duplicate = (int)syscall(SYS_pidfd_getfd, pidfd, descriptor, 0);
	close(pidfd);
	return duplicate;
}

pid_t process_of(pid_t thread)
{
	char text[SMALL_FILE_BYTES];
	int pidfd = open_process(thread);

	/* Nearly always they are the same, and a pidfd is had sooner than a file of /proc. */
	if (pidfd >= 0) {
		close(pidfd);
		return thread;
	}

	if (read_file(thread, "status", text) <= 0)
		return thread;
	const char *line = strstr(text, "\nTgid:");
	return line ? (pid_t)strtol(line + strlen("\nTgid:"), NULL, 10) : thread;
}

bool is_in_cgroup(pid_t pid, const char *text)
{
	char own[SMALL_FILE_BYTES];

	return read_file(pid, "cgroup", own) > 0 && strstr(own, text) != NULL;
}

ssize_t read_process_link(pid_t pid, const char *name, char *target, size_t bytes)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	return readlink(path, target, bytes);
}

uint64_t pipe_on(pid_t pid, int descriptor)
{
	char name[32], target[64];

	snprintf(name, sizeof name, "fd/%d", descriptor);
	ssize_t length = read_process_link(pid, name, target, sizeof target - 1);
	if (length < 0)
		return 0;
	target[length] = '\0';
	return strncmp(target, "pipe:[", 6) == 0 ? strtoull(target + 6, NULL, 10) : 0;
}
