// Runs that are there together, and all want more memory at once than there is.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Workplace } from '../../test/acg.ts'

interface Bursts {
  readonly count: number
  readonly burstMb: number
}

/** So many runs with one burst each that share a pool: from the first burst's beginning to the last end, in ms. */
export function pooled(place: Workplace, bursts: Bursts): () => Promise<number> {
  const config = join(place.folder, 'config')
  mkdirSync(join(config, 'acg'), { recursive: true })
  writeFileSync(join(config, 'acg', 'config.toml'), '[pool]\nmemory = "1g"\n')
  return gathered(place, bursts, 'at-once', ['--control', 'enforce'], { XDG_CONFIG_HOME: config })
}

/** The same runs without control, in the order of a clairvoyant: each begins its burst when another's has ended. */
export function inTurn(place: Workplace, bursts: Bursts): () => Promise<number> {
  return gathered(place, bursts, 'in-turn', ['--control', 'off'], {})
}

function gathered(
  place: Workplace,
  { count, burstMb }: Bursts,
  order: 'at-once' | 'in-turn',
  flags: readonly string[],
  environment: Record<string, string>,
): () => Promise<number> {
  return async () => {
    const meeting = mkdtempSync(join(place.project, 'meeting-'))
    const agent = ['python3', 'gathered.py', meeting, String(count), order, `python3 burst.py ${burstMb}`]
    const runs = Array.from({ length: count }, () =>
      place.run(['--watch', 'seccomp', ...flags], agent, environment),
    )
    const ends = (await Promise.all(runs)).map(({ stdout, stderr }) => {
      if (stdout === '') throw new Error(`a run of ${count} said nothing: ${stderr}`)
      return JSON.parse(stdout) as { code: number; began: number; ended: number }
    })
    const failed = ends.filter(({ code }) => code !== 0).length
    if (failed > 0) throw new Error(`${failed} of ${count} bursts failed`)
    return 1000 * (Math.max(...ends.map(({ ended }) => ended)) - Math.min(...ends.map(({ began }) => began)))
  }
}
