/* Which of the watched system calls a notification is about. */
#ifndef CALLS_H
#define CALLS_H

#include <stdint.h>

enum watched_call { NO_CALL, EXECVE, EXECVEAT, SETSID };

struct call {
	enum watched_call what;
	unsigned pointer_bytes; /* of the caller's pointers: 4 or 8 */
};

struct call watched_call(uint32_t architecture, int number);

#endif
