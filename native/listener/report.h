/*
 * What is told to the other side, over a stream socket: messages of bpf/acg.h, each with its length before it. A reader
 * that is slow keeps nobody waiting: what the socket does not take is kept here.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

#include "../../bpf/acg.h"

struct report {
	int socket;
	char *bytes;
	size_t filled, size;
	__u64 paid_until_ns;
	bool is_urgent;
};

__u64 now_ns(void);
/* A message of two parts. */
void tell(struct report *report, const void *head, size_t head_bytes, const void *rest, size_t rest_bytes);
/* Sends what there is, if it is time. Returns in how many ms to try again; -1 if nothing is left. */
int send_in_time(struct report *report);
/* Sends everything, however long that takes. */
void send_all(struct report *report);

#endif
