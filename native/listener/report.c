#define _GNU_SOURCE
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/*
 * To wake the reader costs more than what is told. A burst wakes it so many times, then once in WAKE_GAP_NS; what is
 * held is told at once.
 */
#define WAKE_BURST 8
#define WAKE_GAP_NS 5000000ULL
#define NS_PER_MS 1000000ULL

enum { FIRST_BYTES = 65536, TRY_AGAIN_MS = 1 };

__u64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (__u64)now.tv_sec * 1000000000ULL + (__u64)now.tv_nsec;
}

static void append(struct report *report, const void *bytes, size_t count)
{
	if (count == 0)
		return;
	if (report->filled + count > report->size) {
		while (report->filled + count > report->size)
			report->size = report->size ? report->size * 2 : FIRST_BYTES;
		report->bytes = realloc(report->bytes, report->size);
		if (!report->bytes)
			abort();
	}
	memcpy(report->bytes + report->filled, bytes, count);
	report->filled += count;
}

void tell(struct report *report, const void *head, size_t head_bytes, const void *rest, size_t rest_bytes)
{
	uint32_t length = (uint32_t)(head_bytes + rest_bytes);

	append(report, &length, sizeof length);
	append(report, head, head_bytes);
	append(report, rest, rest_bytes);
}

/* False if the socket takes no more. */
static bool send_some(struct report *report, int flags)
{
	size_t sent = 0;

	while (sent < report->filled) {
		ssize_t took = send(report->socket, report->bytes + sent, report->filled - sent, flags | MSG_NOSIGNAL);
		if (took < 0 && errno == EINTR)
			continue;
		/* The other side is gone, and with it acg: there is nobody to tell. */
		if (took < 0 && errno != EAGAIN)
			sent = report->filled;
		if (took <= 0)
			break;
		sent += (size_t)took;
	}
	memmove(report->bytes, report->bytes + sent, report->filled - sent);
	report->filled -= sent;
	return report->filled == 0;
}

int send_in_time(struct report *report)
{
	__u64 now = now_ns();
	__u64 paid = report->paid_until_ns;

	if (report->filled == 0)
		return -1;
	if (paid + WAKE_BURST * WAKE_GAP_NS < now)
		paid = now - WAKE_BURST * WAKE_GAP_NS;
	if (paid + WAKE_GAP_NS > now && !report->is_urgent)
		return (int)((paid + WAKE_GAP_NS - now) / NS_PER_MS) + 1;
	report->paid_until_ns = paid + WAKE_GAP_NS;
	report->is_urgent &= !send_some(report, MSG_DONTWAIT);
	return report->filled == 0 ? -1 : TRY_AGAIN_MS;
}

void send_all(struct report *report)
{
	fcntl(report->socket, F_SETFL, fcntl(report->socket, F_GETFL) & ~O_NONBLOCK);
	send_some(report, 0);
}
