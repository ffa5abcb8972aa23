// Builds dist/acg: the C programs first, since the binary carries them.

import { mkdirSync } from 'node:fs'
import type { BunPlugin } from 'bun'
import { buildBpf } from './bpf/build.ts'

const NATIVE = { init: ['init.c', 'relay.c'], session: ['session.c'] }

/** Static, so that they run in a container that holds no libc of ours. */
const CFLAGS = ['-std=gnu17', '-Os', '-static', '-s', '-Wall', '-Wextra', '-Werror']

/** commander can hand subcommands to other programs, which acg never does: to load what for would cost a start 2 ms. */
const withoutChildProcess: BunPlugin = {
  name: 'without child_process',
  setup(build) {
    build.onResolve({ filter: /^node:child_process$/ }, ({ path }) => ({ path, namespace: 'empty' }))
    build.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({
      contents: 'export default {}',
      loader: 'js',
    }))
  },
}

process.chdir(import.meta.dir)
mkdirSync('dist/native', { recursive: true })
buildBpf()
for (const [program, sources] of Object.entries(NATIVE)) {
  const command = [
    'cc',
    ...CFLAGS,
    '-o',
    `dist/native/${program}`,
    ...sources.map((source) => `native/${source}`),
  ]
  const { exitCode } = Bun.spawnSync(command, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (exitCode !== 0) throw new Error(`${command.join(' ')} failed with exit code ${exitCode}`)
}
if (!process.argv.includes('--native')) {
  await Bun.build({
    entrypoints: [
      'cli/main.ts',
      'cli/watch/seccomp/worker.ts',
      'cli/watch/bpf/reader.ts',
      'cli/import/agentcgroup/worker.ts',
    ],
    // The binary must not read configuration from the folder that it is started in.
    compile: { outfile: 'dist/acg', autoloadDotenv: false, autoloadBunfig: false },
    minify: true,
    // A run does not wait for what only other commands need.
    splitting: true,
    bytecode: true,
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [withoutChildProcess],
  })
}
