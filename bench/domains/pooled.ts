// Runs that share a pool, and all want more of it at once than there is.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Workplace } from '../../test/acg.ts'

/** So many runs that share a pool, each with one burst: from the moment at which all are there to the last end, in ms. */
export function pooled(place: Workplace, count: number, burstMb: number): () => Promise<number> {
  return async () => {
    const meeting = mkdtempSync(join(place.project, 'meeting-'))
    const config = join(place.folder, 'config')
    mkdirSync(join(config, 'acg'), { recursive: true })
    writeFileSync(join(config, 'acg', 'config.toml'), '[pool]\nmemory = "1g"\n')
    const runs = Array.from({ length: count }, () =>
      place.run(
        ['--watch', 'seccomp', '--control', 'enforce'],
        ['python3', 'gathered.py', meeting, String(count), `python3 burst.py ${burstMb}`],
        { XDG_CONFIG_HOME: config },
      ),
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
