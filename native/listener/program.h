/*
 * The file that an execve() which waits is about to run. A shell tries one folder of PATH after another, and each try
 * asks; only the one that finds a file is an exec.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <sys/types.h>

/* As much of a file as the kernel looks at to tell a script (fs/binfmt_script.c). */
enum { HEAD_BYTES = 256 };

enum program { NOT_RUNNABLE, RUNNABLE, FORBIDDEN };

/*
 * `file` as the thread resolves it, in its own root and from its own folder, and how it begins if it may be read.
 * RUNNABLE also where nobody but the thread can tell: better an exec too many than one unseen.
 */
enum program find_program(pid_t thread, const char *file, char head[HEAD_BYTES], size_t *head_bytes);

#endif
