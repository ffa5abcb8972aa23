#define _GNU_SOURCE
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process.h"

enum { PATH_BYTES = 4096 };

/*
 * The file's name from the thread's root on, if need be in `path`: from its folder on, an absolute link would lead into
 * acg's own root. NULL where that does not tell, as for a folder that is not below the root.
 */
static const char *from_root(pid_t thread, const char *file, char path[PATH_BYTES])
{
	char root[PATH_BYTES];

	if (file[0] == '/')
		return file;
	ssize_t root_bytes = read_process_link(thread, "root", root, sizeof root);
	ssize_t bytes = read_process_link(thread, "cwd", path, PATH_BYTES);

	if (root_bytes <= 0 || bytes <= 0)
		return NULL;
	if (root_bytes > 1) {
		if (bytes < root_bytes || memcmp(path, root, (size_t)root_bytes) != 0 ||
		    (bytes > root_bytes && path[root_bytes] != '/'))
			return NULL;
		bytes -= root_bytes;
		memmove(path, path + root_bytes, (size_t)bytes);
	}
	size_t left = (size_t)(PATH_BYTES - bytes);
	return (size_t)snprintf(path + bytes, left, "/%s", file) < left ? path : NULL;
}

/* What only the process itself would find, since it is another for each. */
static bool is_own(const char *file)
{
	return strncmp(file, "/proc/", 6) == 0 || strncmp(file, "/dev/fd/", 8) == 0;
}

/* `found` is an O_PATH descriptor of a regular file: to read another kind could block. */
static size_t read_head(int found, char *head)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", found);
	/* Not to wait until who has a lease on it gives that up. */
	int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (file < 0)
		return 0;
	ssize_t got = pread(file, head, HEAD_BYTES, 0);
	close(file);
	return got > 0 ? (size_t)got : 0;
}

enum program find_program(pid_t thread, const char *file, char head[HEAD_BYTES], size_t *head_bytes)
{
	struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
	char path[PATH_BYTES];
	struct stat about;

	*head_bytes = 0;
	snprintf(path, sizeof path, "/proc/%d/root", thread);
	int root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0 && (errno == EACCES || errno == EPERM))
		return FORBIDDEN;
	if (root < 0)
		return errno == ENOENT || errno == ESRCH ? NOT_RUNNABLE : RUNNABLE;
	const char *name = from_root(thread, file, path);
	int found = name ? (int)syscall(SYS_openat2, root, name, &how, sizeof how) : -1;
	close(root);
	if (!name)
		return RUNNABLE;
	/* Only what execve() will not find either is none. */
	if (found < 0)
		return (errno == ENOENT && !is_own(file)) || errno == ENOTDIR || errno == EACCES ? NOT_RUNNABLE : RUNNABLE;
	int is_runnable = fstat(found, &about) == 0 && S_ISREG(about.st_mode) && (about.st_mode & 0111) != 0;
	if (is_runnable)
		*head_bytes = read_head(found, head);
	close(found);
	return is_runnable ? RUNNABLE : NOT_RUNNABLE;
}
