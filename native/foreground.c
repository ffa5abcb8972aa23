/*
 * foreground: runs a program in a process group of its own, with the terminal if acg had it.
 *
 *   foreground PROGRAM [ARG]...
 *
 * One ^C has to be one ^C. If Podman stayed in acg's process group, the terminal would signal both, and acg,
 * which also has to pass on what `kill` sends to it, could not tell the two apart. So Podman is given a group
 * of its own, as a shell does for a job: the terminal signals Podman, `kill` signals acg.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **arguments)
{
	if (count < 2) {
		fputs("usage: foreground PROGRAM [ARG]...\n", stderr);
		return 125;
	}
	pid_t before = getpgrp();
	setpgid(0, 0);

	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (terminal >= 0 && tcgetpgrp(terminal) == before) {
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(terminal, getpid());
	}
	signal(SIGTTOU, SIG_DFL);

	execvp(arguments[1], arguments + 1);
	fprintf(stderr, "acg: cannot run \"%s\": %s\n", arguments[1], strerror(errno));
	return errno == ENOENT ? 127 : 126;
}
