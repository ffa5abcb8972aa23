/*
 * init: PID 1 of the container, and the run's lifeline.
 *
 *   init LIFELINE_FD [PORT=SOCKET]... -- COMMAND [ARG]...
 *
 * acg holds the other end of LIFELINE_FD. Nothing of the agent runs before acg says "go", so that
 * listeners, cgroups and classes can be arranged first; when acg's end closes, for whatever reason,
 * init exits and the kernel ends everything in the container, frozen or not, without root.
 *
 *   to acg     ready · started PID · failed ERRNO · exited CODE · killed SIGNAL
 *   from acg   go · signal NUMBER
 *
 * The agent gets what it would have as PID 1 of a plain container: a session of its own, the terminal as
 * its controlling one, and signals sent to it alone. Being in an orphaned process group, ^Z does not stop
 * it, since nobody could ever continue it.
 *
 * Each PORT=SOCKET is one loopback port of the host (relay.c). Everything else is left to acg.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "relay.h"

enum { EXIT_ACG = 125, EXIT_CANNOT_RUN = 126, EXIT_NOT_FOUND = 127, SIGNAL_BASE = 128 };

static int lifeline;
static pid_t agent;
static sigset_t original_mask;

static void say(const char *format, ...)
{
	char line[64];
	va_list arguments;

	va_start(arguments, format);
	int length = vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	/* A closed lifeline is seen by poll() as the end; a lost line needs no answer of its own. */
	if (send(lifeline, line, (size_t)length, MSG_NOSIGNAL) < 0)
		return;
}

static _Noreturn void run_agent(char **command)
{
	setsid();
	if (isatty(STDIN_FILENO))
		ioctl(STDIN_FILENO, TIOCSCTTY, 0);
	sigprocmask(SIG_SETMASK, &original_mask, NULL);
	/* acg, which has no privilege over it, has to read what is executed here. */
	prctl(PR_SET_DUMPABLE, 1);
	execvp(command[0], command);

	int error = errno;
	say("failed %d\n", error);
	fprintf(stderr, "acg: cannot run \"%s\" in the container: %s\n", command[0], strerror(error));
	_exit(error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN);
}

static void start_agent(char **command)
{
	if (agent)
		return;
	/* Give the terminal up, so that the agent's own session can take it. */
	if (isatty(STDIN_FILENO))
		ioctl(STDIN_FILENO, TIOCNOTTY);
	agent = fork();
	if (agent < 0) {
		say("failed %d\n", errno);
		exit(EXIT_ACG);
	}
	if (agent == 0)
		run_agent(command);
	say("started %d\n", agent);
}

/* Ends init with the agent's status once the agent has ended; orphans are only reaped. */
static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != agent)
			continue;
		if (WIFSIGNALED(status)) {
			say("killed %d\n", WTERMSIG(status));
			exit(SIGNAL_BASE + WTERMSIG(status));
		}
		say("exited %d\n", WEXITSTATUS(status));
		exit(WEXITSTATUS(status));
	}
}

static void pass_signal(int number)
{
	if (agent)
		kill(agent, number);
	else if (number == SIGTERM || number == SIGINT || number == SIGHUP)
		exit(SIGNAL_BASE + number);
}

static void read_signals(int descriptor)
{
	struct signalfd_siginfo info;

	while (read(descriptor, &info, sizeof info) == sizeof info) {
		int number = (int)info.ssi_signo;
		if (number == SIGCHLD)
			reap();
		/* By giving up the terminal init hangs up on itself: that is not for the agent. */
		else if (info.ssi_pid != (uint32_t)getpid())
			pass_signal(number);
	}
}

static void read_lifeline(char **command)
{
	static char line[64];
	static size_t filled;
	ssize_t got = read(lifeline, line + filled, sizeof line - 1 - filled);

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got <= 0)
		exit(EXIT_ACG);
	filled += (size_t)got;
	line[filled] = '\0';

	char *start = line, *end;
	while ((end = strchr(start, '\n')) != NULL) {
		*end = '\0';
		int number;
		if (strcmp(start, "go") == 0)
			start_agent(command);
		else if (sscanf(start, "signal %d", &number) == 1 && number > 0 && number < NSIG)
			pass_signal(number);
		start = end + 1;
	}
	filled = strlen(start);
	memmove(line, start, filled);
	if (filled == sizeof line - 1)
		exit(EXIT_ACG);
}

int main(int count, char **arguments)
{
	int at = 2;

	if (count < 4) {
		fputs("usage: init LIFELINE_FD [PORT=SOCKET]... -- COMMAND [ARG]...\n", stderr);
		return EXIT_ACG;
	}
	lifeline = atoi(arguments[1]);
	if (fcntl(lifeline, F_SETFD, FD_CLOEXEC) < 0) {
		fprintf(stderr, "acg: init has no lifeline on descriptor %s: %s\n", arguments[1], strerror(errno));
		return EXIT_ACG;
	}
	/* The agent has the same uid: without this it could take the lifeline out of init by ptrace. */
	prctl(PR_SET_DUMPABLE, 0);

	for (; at < count && strcmp(arguments[at], "--") != 0; at++)
		if (start_relay(arguments[at]) < 0) {
			fprintf(stderr, "acg: cannot open host port %s in the container: %s\n", arguments[at],
				strerror(errno));
			return EXIT_ACG;
		}
	char **command = arguments + at + 1;

	sigset_t every;
	sigfillset(&every);
	sigprocmask(SIG_SETMASK, &every, &original_mask);
	int signals = signalfd(-1, &every, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		return EXIT_ACG;

	say("ready\n");
	struct pollfd watched[] = {{.fd = lifeline, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
	for (;;) {
		if (poll(watched, 2, -1) < 0 && errno != EINTR)
			return EXIT_ACG;
		if (watched[1].revents)
			read_signals(signals);
		if (watched[0].revents)
			read_lifeline(command);
	}
}
