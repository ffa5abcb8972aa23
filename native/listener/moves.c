#include "moves.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "../thread.h"

enum { THREAD_STACK_BYTES = 1 << 16 };

static struct {
	int procs;
	char pid[16];
	int bytes;
	_Atomic int asked; /* an eventfd, and one more than its number: 0 as long as there is none */
} moves;

static void *move_when_asked(void *asked)
{
	uint64_t count;

	while (read((int)(intptr_t)asked, &count, sizeof count) > 0 || errno == EINTR)
		if (write(moves.procs, moves.pid, (size_t)moves.bytes) >= 0)
			break; /* not refused: whatever this is, it is not what was meant */
	return NULL;
}

int acg_expect_moves(int procs, pid_t pid)
{
	int asked = eventfd(0, EFD_CLOEXEC);

	if (asked < 0)
		return -errno;
	moves.procs = procs;
	moves.bytes = snprintf(moves.pid, sizeof moves.pid, "%d", pid);
	int error = start_thread(move_when_asked, (void *)(intptr_t)asked, THREAD_STACK_BYTES);
	if (error)
		return -error;
	atomic_store(&moves.asked, asked + 1);
	return 0;
}

void begin_move(void)
{
	int asked = atomic_load(&moves.asked) - 1;

	if (asked >= 0)
		eventfd_write(asked, 1);
}
