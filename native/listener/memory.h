/* Strings out of the memory of a process that waits. Bytes that are not mapped read as an end. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Whether it may be looked into; errno says why not. */
bool may_read(pid_t pid, uint64_t address);
/* The string at `address` without its end mark, at most `most` bytes of it; its length. */
size_t read_string(pid_t pid, uint64_t address, char *text, size_t most, bool *is_cut);
/* The strings of a null-terminated array, each with its end mark, in `most` bytes in all; how many bytes. `text` has one
 * byte more. */
size_t read_strings(pid_t pid, uint64_t address, unsigned pointer_bytes, char *text, size_t most, bool *is_cut);
/* Those of them that begin with `prefix`, as many as fit, each cut after ENTRY_BYTES. */
size_t read_entries(pid_t pid, uint64_t address, unsigned pointer_bytes, const char *prefix, char *text, size_t most);

enum { ENTRY_BYTES = 256 };

#endif
