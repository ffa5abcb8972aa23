// Builds dist/acg: the C programs first, since the binary carries them.

import { mkdirSync } from 'node:fs'
import type { BunPlugin } from 'bun'
import { buildBpf } from './bpf/build.ts'

const CFLAGS = ['-std=gnu17', '-Os', '-s', '-Wall', '-Wextra', '-Werror']

/** Programs are static, so that they run in a container that holds no libc of ours. */
const PROGRAM = [...CFLAGS, '-static']
const LIBRARY = [...CFLAGS, '-shared', '-fPIC']

const NATIVE = [
  { file: 'init', flags: PROGRAM, sources: ['init.c', 'relay.c'] },
  { file: 'session', flags: PROGRAM, sources: ['session.c'] },
  { file: 'waker.so', flags: LIBRARY, sources: ['waker.c'] },
]

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
for (const { file, flags, sources } of NATIVE) {
  const command = [
    'cc',
    ...flags,
    '-o',
    `dist/native/${file}`,
    ...sources.map((source) => `native/${source}`),
  ]
  const { exitCode } = Bun.spawnSync(command, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (exitCode !== 0) throw new Error(`${command.join(' ')} failed with exit code ${exitCode}`)
}
if (!process.argv.includes('--native')) {
  await Bun.build({
    entrypoints: ['cli/main.ts', 'cli/import/agentcgroup/worker.ts'],
    // The binary must not read configuration from the folder that it is started in.
    compile: { outfile: 'dist/acg', autoloadDotenv: false, autoloadBunfig: false },
    minify: true,
    // A command loads what it needs of the binary, and no more: 3 ms of a start.
    splitting: true,
    bytecode: true,
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [withoutChildProcess],
  })
}
