// Builds dist/acg: the C programs first, since the binary carries them.

import { mkdirSync } from 'node:fs'
import type { BunPlugin } from 'bun'
import { buildBpf } from './bpf/build.ts'

const CFLAGS = ['-std=gnu17', '-Os', '-s', '-Wall', '-Wextra', '-Werror']

/** Programs are static, so that they run in a container that holds no libc of ours. */
const PROGRAM = [...CFLAGS, '-static']
/** Bound to itself: a function of the same name in Bun would be taken for its own. */
const LIBRARY = [...CFLAGS, '-shared', '-fPIC', '-pthread', '-Wl,-Bsymbolic']

const NATIVE = [
  { file: 'init', flags: PROGRAM, sources: ['native/init.c', 'native/relay.c'] },
  { file: 'waker.so', flags: LIBRARY, sources: ['native/waker.c', 'native/thread.c'] },
  {
    file: 'listener.so',
    flags: LIBRARY,
    sources: ['native/thread.c', ...new Bun.Glob('native/listener/*.c').scanSync(import.meta.dir)],
  },
]

/**
 * What commander does at a start and acg does not need. Of Node's modules it takes little, and loads all: `child_process`
 * for subcommands that are other programs, which acg never has, and `util` for one function that Bun has too; each
 * would cost 1 to 2 ms. Bun asks no plugin where its own modules are, so that the import itself has to go. And each option
 * it looks for among all by calls, and spells its key anew whenever it asks, until the engine compiles that.
 */
const CHANGES_TO_COMMANDER: readonly (readonly [file: string, statement: string, instead: string])[] = [
  ['command.js', "import childProcess from 'node:child_process';", 'const childProcess = {};'],
  [
    'command.js',
    "import { stripVTControlCharacters } from 'node:util';",
    'const stripVTControlCharacters = Bun.stripANSI;',
  ],
  [
    'help.js',
    "import { stripVTControlCharacters } from 'node:util';",
    'const stripVTControlCharacters = Bun.stripANSI;',
  ],
  [
    'command.js',
    'return this.options.find((option) => option.is(arg));',
    'for (const option of this.options) if (option.short === arg || option.long === arg) return option;',
  ],
  ['option.js', 'return camelcase(this.name());', 'return (this.key ??= camelcase(this.name()));'],
]

const waitingChanges = new Set(CHANGES_TO_COMMANDER)

const lighterCommander: BunPlugin = {
  name: 'lighter commander',
  setup(build) {
    build.onLoad({ filter: /\/commander\/lib\/(command|help|option)\.js$/ }, async ({ path }) => {
      let contents = await Bun.file(path).text()
      for (const change of CHANGES_TO_COMMANDER) {
        const [file, statement, instead] = change
        if (!path.endsWith(`/${file}`) || !contents.includes(statement)) continue
        contents = contents.replace(statement, instead)
        waitingChanges.delete(change)
      }
      return { contents, loader: 'js' }
    })
  },
}

process.chdir(import.meta.dir)
mkdirSync('dist/native', { recursive: true })
buildBpf()
for (const { file, flags, sources } of NATIVE) {
  const command = ['cc', ...flags, '-o', `dist/native/${file}`, ...sources]
  const { exitCode } = Bun.spawnSync(command, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (exitCode !== 0) throw new Error(`${command.join(' ')} failed with exit code ${exitCode}`)
}
if (!process.argv.includes('--native')) {
  await Bun.build({
    entrypoints: ['cli/main.ts', 'cli/import/agentcgroup/worker.ts'],
    compile: {
      outfile: 'dist/acg',
      // The binary must not read configuration from the folder that it is started in.
      autoloadDotenv: false,
      autoloadBunfig: false,
      // A run's supervisor works beside what it measures: only what runs so many times as often as usual is compiled.
      jitPolicy: 20,
    },
    minify: true,
    // A run does not wait for what only other commands need.
    splitting: true,
    bytecode: true,
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [lighterCommander],
  })
  for (const [file, statement] of waitingChanges)
    throw new Error(`commander's ${file} has no \`${statement}\`: see CHANGES_TO_COMMANDER`)
}
