#define _GNU_SOURCE
#include "memory.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

/* The first look at a string is a short one, since most are. */
enum { FIRST_LOOK_BYTES = 256, POINTERS_AT_ONCE = 64, MOST_ENTRIES = 4096, PAGE_BYTES = 4096, MOST_PAGES = 3 };

/* What lies in one page is there as a whole or not at all, and a read ends with the last page that is there. */
static size_t read_bytes(pid_t pid, uint64_t address, void *bytes, size_t most)
{
	struct iovec own = {bytes, most}, others[MOST_PAGES];
	size_t pages = 0, left = most;

	for (uint64_t at = address; left > 0 && pages < MOST_PAGES; pages++) {
		size_t part = PAGE_BYTES - at % PAGE_BYTES;
		if (part > left)
			part = left;
		others[pages] = (struct iovec){(void *)(uintptr_t)at, part};
		at += part;
		left -= part;
	}
	ssize_t got = process_vm_readv(pid, &own, 1, others, pages, 0);
	return got > 0 ? (size_t)got : 0;
}

bool may_read(pid_t pid, uint64_t address)
{
	errno = 0;
	return read_bytes(pid, address, &(char){0}, 1) == 1 || errno == EFAULT;
}

size_t read_string(pid_t pid, uint64_t address, char *text, size_t most, bool *is_cut)
{
	size_t length = 0;

	*is_cut = false;
	while (length < most) {
		size_t wanted = length == 0 && most > FIRST_LOOK_BYTES ? FIRST_LOOK_BYTES : most - length;
		size_t got = read_bytes(pid, address + length, text + length, wanted);
		char *end = memchr(text + length, '\0', got);
		if (end)
			return (size_t)(end - text);
		length += got;
		if (got < wanted)
			return length;
	}
	char next = '\0';
	*is_cut = read_bytes(pid, address + length, &next, 1) == 1 && next != '\0';
	return length;
}

/* A null-terminated array of pointers, read in pieces. */
struct pointers {
	pid_t pid;
	unsigned bytes;
	uint64_t address;
	size_t count, at;
	union {
		uint32_t narrow[POINTERS_AT_ONCE];
		uint64_t wide[POINTERS_AT_ONCE];
	} piece;
};

/* 0 at the end. */
static uint64_t next_pointer(struct pointers *array)
{
	if (array->at == array->count) {
		if (array->address == 0 || (array->count != 0 && array->count < POINTERS_AT_ONCE))
			return 0;
		array->count = read_bytes(array->pid, array->address, &array->piece,
					  POINTERS_AT_ONCE * array->bytes) / array->bytes;
		array->address += POINTERS_AT_ONCE * array->bytes;
		array->at = 0;
		if (array->count == 0)
			return 0;
	}
	size_t at = array->at++;
	return array->bytes == 4 ? array->piece.narrow[at] : array->piece.wide[at];
}

size_t read_strings(pid_t pid, uint64_t address, unsigned pointer_bytes, char *text, size_t most, bool *is_cut)
{
	struct pointers array = {.pid = pid, .bytes = pointer_bytes, .address = address};
	size_t filled = 0;

	*is_cut = false;
	for (uint64_t pointer; !*is_cut && (pointer = next_pointer(&array)) != 0;) {
		if (filled >= most) {
			*is_cut = true;
			break;
		}
		filled += read_string(pid, pointer, text + filled, most - filled, is_cut);
		text[filled++] = '\0';
	}
	return filled;
}

size_t read_entries(pid_t pid, uint64_t address, unsigned pointer_bytes, const char *prefix, char *text, size_t most)
{
	struct pointers array = {.pid = pid, .bytes = pointer_bytes, .address = address};
	size_t filled = 0, prefix_bytes = strlen(prefix);
	uint64_t pointer;

	for (int count = 0; count < MOST_ENTRIES && (pointer = next_pointer(&array)) != 0; count++) {
		char entry[ENTRY_BYTES];
		bool is_cut;
		size_t bytes = read_string(pid, pointer, entry, sizeof entry, &is_cut);
		if (bytes < prefix_bytes || memcmp(entry, prefix, prefix_bytes) != 0)
			continue;
		if (filled + bytes + 1 > most)
			break;
		memcpy(text + filled, entry, bytes);
		filled += bytes;
		text[filled++] = '\0';
	}
	return filled;
}
