// Ways in which a command could try to leave its leaf, or to have others pay for what it holds.

/** The kernel lets a user mount his own cgroup, as a root that can be written to, in namespaces of his own. */
function inOwnCgroupMount(script: string): string {
  const inside = `mount -t cgroup2 none m && cd m || echo NOT TRIED; ${script}`
  return `mkdir -p m; unshare -UrmC bash -c '${inside}'; cat /proc/self/cgroup`
}

/**
 * Each prints where it is in the end, and ESCAPED before it where something went that must not; what is refused says so
 * on standard error.
 */
export const ESCAPES: Readonly<Record<string, string>> = {
  setsid: 'setsid cat /proc/self/cgroup',
  'a double fork': '(setsid bash -c "(cat /proc/self/cgroup > twice) &" &); sleep 1; cat twice',
  nohup: 'nohup bash -c "cat /proc/self/cgroup" 2>&1',
  'systemd-run --user': 'systemd-run --user --pipe --wait cat /proc/self/cgroup || cat /proc/self/cgroup',
  'a write to the agent’s cgroup':
    'for folder in /sys/fs/cgroup /sys/fs/cgroup/..; do echo $$ > $folder/cgroup.procs && echo ESCAPED; done; cat /proc/self/cgroup',
  'a write to its own limits':
    'for folder in /sys/fs/cgroup /sys/fs/cgroup/../acg /sys/fs/cgroup/../acg/call-*; do echo max > $folder/memory.high && echo ESCAPED; done; cat /proc/self/cgroup',
  'a write to its own limits, in a cgroup mount of its own': inOwnCgroupMount(
    'for file in cgroup.max.descendants memory.high memory.max; do echo max > $file && echo ESCAPED; done; echo 0 > cgroup.freeze && echo ESCAPED',
  ),
  'a cgroup below its own': inOwnCgroupMount('mkdir below && echo ESCAPED'),
  'another cgroup in a cgroup mount of its own': inOwnCgroupMount(
    '[ "$(find . -name cgroup.procs)" = ./cgroup.procs ] || echo ESCAPED',
  ),
  'a mount over /sys/fs/cgroup':
    'mount -o remount,rw /sys/fs/cgroup && echo ESCAPED; mkdir /sys/fs/cgroup/mine && echo ESCAPED; cat /proc/self/cgroup',
  'nested Podman': 'podman run --rm --rootfs / cat /proc/self/cgroup || cat /proc/self/cgroup',
  bubblewrap: 'bwrap --dev-bind / / cat /proc/self/cgroup || cat /proc/self/cgroup',
  'another exec of the agent’s program': 'python3 -c "print(open(\'/proc/self/cgroup\').read())"',
}

/** Each holds more than 32 MB where no process shows them. */
export const HIDING_PLACES: Readonly<Record<string, string>> = {
  'a file in /tmp': 'head -c 40M /dev/zero > /tmp/hidden; rm /tmp/hidden',
  'a file in /dev/shm': 'head -c 40M /dev/zero > /dev/shm/hidden; rm /dev/shm/hidden',
  'a file without a name':
    "python3 -c \"import os; os.write(os.memfd_create(str()), bytes(40 << 20)); os.execvp('true', ['true'])\"",
  pipes: `python3 -c "
import fcntl, os
for _ in range(40):
    end = os.pipe()[1]
    fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, 1 << 20)
    os.write(end, bytes(1 << 20))"`,
}
