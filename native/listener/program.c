#define _GNU_SOURCE
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_folder(pid_t pid, const char *name)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* `found` is an O_PATH descriptor of a regular file: to read another kind could block. */
static size_t read_head(int found, char *head)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", found);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return 0;
	ssize_t got = pread(file, head, HEAD_BYTES, 0);
	close(file);
	return got > 0 ? (size_t)got : 0;
}

enum program find_program(pid_t pid, const char *file, char head[HEAD_BYTES], size_t *head_bytes)
{
	int is_absolute = file[0] == '/';
	struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = is_absolute ? RESOLVE_IN_ROOT : 0};
	struct stat about;

	*head_bytes = 0;
	int folder = open_folder(pid, is_absolute ? "root" : "cwd");
	if (folder < 0)
		return errno == EACCES || errno == EPERM ? FORBIDDEN : NOT_RUNNABLE;
	int found = (int)syscall(SYS_openat2, folder, file, &how, sizeof how);
	close(folder);
	if (found < 0)
		return NOT_RUNNABLE;
	int is_runnable = fstat(found, &about) == 0 && S_ISREG(about.st_mode) && (about.st_mode & 0111) != 0;
	if (is_runnable)
		*head_bytes = read_head(found, head);
	close(found);
	return is_runnable ? RUNNABLE : NOT_RUNNABLE;
}
