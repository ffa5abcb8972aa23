// README's first command, by someone who knows only the README: from a fresh clone, with nothing prepared. Here
// with a home of its own, and in the bare machine, where neither Podman nor npm nor a compiler is installed.

import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEMO_STEPS } from '../../cli/demo/steps.ts'
import type { Result } from '../../cli/record/schema.ts'
import { finish, Workplace } from '../acg.ts'

const root = join(import.meta.dir, '..', '..')
const MOST_MS = 40 * 60_000

/** The command as the README has it: the first that starts with ./install.sh. */
const COMMAND = /^\.\/install\.sh .*$/m.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[0] as string

test('the README begins with one command that installs and shows a demo', () => {
  expect(COMMAND).toBe('./install.sh --deps && ~/.local/bin/acg demo')
})

describe.if(!process.env.ACG_IN_MACHINE)('here', () => {
  test(
    'works in one go, and the demo’s calls are all there with the right kind',
    async () => {
      using place = new Workplace()
      const env = { HOME: place.folder, XDG_CACHE_HOME: '', XDG_STATE_HOME: '', ACG_INSTALL_DIR: '' }
      const clone = join(place.folder, 'acg')
      expect((await finish(['git', 'clone', '-q', root, clone])).exitCode).toBe(0)
      const done = await finish(['bash', '-c', COMMAND], { cwd: clone, env })
      expect({ ...done, ok: done.exitCode === 0 }).toMatchObject({ ok: true })
      const runs = await finish([join(place.folder, '.local/bin/acg'), 'runs', '--json'], { env })
      expectDemo(runs.stdout)
    },
    MOST_MS,
  )
})

describe.if(!process.env.ACG_IN_MACHINE)('a new user’s machine', () => {
  test(
    'works in one go, and the demo’s calls are all there with the right kind',
    async () => {
      using place = new Workplace()
      const machine = (script: string) =>
        finish([join(root, 'test/machine', script.split(' ')[0] as string), ...script.split(' ').slice(1)], {
          env: BARE,
        })
      const inside = (script: string) =>
        finish([join(root, 'test/machine/run'), 'bash', '-c', script], { env: BARE })
      const clone = join(place.folder, 'acg')
      expect((await finish(['git', 'clone', '-q', root, clone])).exitCode).toBe(0)
      expect((await machine('up --fresh')).exitCode).toBe(0)
      try {
        expect((await finish([join(root, 'test/machine/push'), clone, 'acg'], { env: BARE })).exitCode).toBe(
          0,
        )
        const done = await inside(`cd acg && ${COMMAND}`)
        expect({ ...done, ok: done.exitCode === 0 }).toMatchObject({ ok: true })
        expectDemo((await inside('~/.local/bin/acg runs --json')).stdout)
      } finally {
        await machine('down')
      }
    },
    MOST_MS,
  )
})

const BARE = { ACG_MACHINE: 'bare' }

/** One run, whose calls are the demo's, each with its kind. */
function expectDemo(runsJson: string): void {
  const runs = runsJson
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { result: Result })
  expect(runs).toHaveLength(1)
  const { calls } = (runs[0] as { result: Result }).result
  const wanted = DEMO_STEPS.flatMap((step) => step.calls)
  const found = calls.map(({ command, guessed_kind, kind, background }) => ({
    command,
    guessed_kind,
    kind,
    leaves: background.map(({ argv }) => argv.join(' ')),
  }))
  expect(sorted(found)).toEqual(
    sorted(
      wanted.map(({ command, kind, leaves }) => ({
        command: `bash -c ${command}`,
        guessed_kind: kind,
        kind,
        leaves: leaves ? [`perl ${leaves}`] : [],
      })),
    ),
  )
}

/** Parallel calls begin in any order. */
function sorted<Item extends { command: string }>(items: Item[]): Item[] {
  return items.toSorted((a, b) => a.command.localeCompare(b.command))
}
