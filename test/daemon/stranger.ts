// Another user of this machine, with a client of his own (stranger.py): not acg's, and not under acg's rules.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Subprocess } from 'bun'
import { decodeAnswer, encodeRequest, type Outcome, type Verb } from '../../cli/daemon/protocol.ts'
import { asRoot, privileged } from '../privileged.ts'

const SCRIPT = readFileSync(join(import.meta.dir, 'stranger.py'), 'utf8')
const NOBODY = 65534
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups']

export const BOUNDS = { ringBytes: 1 << 20, wakeDepth: 3, pidNamespace: 0, rideAlongMs: 250 }

/** A message, and the process whose pidfd goes with it. */
export interface Sent {
  readonly verb: Verb
  readonly pid?: number
  readonly ringBytes?: number
  readonly wakeDepth?: number
  readonly rideAlongMs?: number
}

const hex = ({ pid: _, ...asked }: Sent) => encodeRequest({ ...BOUNDS, ...asked }).toString('hex')

/** What each message of one connection is answered, and how many descriptors come with that. */
export function askAsNobody(socket: string, sent: readonly Sent[]): [Outcome | null, number][] {
  const messages = sent.map((one) => hex(one) + (one.pid === undefined ? '' : `:${one.pid}`))
  const { stdout } = privileged(...AS_NOBODY, '/usr/bin/python3', '-c', SCRIPT, 'ask', socket, ...messages)
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string])
    .map(([answer, count]) => [decodeAnswer(Buffer.from(answer, 'hex')), Number(count)])
}

/** Sends generated messages; how often each answer came, an end of the connection among them as null. */
export function stormAsNobody(socket: string, count: number, seed: number): Map<Outcome | null, number> {
  const known = [hex({ verb: 'open' }), hex({ verb: 'follow' })]
  const words = ['storm', socket, String(count), String(seed), ...known]
  const { exitCode, stdout } = privileged(...AS_NOBODY, '/usr/bin/python3', '-c', SCRIPT, ...words)
  if (exitCode !== 0) throw new Error(`the storm ended with ${exitCode}`)
  const lines = stdout.trimEnd().split('\n')
  return new Map(
    lines.map((line): [Outcome | null, number] => {
      const [answer = '', times] = line.split(' ')
      return [decodeAnswer(Buffer.from(answer, 'hex')), Number(times)]
    }),
  )
}

/** A process of nobody's, first in a pid namespace of a user namespace that he made. It ends with this one. */
export async function startOwnOfNobody(): Promise<{ pid: number; end(): void }> {
  const script = 'unshare --user --pid --fork sleep 600 & sleep 1; cat /proc/$!/task/$!/children; wait'
  const words = [...AS_NOBODY, 'sh', '-c', script]
  const child: Subprocess<'ignore', 'pipe', 'inherit'> = Bun.spawn(asRoot(words), {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of child.stdout) {
    const pid = Number(Buffer.from(line).toString())
    if (!(pid > 0)) break
    return { pid, end: () => void privileged('kill', '-9', String(pid)) }
  }
  throw new Error('unshare --user ended')
}
