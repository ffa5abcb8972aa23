// Two commands timed in turn, A B A B …, so that both see the same machine. The figure is the ratio of each pair.

import { median, quantile } from 'simple-statistics'

/** One line of a benchmark's answer. */
export interface Figure {
  readonly id: string
  readonly unit: string
  /** Medians; the ratio is the median of the pairs' own ratios. */
  readonly value: number
  readonly control: number | null
  readonly ratio: number | null
  /** With 95 % confidence the true median of the ratios is not above this. */
  readonly upper: number | null
  readonly n: number
  /** Of what is measured, in `unit`; quantiles of type 7. */
  readonly p50: number
  readonly p99: number
  readonly where: string
  /** What is compared with what, for people. */
  readonly what: string
}

/** What is timed. One that measures itself returns its own time in ms. */
export type Act = () => Promise<number | undefined>

const WARM_UPS = 2

/** Runs both in turn, `pairs` times, and swaps who goes first from pair to pair. */
export async function comparePairs(
  about: Pick<Figure, 'id' | 'what' | 'where'>,
  act: Act,
  control: Act,
  pairs: number,
  progress: (done: number, of: number) => void,
): Promise<Figure> {
  const times: { act: number; control: number }[] = []
  for (let at = 0; at < WARM_UPS; at++) {
    await act()
    await control()
  }
  for (let at = 0; at < pairs; at++) {
    progress(at, pairs)
    if (at % 2 === 0) {
      const first = await timeMs(act)
      times.push({ act: first, control: await timeMs(control) })
    } else {
      const first = await timeMs(control)
      times.push({ act: await timeMs(act), control: first })
    }
  }
  progress(pairs, pairs)
  const acts = times.map((pair) => pair.act)
  const ratios = times.map((pair) => pair.act / pair.control)
  return {
    ...about,
    unit: 'ms',
    value: median(acts),
    control: median(times.map((pair) => pair.control)),
    ratio: median(ratios),
    upper: upperBoundOfMedian(ratios),
    n: pairs,
    p50: median(acts),
    p99: quantile(acts, 0.99),
  }
}

/**
 * The least k for which the k-th smallest value lies above the median with 95 %: k values below the median are k
 * heads of n coins. Nothing is supposed of how the values lie. The largest value where there are too few.
 */
export function upperBoundOfMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const n = sorted.length
  let share = 0.5 ** n
  let sum = share
  let k = 1
  for (; sum < 0.95 && k < n; k++) {
    share *= (n - k + 1) / k
    sum += share
  }
  return sorted[k - 1] ?? Number.NaN
}

async function timeMs(act: Act): Promise<number> {
  const start = Bun.nanoseconds()
  const own = await act()
  return own ?? (Bun.nanoseconds() - start) / 1e6
}

/** Runs a command and throws if it fails: a failed run must not count as a fast one. */
export function command(words: readonly string[], cwd: string, env: Record<string, string> = {}): Act {
  return async () => {
    const child = Bun.spawn([...words], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const said = await new Response(child.stderr).text()
    const code = await child.exited
    if (code !== 0) throw new Error(`${words.join(' ')} exited with ${code}\n${said}`)
    return undefined
  }
}
