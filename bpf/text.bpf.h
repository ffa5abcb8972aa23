/*
 * What there is to read of a process that has just executed something: its pipes, and after the fixed part of the
 * draft the file's name, the words and the working folder.
 */
#ifndef ACG_TEXT_BPF_H
#define ACG_TEXT_BPF_H

#include "maps.bpf.h"
#include "typed.bpf.h"

#define PIPEFS_MAGIC 0x50495045
#define MOST_STEPS 128
#define PART_BYTES 256

static __u64 pipe_at(struct task_struct *task, __u32 descriptor)
{
	struct fdtable *table = task->files->fdt;
	struct file *file = NULL;

	if (table->max_fds <= descriptor)
		return 0;
	bpf_core_read(&file, sizeof file, table->fd + descriptor);
	struct inode *inode = typed(struct file, file)->f_inode;
	return inode->i_sb->s_magic == PIPEFS_MAGIC ? inode->i_ino : 0;
}

struct walk {
	struct draft *draft;
	struct dentry *entry;
	struct mount *mount;
	__u32 at;
	__u32 is_whole;
};

/* One step towards the root: out of a mount, or a part of the path. */
static long step_up(__u32 index, struct walk *walk)
{
	struct dentry *entry = walk->entry;
	struct mount *mount = walk->mount;
	struct dentry *parent = entry->d_parent;

	if (entry == mount->mnt.mnt_root || entry == parent) {
		walk->mount = mount->mnt_parent;
		walk->entry = mount->mnt_mountpoint;
		walk->is_whole = mount && walk->mount == mount;
		return walk->is_whole;
	}
	__u32 at = walk->at;
	if (at > sizeof walk->draft->text - PART_BYTES)
		return 1;
	long bytes = bpf_probe_read_kernel_str(walk->draft->text + at, PART_BYTES, entry->d_name.name);
	if (bytes <= 0)
		return 1;
	walk->at = at + bytes;
	walk->entry = parent;
	return 0;
}

/* Writes the parts of the working folder's path at `at`, the last one first. Returns where it ends. */
static __u32 write_cwd(struct draft *draft, struct task_struct *task, __u32 at)
{
	void *mount = task->fs->pwd.mnt;
	struct walk walk = {
		.draft = draft,
		.entry = typed(struct dentry, task->fs->pwd.dentry),
		.mount = typed(struct mount, mount - bpf_core_field_offset(struct mount, mnt)),
		.at = at,
	};

	bpf_loop(MOST_STEPS, step_up, &walk, 0);
	if (walk.is_whole)
		return walk.at;
	draft->exec.event.flags |= ACG_NO_CWD;
	return at;
}

/* The barrier keeps clang from proving the check needless, which the verifier would not follow. */
static __u32 at_most(__u32 most, __u64 value)
{
	barrier_var(value);
	return value > most ? most : value;
}

static void write_text(struct draft *draft, struct task_struct *task, struct linux_binprm *binary)
{
	struct acg_exec *exec = &draft->exec;
	const char *file = binary->filename;

	if (file != binary->interp)
		exec->event.flags |= ACG_SCRIPT;
	long bytes = bpf_probe_read_kernel_str(draft->text, ACG_TEXT_BYTES, file);
	if (bytes == ACG_TEXT_BYTES)
		exec->event.flags |= ACG_FILE_CUT;
	__u32 at = at_most(ACG_TEXT_BYTES, bytes > 0 ? bytes : 0);
	exec->file_bytes = at;

	__u64 start = task->mm->arg_start;
	__u64 words = task->mm->arg_end - start;
	if (words > ACG_TEXT_BYTES)
		exec->event.flags |= ACG_ARGV_CUT;
	__u32 kept = at_most(ACG_TEXT_BYTES, words);
	if (bpf_probe_read_user(draft->text + at, kept, (void *)start) != 0)
		kept = 0;
	exec->argv_bytes = kept;
	at += kept;

	exec->cwd_bytes = write_cwd(draft, task, at) - at;
}

#endif
