// What the benchmark of leaves consists of: `bun run bench domains.ID` measures one.

import { join } from 'node:path'
import { median } from 'simple-statistics'
import { finish } from '../../test/acg.ts'
import type { Act, Figure } from '../pairs.ts'

export type Part = { readonly id: string; readonly what: string } & (
  | { readonly act: Act; readonly control: Act }
  | { readonly measure: (about: Pick<Figure, 'id' | 'what' | 'where'>) => Promise<Figure[]> }
)

/** How a run is told to give each call a leaf, and to have room for what it does. */
export const ENFORCED: readonly string[] = ['--control', 'enforce', '--memory', '2g']

/** What delegated.py does, in a scope of its own. The median, in ms. */
export async function delegated(...args: string[]): Promise<number> {
  const scope = ['systemd-run', '--user', '--scope', '--quiet', '--property=Delegate=yes']
  const program = join(import.meta.dir, 'delegated.py')
  const { exitCode, stdout, stderr } = await finish([...scope, 'python3', program, ...args])
  if (exitCode !== 0) throw new Error(`delegated.py ${args.join(' ')} exited with ${exitCode}\n${stderr}`)
  return median(JSON.parse(stdout) as number[])
}

export function expectCalls(seen: number, wanted: number): void {
  if (seen !== wanted) throw new Error(`${seen} calls were seen of ${wanted}: it would measure no leaves`)
}
