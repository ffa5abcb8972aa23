/* What a waiting exec is about. */
#ifndef EXEC_H
#define EXEC_H

#include <linux/seccomp.h>
#include <linux/types.h>
#include <stdbool.h>
#include <sys/types.h>

#include "../../bpf/acg.h"
#include "calls.h"

struct exec {
	struct acg_asked asked;
	char text[5 * ACG_TEXT_BYTES]; /* each part has at most ACG_TEXT_BYTES, and an end mark */
	size_t text_bytes;
};

/* False if there is nothing to tell of: no such file, or the process is gone. `is_held` asks for its environment. */
bool read_exec(const struct seccomp_notif *notification, struct call call, bool is_held, struct exec *exec);

#endif
