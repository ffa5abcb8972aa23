/* A thread of acg's process, beside Bun's own. */
#ifndef THREAD_H
#define THREAD_H

#include <stddef.h>

/* Nobody waits for its end, and signals stay the main thread's. Returns 0, or an error number. */
int start_thread(void *(*run)(void *), void *argument, size_t stack_bytes);

#endif
