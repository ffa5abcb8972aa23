// What acg adds to a container's start and end, against the same Podman line without acg's init and sockets.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { daemonSocket } from '../cli/places.ts'
import { installInit } from '../cli/sandbox/init-program.ts'
import { prepare } from '../cli/supervisor/preparation.ts'
import { defaultRequest } from '../cli/supervisor/request.ts'
import { ACG } from '../test/acg.ts'
import { hasSystemd, Served, skipReason } from '../test/daemon/served.ts'
import { type Benchmark, inProject } from './benchmark.ts'
import { type Act, command, comparePairs, type Figure } from './pairs.ts'

export const start: Benchmark = {
  name: 'start',
  about: 'acg run -- true against the same Podman line',
  async run({ pairs, where, wants, progress }) {
    return inProject(async (project) => {
      const acg = (daemonSocket: string) =>
        command([ACG, 'run', '--quiet', '--', 'true'], project, { ACG_DAEMON_SOCKET: daemonSocket })
      const alone = acg(join(project, 'nobody-listens'))
      const plan = prepare(defaultRequest(['true']))
      const words = [plan.podman, ...withoutAcg(plan.podmanArguments(null))]
      const podman = command(words, project)
      const compare = (id: string, what: string, act: Act, control: Act) =>
        comparePairs({ id, what, where }, act, control, pairs, progress)
      const figures: Figure[] = []
      try {
        if (wants('line'))
          figures.push(
            await compare(
              'start',
              'acg run -- true / the same Podman line without init, lifeline and listener',
              alone,
              podman,
            ),
          )
        if (wants('by-hand')) {
          const byHand = command(handwritten(plan.podman, words, project), project)
          figures.push(
            await compare('start.by-hand', 'acg run -- true / what one would type by hand', alone, byHand),
          )
        }
        if (wants('floor')) {
          const empty = await buildEmptyRun(join(project, 'empty-run'))
          figures.push(
            await compare(
              'start.floor',
              'a program of Bun’s that does nothing but start the Podman line / the same Podman line',
              command([empty, ...words], project),
              podman,
            ),
          )
        }
        if (wants('daemon'))
          figures.push(
            ...(await withDaemon((socket) =>
              compare(
                'start.daemon',
                'acg run -- true, watched by the daemon / the same Podman line',
                acg(socket),
                podman,
              ),
            )),
          )
        if (wants('control'))
          figures.push(await compare('start.control', 'the Podman line / itself (A/A)', podman, podman))
        return figures
      } finally {
        rmSync(plan.sandboxFolder, { recursive: true, force: true })
      }
    })
  },
}

/** With nothing of acg's in it. Returns its path. */
async function buildEmptyRun(outfile: string): Promise<string> {
  await Bun.build({
    entrypoints: [join(import.meta.dir, 'empty-run.ts')],
    compile: { outfile, autoloadDotenv: false, autoloadBunfig: false },
    minify: true,
    bytecode: true,
    format: 'esm',
  })
  return outfile
}

/** With the machine's daemon, or one of this process's own where no systemd would start it. */
async function withDaemon(use: (socket: string) => Promise<Figure>): Promise<Figure[]> {
  if (existsSync(daemonSocket())) return [await use(daemonSocket())]
  const lack = hasSystemd ? 'no daemon listens: ./install.sh --daemon' : skipReason()
  if (lack !== null) {
    console.error(`SKIPPED start.daemon: ${lack}`)
    return []
  }
  const folder = mkdtempSync(join(tmpdir(), 'acg-daemon-'))
  const served = new Served(folder)
  try {
    await served.start()
    return [await use(served.socket)]
  } finally {
    await served.remove()
    rmSync(folder, { recursive: true })
  }
}

/** The line as acg gives it, less what belongs to acg's own supervision. */
function withoutAcg(args: readonly string[]): string[] {
  const dropped = new Set(['--name', '--label', '--pidfile', '--conmon-pidfile', '--preserve-fds'])
  const init = installInit()
  const kept: string[] = []
  for (let at = 0; at < args.length; at++) {
    const word = args[at] as string
    if (dropped.has(word) || (word === '--mount' && args[at + 1]?.includes(init))) at++
    else kept.push(word)
  }
  const command = kept.indexOf('/.acg/init')
  return [...kept.slice(0, command), ...kept.slice(kept.indexOf('--', command) + 1)]
}

/** A container with the host's programs and the project, as short as it can be said. */
function handwritten(podman: string, words: readonly string[], project: string): string[] {
  const kept = ['--runtime', '--network', '--ulimit', '--userns']
  const needed = words.flatMap((word, at) => (kept.includes(word) ? [word, words[at + 1] as string] : []))
  const runtime = needed[0] === '--runtime' ? needed.splice(0, 2) : []
  const rootfs = words[words.indexOf('--rootfs') + 1] as string
  return [
    ...[
      podman,
      ...runtime,
      'run',
      '--rm',
      '-i',
      ...needed,
      '-v',
      '/usr:/usr:ro',
      '-v',
      `${project}:${project}`,
    ],
    ...['-w', project, '-e', `HOME=${homedir()}`, '--rootfs', rootfs, 'true'],
  ]
}
