#include "exec.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "process.h"
#include "program.h"

/* Of an environment, what is meant for acg. */
#define FOR_ACG "ACG_"
#define ENVIRONMENT_BYTES 4096

/* The file's name and how the file begins; false if it cannot be run. */
static bool read_file(struct exec *exec, pid_t thread, __u64 address, enum watched_call what)
{
	char head[HEAD_BYTES];
	size_t head_bytes = 0;
	bool is_cut;
	char *file = exec->text;
	size_t bytes = read_string(thread, address, file, ACG_TEXT_BYTES - 1, &is_cut);

	file[bytes] = '\0';
	/* An execveat() names its file by a descriptor, which need not be followed to be sure that it is there. */
	enum program program = what == EXECVE ? find_program(thread, file, head, &head_bytes) : RUNNABLE;
	if (program == FORBIDDEN)
		exec->asked.event.flags |= ACG_UNREADABLE;
	if (program == NOT_RUNNABLE)
		return false;
	exec->asked.file_bytes = (__u16)bytes;
	exec->asked.head_bytes = (__u16)head_bytes;
	memcpy(file + bytes, head, head_bytes);
	exec->text_bytes = bytes + head_bytes;
	return true;
}

static void read_folder(struct exec *exec, pid_t thread)
{
	ssize_t bytes = read_process_link(thread, "cwd", exec->text + exec->text_bytes, ACG_TEXT_BYTES);

	if (bytes < 0) {
		exec->asked.event.flags |= ACG_NO_CWD;
		return;
	}
	exec->asked.cwd_bytes = (__u16)bytes;
	exec->text_bytes += (size_t)bytes;
}

static void read_environment(struct exec *exec, pid_t thread, __u64 address, unsigned pointer_bytes)
{
	char *end = exec->text + exec->text_bytes;

	exec->asked.environment_bytes =
		(__u16)read_entries(thread, address, pointer_bytes, FOR_ACG, end, ENVIRONMENT_BYTES);
	exec->text_bytes += exec->asked.environment_bytes;
}

bool read_exec(const struct seccomp_notif *notification, struct call call, bool is_held, struct exec *exec)
{
	/* Not its process, whose first thread may have ended, or have another folder. */
	pid_t thread = (pid_t)notification->pid;
	const __u64 *argument = notification->data.args + (call.what == EXECVEAT);
	struct acg_asked *asked = &exec->asked;

	memset(asked, 0, sizeof *asked);
	exec->text_bytes = 0;
	if (!may_read(thread, argument[0])) {
		asked->event.flags |= ACG_UNREADABLE;
		return errno == EPERM;
	}
	bool is_exec = read_file(exec, thread, argument[0], call.what);
	if (is_exec && !(asked->event.flags & ACG_UNREADABLE)) {
		char *end = exec->text + exec->text_bytes;
		bool is_cut;
		asked->argv_bytes = (__u16)read_strings(thread, argument[1], call.pointer_bytes, end, ACG_TEXT_BYTES, &is_cut);
		asked->event.flags |= is_cut ? ACG_ARGV_CUT : 0;
		exec->text_bytes += asked->argv_bytes;
		read_folder(exec, thread);
		asked->stdin_pipe = pipe_on(thread, STDIN_FILENO);
		asked->stdout_pipe = pipe_on(thread, STDOUT_FILENO);
		if (is_held)
			read_environment(exec, thread, argument[2], call.pointer_bytes);
	}
	return is_exec;
}
