// What BPF tests share: whether they can run here, and what must not be left of them.

import { lacksForBpf } from '../../cli/powers/bpf.ts'
import { privileged } from '../privileged.ts'

/** Why tests that load BPF programs cannot run here; null if they can. Said aloud, once. */
export function skipReason(): string | null {
  const lack = lacksForBpf()
  const bpftool = bpftoolPath() ? null : 'there is no bpftool (./tools/packages.sh --tests)'
  const reason = lack?.seen ?? bpftool
  if (reason) console.log(`skipped: bpf: ${reason}`)
  return reason
}

export function bpftoolPath(): string | null {
  return Bun.which('bpftool', { PATH: `${process.env.PATH}:/usr/sbin:/sbin` })
}

/** As root: who is not is told of nothing that is there, and nothing would ever be left. Throws where it fails. */
export function bpftool<Answer>(...words: string[]): Answer {
  const { exitCode, stdout } = privileged(bpftoolPath() as string, '-j', ...words)
  if (exitCode !== 0)
    throw new Error(`bpftool ${words.join(' ')} failed with exit code ${exitCode}: ${stdout}`)
  return JSON.parse(stdout) as Answer
}

/** acg's programs and maps that are in the kernel now. */
export function inKernel(): string[] {
  return ['prog', 'map'].flatMap((kind) =>
    bpftool<{ id: number; name?: string }[]>(kind, 'show')
      .filter(({ name }) => name?.startsWith('acg_'))
      .map(({ id, name }) => `${kind} ${id} ${name}`),
  )
}

const GONE_WITHIN_MS = 20_000
/** For hooks that wait for that. */
export const CLEAR_WITHIN_MS = 30_000

/**
 * What is there that was not before. The kernel frees in its own time, once nobody can be using it, and a daemon keeps its
 * programs for ten seconds.
 */
export async function leftInKernel(before: readonly string[]): Promise<string[]> {
  const deadline = Date.now() + GONE_WITHIN_MS
  for (;;) {
    const left = inKernel().filter((name) => !before.includes(name))
    if (left.length === 0 || Date.now() > deadline) return left
    await Bun.sleep(50)
  }
}
