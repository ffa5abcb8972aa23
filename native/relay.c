/*
 * relay: one loopback port of the host, inside the container's own network.
 *
 * The container sees none of the host's loopback. A port that the user names with --host-port is listened to
 * here and carried over a unix socket to acg, which alone connects to that port of the host. A process per
 * connection and direction keeps this free of any state; they all end with the container.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "relay.h"

enum { BACKLOG = 64, CHUNK_BYTES = 65536 };

static bool write_all(int to, const char *bytes, ssize_t length)
{
	while (length > 0) {
		ssize_t put = send(to, bytes, (size_t)length, MSG_NOSIGNAL);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		bytes += put;
		length -= put;
	}
	return true;
}

/* Moves what is there from one side to the other; false when nothing more will come. */
static bool carry(int from, int to)
{
	static char chunk[CHUNK_BYTES];
	ssize_t got = read(from, chunk, sizeof chunk);

	if (got < 0 && errno == EINTR)
		return true;
	if (got > 0 && write_all(to, chunk, got))
		return true;
	shutdown(to, SHUT_WR);
	return false;
}

/*
 * Joins both ways until both have ended. A process for each, since either may have to wait for a reader while
 * the other must go on.
 */
static void join(int left, int right)
{
	pid_t other = fork();
	bool forth = other > 0;

	while (other >= 0 && (forth ? carry(left, right) : carry(right, left)))
		;
}

static void serve(int listener, const struct sockaddr_un *host)
{
	prctl(PR_SET_NAME, "acg-relay");
	prctl(PR_SET_DUMPABLE, 0);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int inside = accept(listener, NULL, NULL);
		if (inside < 0)
			continue;
		if (fork() == 0) {
			int outside = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
			if (outside >= 0 && connect(outside, (const struct sockaddr *)host, sizeof *host) == 0)
				join(inside, outside);
			_exit(0);
		}
		close(inside);
	}
}

int start_relay(const char *rule)
{
	char *path;
	long port = strtol(rule, &path, 10);
	struct sockaddr_un host = {.sun_family = AF_UNIX};
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	if (port < 1 || port > 65535 || *path != '=' || strlen(path + 1) >= sizeof host.sun_path) {
		errno = EINVAL;
		return -1;
	}
	strcpy(host.sun_path, path + 1);
	here.sin_port = htons((uint16_t)port);

	int yes = 1;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0 ||
	    bind(listener, (struct sockaddr *)&here, sizeof here) < 0 || listen(listener, BACKLOG) < 0)
		return -1;

	pid_t pid = fork();
	if (pid == 0)
		serve(listener, &host);
	close(listener);
	return pid;
}
