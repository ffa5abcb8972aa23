#define _GNU_SOURCE
#include "listener.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/seccomp.h>

#include "calls.h"
#include "exec.h"
#include "kin.h"
#include "process.h"
#include "report.h"

/* linux/seccomp.h, of which older systems have less. */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif
#define SYNC_WAKE_UP 1UL

enum { READY_AT_ONCE = 64, STATE_BYTES = 65536, THREAD_STACK_BYTES = 1 << 20 };

/* What the thread waits for. */
struct source {
	enum { RUNTIME_SOCKET, OTHER_SIDE, NOTIFICATIONS, PROCESS } what;
	int descriptor;
	pid_t pid;
	__u64 start_ticks;
};

struct listener {
	int set;
	const char *call_leaf;
	pid_t init;
	bool is_stopping;
	struct report report;
	struct chain chain;
	struct exec exec;
};

static struct source *watch(struct listener *listener, int what, int descriptor)
{
	struct source *source = calloc(1, sizeof *source);
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};

	if (!source)
		abort();
	source->what = what;
	source->descriptor = descriptor;
	if (epoll_ctl(listener->set, EPOLL_CTL_ADD, descriptor, &event) < 0)
		abort();
	return source;
}

static void forget(struct source *source)
{
	close(source->descriptor);
	free(source);
}

/* The OCI runtime connects for each process that it puts under the filter: init, and each `podman exec`. */
static void accept_filter(struct listener *listener, int socket)
{
	static char state[STATE_BYTES];
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec vector = {state, sizeof state};
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control,
				 .msg_controllen = sizeof control};

	int connection = accept4(socket, NULL, NULL, SOCK_CLOEXEC);
	if (connection < 0)
		return;
	ssize_t got = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
	const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (got > 0 && header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
		int notifications = *(const int *)CMSG_DATA(header);
		/* Who asks hands its CPU over. Where the kernel does not know of it (before 6.6) it is only slower. */
		ioctl(notifications, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SYNC_WAKE_UP);
		watch(listener, NOTIFICATIONS, notifications);
	}
	close(connection);
}

static struct acg_event event_of(pid_t pid, __u64 start_ticks, enum acg_kind kind)
{
	return (struct acg_event){
		.time_ns = now_ns(), .start_ticks = start_ticks, .pid = (__u32)pid, .kind = (__u16)kind};
}

static void tell_end(struct listener *listener, pid_t pid, __u64 start_ticks, const int *status)
{
	struct acg_exit end = {.event = event_of(pid, start_ticks, ACG_EXIT)};

	if (status)
		end.status = (__u32)*status;
	else
		end.event.flags |= ACG_NO_STATUS;
	tell(&listener->report, &end, sizeof end, NULL, 0);
}

/* Introduces who was not known, and waits for their ends. */
static void introduce(struct listener *listener)
{
	const struct chain *chain = &listener->chain;
	struct acg_chain head = {.event = event_of((pid_t)chain->of[0].pid, chain->of[0].start_ticks, ACG_CHAIN),
				 .count = (__u32)chain->count, .end = chain->end};

	if (chain->count == 0)
		return;
	tell(&listener->report, &head, sizeof head, chain->of, chain->count * sizeof *chain->of);
	for (size_t at = 0; at < chain->count; at++) {
		pid_t pid = (pid_t)chain->of[at].pid;
		int pidfd = open_process(pid);
		know(&chain->of[at], pidfd);
		if (pidfd < 0) {
			tell_end(listener, pid, chain->of[at].start_ticks, NULL);
			continue;
		}
		struct source *source = watch(listener, PROCESS, pidfd);
		source->pid = pid;
		source->start_ticks = chain->of[at].start_ticks;
	}
}

static void let_go(int notifications, __u64 id)
{
	struct seccomp_notif_resp answer = {.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};

	ioctl(notifications, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

/* Reads what there is to tell of a call that waits, and tells it. Returns whether it has to go on waiting. */
static bool take_in(struct listener *listener, int notifications, const struct seccomp_notif *notification)
{
	struct call call = watched_call(notification->data.arch, notification->data.nr);
	struct exec *exec = &listener->exec;

	if (call.what == NO_CALL)
		return false;
	pid_t pid = process_of((pid_t)notification->pid);
	/* The first that asks is the container's init, when the runtime becomes it. */
	if (listener->init == 0) {
		struct acg_event attached = event_of(pid, 0, ACG_ATTACHED);
		listener->init = pid;
		tell(&listener->report, &attached, sizeof attached, NULL, 0);
	}
	if (pid == listener->init || !find_chain(pid, listener->init, &listener->chain))
		return false;
	bool is_held = listener->call_leaf && call.what != SETSID && !is_in_cgroup(pid, listener->call_leaf);
	bool is_exec = call.what != SETSID && read_exec(notification, call, pid, is_held, exec);
	/* What was read is about this caller only if it still waits: its pid cannot have been reused then. */
	if (ioctl(notifications, SECCOMP_IOCTL_NOTIF_ID_VALID, &notification->id) < 0)
		return false;
	introduce(listener);
	if (!is_exec)
		return false;

	struct acg_asked *asked = &exec->asked;
	__u16 flags = asked->event.flags | (is_held ? ACG_HELD : 0);
	asked->event = event_of(pid, listener->chain.asker_start_ticks, ACG_ASKED);
	asked->event.flags = flags;
	asked->cookie_low = (__u32)notification->id;
	asked->cookie_high = (__u32)(notification->id >> 32);
	asked->listener = (__u32)notifications;
	tell(&listener->report, asked, sizeof *asked, exec->text, exec->text_bytes);
	listener->report.is_urgent |= is_held;
	return is_held;
}

static void answer(struct listener *listener, int notifications)
{
	struct seccomp_notif notification = {0};

	/* The caller may have been killed meanwhile. */
	if (ioctl(notifications, SECCOMP_IOCTL_NOTIF_RECV, &notification) < 0)
		return;
	if (!take_in(listener, notifications, &notification))
		let_go(notifications, notification.id);
}

/* A zombie's status is in /proc; of one that has been reaped its pidfd tells. */
static void ended(struct listener *listener, struct source *source, bool is_reaped)
{
	struct process_stat zombie;
	int status;
	bool is_told = !is_reaped && read_stat(source->pid, &zombie) && zombie.state == 'Z' &&
		       zombie.start_ticks == source->start_ticks;

	if (is_told)
		status = zombie.exit_status;
	else
		is_told = read_status(source->descriptor, &status);
	tell_end(listener, source->pid, source->start_ticks, is_told ? &status : NULL);
	has_ended(source->pid, source->start_ticks);
	forget(source);
}

static void handle(struct listener *listener, struct source *source, unsigned events)
{
	switch (source->what) {
	case RUNTIME_SOCKET:
		accept_filter(listener, source->descriptor);
		break;
	case OTHER_SIDE:
		/* Written to or closed: the run has ended. What is ready now is still taken in. */
		listener->is_stopping = true;
		epoll_ctl(listener->set, EPOLL_CTL_DEL, source->descriptor, NULL);
		break;
	case NOTIFICATIONS:
		if (events & EPOLLIN)
			answer(listener, source->descriptor);
		/* No process is left under the filter. Its number stays taken where it may still be answered by. */
		else if (listener->call_leaf)
			epoll_ctl(listener->set, EPOLL_CTL_DEL, source->descriptor, NULL);
		else
			forget(source);
		break;
	case PROCESS:
		ended(listener, source, (events & EPOLLHUP) != 0);
		break;
	}
}

static void *listen_until_stopped(void *argument)
{
	struct listener *listener = argument;
	struct epoll_event ready[READY_AT_ONCE];
	int wait_ms = -1;

	for (int count = 1; count > 0 || !listener->is_stopping;) {
		count = epoll_wait(listener->set, ready, READY_AT_ONCE, listener->is_stopping ? 0 : wait_ms);
		for (int at = 0; at < count; at++)
			handle(listener, ready[at].data.ptr, ready[at].events);
		wait_ms = send_in_time(&listener->report);
	}
	send_all(&listener->report);
	close(listener->report.socket);
	close(listener->set);
	free(listener->report.bytes);
	free(listener);
	return NULL;
}

int acg_listen(int socket, const char *call_leaf)
{
	struct listener *listener = calloc(1, sizeof *listener);
	int ends[2];

	if (!listener)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
		return -errno;
	listener->call_leaf = call_leaf ? strdup(call_leaf) : NULL;
	listener->report.socket = ends[1];
	listener->set = epoll_create1(EPOLL_CLOEXEC);
	watch(listener, RUNTIME_SOCKET, socket);
	watch(listener, OTHER_SIDE, ends[1]);

	/* Signals are acg's main thread's. */
	sigset_t all, before;
	pthread_t thread;
	pthread_attr_t attributes;
	sigfillset(&all);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, THREAD_STACK_BYTES);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int error = pthread_create(&thread, &attributes, listen_until_stopped, listener);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error ? -error : ends[0];
}
