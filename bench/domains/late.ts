// How late a call comes into its leaf where it is not held, and what it has used by then.

import { median, quantile } from 'simple-statistics'
import type { RecordedRun, Workplace } from '../../test/acg.ts'
import { ENFORCED, expectCalls, type Part } from './part.ts'

const CALLS = 30

/** Each call sources test/control/outside.sh. */
export function late(place: Workplace): Part {
  return {
    id: 'late',
    what: 'where BPF watches',
    measure: async ({ id, what, where }) => {
      const command = ['python3', 'agent.py', ...Array(CALLS).fill('. ./outside.sh')]
      const run = await place.run(['--watch', 'bpf', ...ENFORCED], command)
      expectCalls(run.result.calls.length, CALLS)
      const seen = outsideOf(run)
      const figure = (name: string, saying: string, unit: string, values: number[]) => ({
        ...{ id: `${id}.${name}`, what: `${saying}, ${what}`, unit, where },
        ...{ value: median(values), control: null, ratio: null, upper: null, n: values.length },
        ...{ p50: median(values), p99: quantile(values, 0.99) },
      })
      return [
        figure(
          'delay',
          'from a call’s exec to its leaf',
          'ms',
          seen.map(({ ms }) => ms),
        ),
        figure(
          'bytes',
          'what a call that is a shell used before it was in its leaf',
          'kB',
          seen.map(({ kb }) => kb),
        ),
      ]
    },
  }
}

function outsideOf({ stdout, run, result }: RecordedRun): { ms: number; kb: number }[] {
  const inLeaf = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { stdout: string }).stdout.split(' ').map(Number))
  return inLeaf.map(([seconds = Number.NaN, kb = Number.NaN], at) => {
    const startMs = run.started_epoch_ms + (result.calls[at]?.start_ms ?? Number.NaN)
    return { ms: seconds * 1000 - startMs, kb }
  })
}
