/*
 * The one contract between C and TypeScript: what is in a ring, and in the maps that both sides touch; and what the
 * seccomp listener tells (native/listener). Fixed-size integers, explicit padding, no bool, pointer or bitfield.
 * `bun run layouts` turns these structs into acg.gen.ts, from the BTF of the compiled object.
 */
#ifndef ACG_H
#define ACG_H

/* No argument list, path or name is kept beyond this. */
#define ACG_TEXT_BYTES 4096
/* Watched at once, of all users. */
#define ACG_MOST_RUNS 1024

enum acg_kind {
	ACG_FORK = 1,
	ACG_EXEC = 2,
	ACG_EXIT = 3,
	/* The seccomp listener's alone. */
	ACG_ATTACHED = 4, /* an acg_event: the container's init */
	ACG_CHAIN = 5,
	ACG_ASKED = 6,
};

enum acg_flag {
	/* An exit of the process that the run began with, or a fork by it. */
	ACG_OF_ROOT = 1,
	/* argv is longer than what came. */
	ACG_ARGV_CUT = 2,
	/* The program is a script: argv is what the kernel made of it, the interpreter first. */
	ACG_SCRIPT = 4,
	/* The folder is not known: its path is too long, or there is none. */
	ACG_NO_CWD = 8,
	/* The file's name is longer than what came. */
	ACG_FILE_CUT = 16,
	/* Nothing but that it happened: the process must not be looked into. */
	ACG_UNREADABLE = 32,
	/* It stands still until it is let go. */
	ACG_HELD = 64,
	/* How it ended is not known. */
	ACG_NO_STATUS = 128,
	/* It is in the leaf that stood ready for it, and was let go unless it is held as well. */
	ACG_PLACED = 256,
};

/* How every event begins. A process is known for good by its pid and when it started. */
struct acg_event {
	__u64 time_ns;     /* CLOCK_MONOTONIC */
	__u64 start_ticks; /* as field 22 of /proc/PID/stat */
	__u32 pid;         /* in the reader's pid namespace */
	__u16 kind;        /* enum acg_kind */
	__u16 flags;       /* enum acg_flag */
};
_Static_assert(sizeof(struct acg_event) == 24, "acg_event");

struct acg_fork {
	struct acg_event event;
	__u64 parent_start_ticks;
	__u32 parent_pid;
	__u32 pad;
};
_Static_assert(sizeof(struct acg_fork) == 40, "acg_fork");

/*
 * Followed by file_bytes of the file's name as it was given, argv_bytes of words each with its zero byte, and
 * cwd_bytes of the folder's path: its parts from the last to the first, each with its zero byte.
 */
struct acg_exec {
	struct acg_event event;
	__u64 parent_start_ticks;
	__u64 stdin_pipe; /* inode number, 0 if it is no pipe */
	__u64 stdout_pipe;
	__u32 parent_pid;
	__u16 file_bytes;
	__u16 argv_bytes;
	__u16 cwd_bytes;
	__u16 pad;
	__u32 number; /* which of the process's execs it is */
};
_Static_assert(sizeof(struct acg_exec) == 64, "acg_exec");

struct acg_exit {
	struct acg_event event;
	__u32 status; /* as of wait(2) */
	__u32 pad;
};
_Static_assert(sizeof(struct acg_exit) == 32, "acg_exit");

/* Up to whom a chain of unknown ancestors reaches. */
enum acg_chain_end {
	ACG_CHAIN_KNOWN = 0,   /* the last one's parent is known */
	ACG_CHAIN_ROOT = 1,    /* the container's init */
	ACG_CHAIN_OUTSIDE = 2, /* somebody who is not in the container */
	ACG_CHAIN_HIDDEN = 3,  /* /proc does not show the last one's parent */
};

/* One of them, as of proc_pid_stat(5). */
struct acg_kin {
	__u64 start_ticks;
	__u32 pid;
	__u32 parent_pid;
	__u32 group;
	__u32 session;
};
_Static_assert(sizeof(struct acg_kin) == 24, "acg_kin");

/* A process that has not been told of asks. Followed by `count` acg_kin: itself, its parent and so on. */
struct acg_chain {
	struct acg_event event;
	__u32 count;
	__u32 end; /* enum acg_chain_end */
};
_Static_assert(sizeof(struct acg_chain) == 32, "acg_chain");

/*
 * An exec before it is carried out. Followed by the file's name as it was given, the first bytes of the file, the
 * words, each with its zero byte, the folder's path, and what of the environment is meant for acg, each with its zero
 * byte.
 */
struct acg_asked {
	struct acg_event event;
	__u64 stdin_pipe; /* inode number, 0 if it is no pipe */
	__u64 stdout_pipe;
	__u32 cookie_low; /* by which it is let go, of this listener */
	__u32 cookie_high;
	__u32 listener;
	__u32 standard_error; /* of one that was placed: a duplicate's number and one; 0 if there is none */
	__u16 file_bytes;
	__u16 head_bytes;
	__u16 argv_bytes;
	__u16 cwd_bytes;
	__u16 environment_bytes;
	__u16 pad;
	__u32 pad_too;
};
_Static_assert(sizeof(struct acg_asked) == 72, "acg_asked");

/* A run, as its loader describes it. */
struct acg_run {
	__u64 ride_along_ns;    /* within which the reader is told of anything, or a little more */
	__u32 number;           /* under which its ring is found */
	__u32 reader_namespace; /* inode number of the reader's pid namespace */
	__u32 wake_depth;       /* the reader is woken for processes down to here; init is 0, the agent 1 */
	/* The programs' own. */
	__u32 reader_level;
	__u64 last_wake_ns;
	__u64 wakes_paid_until_ns;
};
_Static_assert(sizeof(struct acg_run) == 40, "acg_run");

#define ACG_LEVEL_UNKNOWN 0xffffffff

/* Counted per run, and only ever up. */
struct acg_losses {
	__u64 events; /* the ring was full */
};
_Static_assert(sizeof(struct acg_losses) == 8, "acg_losses");

/* Whose a process is: who made the user namespace that it lives in, and how deep that lies below the first one. */
struct acg_owner {
	__u32 uid;
	__u32 level;
	/* Its pid namespace: the inode number, how deep that lies, and who made the user namespace that it belongs to. */
	__u32 pid_namespace;
	__u32 pid_level;
	__u32 pid_uid;
	__u32 pid_user_level;
};
_Static_assert(sizeof(struct acg_owner) == 24, "acg_owner");

#endif
