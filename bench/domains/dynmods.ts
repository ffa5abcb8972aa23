// cgroup2's mount option favordynmods: moving a process costs no grace period of the kernel, and each fork a little more.

import { readFileSync } from 'node:fs'
import { finish } from '../../test/acg.ts'
import type { Act } from '../pairs.ts'

const MOUNT = '/sys/fs/cgroup'

/** The same while the machine is so, which takes root, or sudo without a password. As before afterwards. */
export function favoringDynmods(act: Act): Act {
  return async () => {
    const before = mountOptions()
    await remount(['favordynmods', ...before.filter((option) => option !== 'nofavordynmods')])
    try {
      if (!mountOptions().includes('favordynmods')) throw new Error(`${MOUNT} does not take favordynmods`)
      return await act()
    } finally {
      await remount(before)
    }
  }
}

/** Those of cgroup2 itself. */
function mountOptions(): string[] {
  const line = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .find((line) => line.split(' ')[4] === MOUNT)
  return line?.split(' ').at(-1)?.split(',') ?? []
}

async function remount(options: readonly string[]): Promise<void> {
  const privileged = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const words = [...privileged, 'mount', '-o', `remount,${options.join(',')}`, MOUNT]
  const { exitCode, stderr } = await finish(words)
  if (exitCode !== 0) throw new Error(`${words.join(' ')} exited with ${exitCode}: ${stderr}`)
}
