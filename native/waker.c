/*
 * waker: a thread that tells an event loop of descriptors that the loop itself cannot wait for.
 *
 * Bun's loop waits for sockets; a seccomp listener, a pidfd and a BPF ring are none. They are gathered in one
 * epoll set. This thread waits for that set, and each time that something in it becomes ready it sends one byte on
 * a socket that the loop does wait for. It reads nothing and decides nothing.
 *
 * Edge-triggered: what has been told of is not told of again until something more happens. A byte that does not
 * fit is not missed, since the loop has others still to read.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct waker {
	int watched;
	int socket;
};

/* False once nobody is there to be told. The edge is used up: where memory is short, it has to be told all the same. */
static int tell(int socket)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	while (send(socket, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		if (errno == EAGAIN)
			return 1;
		if (errno != EINTR && errno != ENOBUFS && errno != ENOMEM)
			return 0;
		nanosleep(&pause, NULL);
	}
	return 1;
}

static void *wake(void *own)
{
	struct waker *waker = own;

	prctl(PR_SET_NAME, "acg-waker");
	for (;;) {
		struct epoll_event event;
		int ready = epoll_wait(waker->watched, &event, 1, -1);

		if (ready < 0 && errno != EINTR)
			break;
		if (ready <= 0)
			continue;
		if (event.data.fd == waker->socket)
			break;
		if (!tell(waker->socket))
			break;
	}
	close(waker->watched);
	close(waker->socket);
	free(waker);
	return NULL;
}

/*
 * Begins to wait for the epoll set. From then on `socket` is the thread's, which ends once its other end is closed.
 * Returns 0, or an errno; then the socket stays the caller's.
 */
int acg_waker_start(int set, int socket)
{
	struct epoll_event of_set = { .events = EPOLLIN | EPOLLET, .data.fd = set };
	struct epoll_event of_socket = { .events = EPOLLRDHUP, .data.fd = socket };
	struct waker *waker = malloc(sizeof *waker);
	sigset_t all, before;
	pthread_t thread;
	int error;

	if (!waker)
		return ENOMEM;
	*waker = (struct waker){ .watched = epoll_create1(EPOLL_CLOEXEC), .socket = socket };
	if (waker->watched < 0 || epoll_ctl(waker->watched, EPOLL_CTL_ADD, set, &of_set) < 0 ||
	    epoll_ctl(waker->watched, EPOLL_CTL_ADD, socket, &of_socket) < 0) {
		error = errno;
	} else {
		/* Signals are the loop's. */
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before);
		error = pthread_create(&thread, NULL, wake, waker);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	if (error) {
		close(waker->watched);
		free(waker);
		return error;
	}
	pthread_detach(thread);
	return 0;
}
