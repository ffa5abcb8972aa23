#define _GNU_SOURCE
#include "listener.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/seccomp.h>

#include "../thread.h"
#include "calls.h"
#include "exec.h"
#include "foreseen.h"
#include "kin.h"
#include "moves.h"
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
	enum { RUNTIME_SOCKET, RUNTIME_CONNECTION, OTHER_SIDE, NOTIFICATIONS, PROCESS } what;
	int descriptor;
	pid_t pid;
	__u64 start_ticks;
};

struct listener {
	int set, runtime_socket;
	const char *call_leaf;
	pid_t init;
	bool is_stopping;
	bool has_failed; /* nobody may go on unseen: the thread ends, and by that the run */
	struct report report;
	struct chain chain;
	struct exec exec;
};

/* Takes the descriptor over. False, with errno, if the kernel will not wait for more. */
static bool watch(struct listener *listener, const struct source *what)
{
	struct source *source = malloc(sizeof *source);
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};

	if (source) {
		*source = *what;
		if (epoll_ctl(listener->set, EPOLL_CTL_ADD, source->descriptor, &event) == 0)
			return true;
	}
	int error = errno;
	close(what->descriptor);
	free(source);
	errno = error;
	return false;
}

static void unwatch(struct listener *listener, const struct source *source)
{
	epoll_ctl(listener->set, EPOLL_CTL_DEL, source->descriptor, NULL);
}

/* To close it would not be enough: what acg starts has a copy of it until it has become another program. */
static void forget(struct listener *listener, struct source *source)
{
	unwatch(listener, source);
	close(source->descriptor);
	free(source);
}

/* Whether acg itself has run out of something, so that nothing was learnt of the process. */
static bool is_short(void)
{
	return errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOSPC;
}

/*
 * The OCI runtime connects for each process that it puts under the filter: init, and each `podman exec`. What it sends
 * comes much later, and whoever asks meanwhile must not wait for that.
 */
static void accept_runtime(struct listener *listener, int socket)
{
	int connection = accept4(socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (connection < 0)
		listener->has_failed |= is_short();
	else if (!watch(listener, &(struct source){.what = RUNTIME_CONNECTION, .descriptor = connection}))
		listener->has_failed = true;
}

static void receive_filter(struct listener *listener, int connection)
{
	static char state[STATE_BYTES];
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec vector = {state, sizeof state};
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control,
				 .msg_controllen = sizeof control};

	ssize_t got = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
	const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (got > 0 && header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
		int notifications = *(const int *)CMSG_DATA(header);
		/* Who asks hands its CPU over. Where the kernel does not know of it (before 6.6) it is only slower. */
		ioctl(notifications, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SYNC_WAKE_UP);
		if (!watch(listener, &(struct source){.what = NOTIFICATIONS, .descriptor = notifications}))
			listener->has_failed = true;
	} else if (got > 0 && (message.msg_flags & MSG_CTRUNC)) {
		/* There was no number left for it. */
		listener->has_failed = true;
	}
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
		struct source process = {.what = PROCESS, .pid = (pid_t)chain->of[at].pid,
					 .start_ticks = chain->of[at].start_ticks};
		process.descriptor = open_process(process.pid);
		bool is_watched = process.descriptor >= 0 && watch(listener, &process);
		know(&chain->of[at], is_watched ? process.descriptor : -1);
		if (is_watched)
			continue;
		listener->has_failed |= is_short();
		tell_end(listener, process.pid, process.start_ticks, NULL);
	}
}

/* False if it does not wait any more. */
static bool let_go(int notifications, __u64 id)
{
	struct seccomp_notif_resp answer = {.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
	int result;

	do
		result = ioctl(notifications, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	while (result < 0 && errno == EINTR);
	return result == 0;
}

/* Introduces who waits, and reads what there is to tell of its call. Returns whether that is an exec. */
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
	if (pid == listener->init)
		return false;
	if (!find_chain(pid, listener->init, &listener->chain)) {
		listener->has_failed |= is_short();
		return false;
	}
	bool is_held = listener->call_leaf && call.what != SETSID && !is_in_cgroup(pid, listener->call_leaf);
	if (is_held)
		begin_move();
	bool is_exec = call.what != SETSID && read_exec(notification, call, is_held, exec);
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
	return true;
}

/* Who is not foreseen stays held; who is, and was interrupted meanwhile, is both placed and held. */
static void let_go_foreseen(struct exec *exec, int notifications, __u64 id)
{
	struct acg_event *event = &exec->asked.event;
	pid_t pid = (pid_t)event->pid;
	struct descent descent;

	find_descent(pid, &descent);
	if (descent.has_execed)
		return;
	struct placed placed = place_foreseen(&(struct newcomer){
		.pid = pid,
		.parent = descent.parent,
		.parent_start_ticks = descent.parent_start_ticks,
		.file = exec->text,
		.file_bytes = exec->asked.file_bytes,
		.words = exec->text + exec->asked.file_bytes + exec->asked.head_bytes,
		.words_bytes = exec->asked.argv_bytes,
	});
	if (!placed.is_there)
		return;
	event->flags |= ACG_PLACED;
	exec->asked.standard_error = (__u32)(placed.standard_error + 1);
	if (let_go(notifications, id))
		event->flags &= (__u16)~ACG_HELD;
}

static void answer(struct listener *listener, int notifications)
{
	struct seccomp_notif notification = {0};
	struct exec *exec = &listener->exec;

	if (ioctl(notifications, SECCOMP_IOCTL_NOTIF_RECV, &notification) < 0) {
		/* The caller may have been killed meanwhile. */
		listener->has_failed |= errno != ENOENT && errno != EINTR;
		return;
	}
	bool is_exec = take_in(listener, notifications, &notification);
	if (listener->has_failed)
		return;
	bool is_held = is_exec && (exec->asked.event.flags & ACG_HELD);
	if (is_held) {
		let_go_foreseen(exec, notifications, notification.id);
		count_entry();
	}
	/* A signal, or a freezer, interrupts who waits; then it asks again, and is told of once. */
	if (!is_held && !let_go(notifications, notification.id))
		return;
	if (is_exec) {
		has_execed((pid_t)exec->asked.event.pid);
		tell(&listener->report, &exec->asked, sizeof exec->asked, exec->text, exec->text_bytes);
	}
	listener->report.is_urgent |= is_held;
}

/* /proc has the status until the parent has reaped it, also while it does; after that the pidfd tells, no sooner. */
static void ended(struct listener *listener, struct source *source, bool is_reaped)
{
	struct process_stat stat;
	int status;
	bool is_told = !is_reaped && read_stat(source->pid, &stat) && is_ended(&stat) &&
		       stat.start_ticks == source->start_ticks;

	if (is_told)
		status = stat.exit_status;
	else
		is_told = read_status(source->descriptor, &status);
	tell_end(listener, source->pid, source->start_ticks, is_told ? &status : NULL);
	has_ended(source->pid, source->start_ticks);
	forget(listener, source);
}

static void handle(struct listener *listener, struct source *source, unsigned events)
{
	/* Of a container that has ended, only ends are to come; nothing else may keep the thread from its own. */
	if (listener->is_stopping && source->what != PROCESS) {
		unwatch(listener, source);
		return;
	}
	switch (source->what) {
	case RUNTIME_SOCKET:
		accept_runtime(listener, source->descriptor);
		break;
	case RUNTIME_CONNECTION:
		receive_filter(listener, source->descriptor);
		forget(listener, source);
		break;
	case OTHER_SIDE:
		/* Written to or closed. What is not read would make an error of the end that the other side sees. */
		recv(source->descriptor, &(char){0}, 1, MSG_DONTWAIT);
		listener->is_stopping = true;
		unwatch(listener, source);
		break;
	case NOTIFICATIONS:
		if (events & EPOLLIN)
			answer(listener, source->descriptor);
		/* No process is left under the filter. Its number stays taken where it may still be answered by. */
		else if (listener->call_leaf)
			unwatch(listener, source);
		else
			forget(listener, source);
		break;
	case PROCESS:
		ended(listener, source, (events & EPOLLHUP) != 0);
		break;
	}
}

int acg_let_go(int notifications, __u64 id)
{
	/* The caller would get this very CPU, and wait there for what this thread goes on to do. */
	ioctl(notifications, SECCOMP_IOCTL_NOTIF_SET_FLAGS, 0UL);
	int error = let_go(notifications, id) ? 0 : errno;
	ioctl(notifications, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SYNC_WAKE_UP);
	return -error;
}

static void *listen_until_stopped(void *argument)
{
	struct listener *listener = argument;
	struct epoll_event ready[READY_AT_ONCE];
	int wait_ms = -1;

	for (int count = 1; !listener->has_failed && (count > 0 || !listener->is_stopping);) {
		count = epoll_wait(listener->set, ready, READY_AT_ONCE, listener->is_stopping ? 0 : wait_ms);
		for (int at = 0; at < count; at++)
			handle(listener, ready[at].data.ptr, ready[at].events);
		wait_ms = send_in_time(&listener->report);
	}
	send_all(&listener->report);
	/* The filters' descriptors stay: by them the other side may let go what is held. */
	close(listener->report.socket);
	close(listener->runtime_socket);
	close(listener->set);
	free(listener->report.bytes);
	free(listener);
	return NULL;
}

int acg_listen(int socket, const char *call_leaf)
{
	struct listener *listener = calloc(1, sizeof *listener);
	int ends[2];

	/* What is left open where this fails is closed with acg, which will not run what it cannot watch. */
	if (!listener || (call_leaf && !(listener->call_leaf = strdup(call_leaf))) ||
	    (listener->set = epoll_create1(EPOLL_CLOEXEC)) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
		return -errno;
	forget_entries();
	listener->runtime_socket = socket;
	listener->report.socket = ends[1];
	if (!watch(listener, &(struct source){.what = RUNTIME_SOCKET, .descriptor = socket}) ||
	    !watch(listener, &(struct source){.what = OTHER_SIDE, .descriptor = ends[1]}))
		return -errno;

	int error = start_thread(listen_until_stopped, listener, THREAD_STACK_BYTES);
	return error ? -error : ends[0];
}
