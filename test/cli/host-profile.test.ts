// The sandbox is this machine without what is the user's own: its programs, the project, and nothing else. If this
// failed, an agent could read secrets or change the machine, or could not work at all.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { finish } from '../acg.ts'
import { Bench, PATIENCE_MS } from './runners.ts'

setDefaultTimeout(5 * PATIENCE_MS)

let bench: Bench
beforeAll(async () => {
  bench = await Bench.make()
  writeFileSync(join(bench.folder, 'secret'), 'beside the project\n')
})
afterAll(async () => {
  expect(await bench.end()).toEqual([])
})

/** What a shell script says inside. */
async function inside(script: string, options: Parameters<typeof finish>[1] = {}): Promise<string> {
  const done = await finish([bench.runner('acg'), 'sh', '-c', script], { cwd: bench.project, ...options })
  expect(done).toMatchObject({ exitCode: 0, stderr: '' })
  return done.stdout
}

describe('the home', () => {
  test('is at its own path, fresh each time, and can be written', async () => {
    const script =
      'cd && pwd && mkdir -p .config && test ! -e .config/mark && echo mark >.config/mark && cat .config/mark'
    expect(await inside(script)).toBe(`${homedir()}\nmark\n`)
    expect(await inside(script)).toBe(`${homedir()}\nmark\n`)
    expect(existsSync(join(homedir(), '.config', 'mark'))).toBe(false)
  })

  test('shows nothing of the user’s but the way to the project', async () => {
    const steps = relative(homedir(), bench.project).split('/')
    const way = steps[0] === '..' ? [] : steps.map((_, at) => steps.slice(0, at + 1).join('/'))
    const found = await inside(`cd && find . -mindepth 1 -printf '%P\\n' -path './${way.at(-1)}' -prune`)
    expect(found.split('\n').filter(Boolean)).toEqual(way)
  })

  test('has no variable of the caller’s that holds a secret', async () => {
    const seen = await inside('env', { env: { SOME_TOKEN: 'hush', AWS_SECRET_ACCESS_KEY: 'hush' } })
    expect(seen).toContain(`HOME=${homedir()}\n`)
    expect(seen).not.toContain('hush')
  })
})

describe('the project', () => {
  test('is at its own path and can be written, as the user', async () => {
    expect(await inside('pwd && echo made >made')).toBe(`${bench.project}\n`)
    expect(await Bun.file(join(bench.project, 'made')).text()).toBe('made\n')
    expect(statSync(join(bench.project, 'made')).uid).toBe(userInfo().uid)
  })

  test('is the whole work tree when acg is called below its top', async () => {
    const below = join(bench.project, 'tree', 'below')
    mkdirSync(below, { recursive: true })
    await finish(['git', 'init', '-q', dirname(below)])
    expect(await inside('pwd && git rev-parse --show-toplevel && touch ../mark', { cwd: below })).toBe(
      `${below}\n${dirname(below)}\n`,
    )
    expect(existsSync(join(dirname(below), 'mark'))).toBe(true)
  })
})

describe('the system', () => {
  test('/tmp and /var/tmp are empty and everybody’s, as the host’s', async () => {
    expect(await inside('stat -c %a /tmp /var/tmp; ls -A /tmp /var/tmp; echo hi >/tmp/x; cat /tmp/x')).toBe(
      '1777\n1777\n/tmp:\n\n/var/tmp:\nhi\n',
    )
  })

  test('/dev/shm can be written: browsers and Python’s multiprocessing begin there', async () => {
    expect(await inside('stat -c %a /dev/shm; echo hi >/dev/shm/x; cat /dev/shm/x')).toBe('1777\nhi\n')
  })

  test('/usr, /etc and / cannot be written', async () => {
    const script = 'for f in /usr/x /usr/bin/x /etc/x /x; do touch $f 2>/dev/null && echo $f; done; echo done'
    expect(await inside(script)).toBe('done\n')
  })

  test('/etc has what programs need, and no secrets', async () => {
    const name = Bun.spawnSync(['id', '-un']).stdout.toString()
    expect(
      await inside('ls /etc/shadow /etc/gshadow /etc/ssh /etc/machine-id 2>/dev/null; id -un; id -u'),
    ).toBe(`${name}${userInfo().uid}\n`)
    expect(await inside('test -s /etc/resolv.conf && getent hosts localhost | wc -l')).toMatch(/^[1-9]/)
  })

  test('the network is its own', async () => {
    expect(await inside('readlink /proc/self/ns/net')).not.toBe(`${readlinkSync('/proc/self/ns/net')}\n`)
  })

  test('the agent has no capabilities, gains none, and stays under a filter', async () => {
    const script = 'grep -E "^(CapEff|CapPrm|CapBnd|NoNewPrivs|Seccomp):" /proc/self/status | tr -d "\\t"'
    expect(await inside(script)).toBe(
      'CapPrm:0000000000000000\nCapEff:0000000000000000\nCapBnd:0000000000000000\nNoNewPrivs:1\nSeccomp:2\n',
    )
  })

  test('acg’s init gives nothing away to the agent', async () => {
    const script =
      'cat /proc/1/environ; readlink /proc/1/fd/* /proc/1/exe; (: >/proc/1/mem); ls /proc/self/fd | wc -l'
    // stdin, stdout, stderr, and what ls has open.
    expect(await inside(`(${script}) 2>/dev/null`)).toBe('4\n')
  })
})

describe('a command that is installed in the home', () => {
  const name = `acg-test-${crypto.randomUUID().slice(0, 8)}`
  const bin = join(homedir(), '.local', 'bin')
  const share = join(homedir(), '.local', 'share')
  const made = [join(bin, name), join(share, name)]
  afterAll(() => {
    for (const path of made) rmSync(path, { recursive: true, force: true })
  })

  test('works by its link in ~/.local/bin, with its own folder and nothing else', async () => {
    for (const folder of [bin, join(share, name, 'bin'), join(share, name, 'lib')])
      mkdirSync(folder, { recursive: true })
    writeFileSync(join(share, name, 'lib', 'word'), 'of its own\n')
    const script =
      '#!/bin/sh\ncat "$(dirname "$(readlink -f "$0")")/../lib/word"; ls -A ~/.local/bin ~/.local/share\n'
    writeFileSync(join(share, name, 'bin', 'tool'), script, { mode: 0o755 })
    symlinkSync(`../share/${name}/bin/tool`, join(bin, name))
    const env = { PATH: `${bin}:${process.env.PATH}` }
    const done = await finish([bench.runner('acg'), name], { cwd: bench.project, env })
    expect(done).toEqual({
      exitCode: 0,
      stdout: `of its own\n${homedir()}/.local/bin:\n${name}\n\n${homedir()}/.local/share:\n${name}\n`,
      stderr: '',
    })
  })

  test.each(['in the project', 'elsewhere in the home'])('works by node_modules/.bin %s', async (where) => {
    const top = where === 'in the project' ? bench.project : mkdtempSync(join(homedir(), `.${name}-`))
    made.push(...(top === bench.project ? [] : [top]))
    const modules = join(top, 'node_modules')
    for (const folder of ['.bin', 'tool', 'helper']) mkdirSync(join(modules, folder), { recursive: true })
    writeFileSync(join(modules, 'helper', 'word'), 'of a dependency\n')
    writeFileSync(join(top, 'secret'), 'beside node_modules\n')
    const script = `#!/bin/sh\ncd "$(dirname "$(readlink -f "$0")")/.." && cat helper/word && ls -A ..\n`
    writeFileSync(join(modules, 'tool', 'cli'), script, { mode: 0o755 })
    symlinkSync('../tool/cli', join(modules, '.bin', 'tool'))
    const done = await finish([bench.runner('acg'), join(modules, '.bin', 'tool')], { cwd: bench.project })
    expect(done).toMatchObject({ exitCode: 0, stderr: '' })
    expect(done.stdout).toStartWith('of a dependency\n')
    if (top !== bench.project) expect(done.stdout).toBe(`of a dependency\n${basename(modules)}\n`)
  })
})
