/*
 * waker: has acg's main loop look into a BPF ring when the kernel says that it is worth it.
 *
 * Bun waits for sockets, and a ring is none. A thread waits instead, and writes a byte to one for each waking; it reads
 * nothing of the ring. It is told edge by edge: what the programs write without waking anybody does not end its wait.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "thread.h"

enum { THREAD_STACK_BYTES = 1 << 16 };

struct waker {
	int set, socket;
};

static void *wake_until_closed(void *argument)
{
	struct waker waker = *(struct waker *)argument;
	struct epoll_event ready;

	free(argument);
	for (;;) {
		int count = epoll_wait(waker.set, &ready, 1, -1);
		if (count < 0 && errno != EINTR)
			break;
		if (count > 0 && (ready.data.fd == waker.socket || ready.events & EPOLLERR))
			break;
		/* If it takes no more, who reads it has not looked yet for what was written before. */
		if (count > 0)
			send(waker.socket, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	close(waker.socket);
	close(waker.set);
	return NULL;
}

/* Returns a stream socket that becomes readable, or -errno. The thread ends when that is closed. */
int acg_wake(int ring)
{
	struct waker *waker = malloc(sizeof *waker);
	struct epoll_event on_ring = {.events = EPOLLIN | EPOLLET, .data.fd = ring}, on_socket = {.events = EPOLLRDHUP};
	int ends[2];

	if (!waker || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
		return -errno;
	waker->socket = on_socket.data.fd = ends[1];
	waker->set = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_ctl(waker->set, EPOLL_CTL_ADD, ring, &on_ring) < 0 ||
	    epoll_ctl(waker->set, EPOLL_CTL_ADD, ends[1], &on_socket) < 0)
		return -errno;

	int error = start_thread(wake_until_closed, waker, THREAD_STACK_BYTES);
	return error ? -error : ends[0];
}
