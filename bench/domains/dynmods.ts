// cgroup2's mount option favordynmods: moving a process costs no grace period of the kernel, and each fork a little more.

import { readFileSync } from 'node:fs'
import { finish } from '../../test/acg.ts'
import type { Act } from '../pairs.ts'

const MOUNT = '/sys/fs/cgroup'

/** The same while the machine is so, which takes root, or sudo without a password. As before afterwards. */
export function favoringDynmods(act: Act): Act {
  return async () => {
    if (favorsDynmods()) return act()
    await favorDynmods(true)
    try {
      return await act()
    } finally {
      await favorDynmods(false)
    }
  }
}

/** mount keeps every option that is not named: to leave one out does not take it away. */
async function favorDynmods(wanted: boolean): Promise<void> {
  await remount(wanted ? 'favordynmods' : 'nofavordynmods')
  if (favorsDynmods() !== wanted) throw new Error(`${MOUNT} does not take favordynmods, or keeps it`)
}

/** Among the options of cgroup2 itself, the last field of its line. */
export function favorsDynmods(): boolean {
  const line = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .find((line) => line.split(' ')[4] === MOUNT)
  return line?.split(' ').at(-1)?.split(',').includes('favordynmods') ?? false
}

async function remount(option: string): Promise<void> {
  const privileged = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const words = [...privileged, 'mount', '-o', `remount,${option}`, MOUNT]
  const { exitCode, stderr } = await finish(words)
  if (exitCode !== 0) throw new Error(`${words.join(' ')} exited with ${exitCode}: ${stderr}`)
}
