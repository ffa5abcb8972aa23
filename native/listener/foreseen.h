/*
 * The call that the other side expects next. Its leaf stands ready, with the memory that it will be granted, so it is
 * put there here and let go at once. The other side would have done the same; it hears of it afterwards, and what was no
 * call after all it puts elsewhere.
 */
#ifndef FORESEEN_H
#define FORESEEN_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The first exec of a child. */
struct newcomer {
	pid_t pid, parent;
	__u64 parent_start_ticks;
	const char *file; /* as it is given to the exec; not terminated */
	size_t file_bytes;
	const char *words; /* each with its end mark */
	size_t words_bytes;
};

struct placed {
	bool is_there;
	int standard_error; /* a duplicate; -1 if there is none */
};

/*
 * From another thread: expects a child of `parent` whose first exec is of `file` with `words` and one more, both of
 * which are copied. `procs`, which is taken over, is the open cgroup.procs of its leaf. With an `oom_score_adj` that is
 * not 0 it is guarded: it is given that, and its standard error is duplicated. This holds for one exec, and until another is
 * held: that one may have the leaf. So `heard` is how many held and foreseen execs the other side has heard of; returns
 * 0, and expects nobody, if there are more, and else 1.
 */
int acg_foresee(int procs, pid_t parent, __u64 parent_start_ticks, const char *file, const char *words,
		__u32 words_bytes, int oom_score_adj, __u32 heard);
/* From another thread: expects nobody any more. */
void acg_foresee_nobody(void);

/* For a listener that nobody has heard of yet. */
void forget_entries(void);
/* Puts it into its leaf, if it is the one that is expected; nobody is after that. */
struct placed place_foreseen(const struct newcomer *newcomer);
/* The other side is about to hear of one that is held, or was foreseen. Nobody is expected after that. */
void count_entry(void);

#endif
