/*
 * session: runs a program in a session of its own, where no terminal signals it.
 *
 *   session PROGRAM [ARG]...
 *
 * One ^C has to be one ^C. The terminal signals every process of the shell's job: acg, which passes it on to
 * the agent, and what acg is piped to. Podman would pass it on a second time; outside the terminal's session it
 * gets no signal, and reads and writes the terminal all the same.
 *
 * What it leaves with the session is job control, so that is observed first: where stdin is a terminal and acg
 * in its background, the job stops, as it would at its first read, until the shell brings it to the foreground.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Setting the modes that are set changes nothing, but stops a job in the background. */
static void await_foreground(void)
{
	struct termios modes;

	if (tcgetattr(STDIN_FILENO, &modes) < 0 || tcsetattr(STDIN_FILENO, TCSANOW, &modes) == 0)
		return;
	/* No shell is left that could bring it to the foreground: the keyboard is somebody else's for good. */
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (nothing >= 0)
		dup2(nothing, STDIN_FILENO);
}

int main(int count, char **arguments)
{
	if (count < 2) {
		fputs("usage: session PROGRAM [ARG]...\n", stderr);
		return 125;
	}
	await_foreground();
	setsid();

	execvp(arguments[1], arguments + 1);
	fprintf(stderr, "acg: cannot run \"%s\": %s\n", arguments[1], strerror(errno));
	return errno == ENOENT ? 127 : 126;
}
