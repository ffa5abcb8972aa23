// A cgroup ends with its last process where Podman or systemd clears up, whoever still reads it.

/** A file of a removed cgroup cannot be opened, and one that is open cannot be read. */
export function isCgroupGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENODEV'
}
