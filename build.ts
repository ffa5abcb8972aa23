// Builds dist/acg: the C programs first, since the binary carries them.

import { mkdirSync } from 'node:fs'

const NATIVE = { init: ['init.c', 'relay.c'], foreground: ['foreground.c'] }

/** Static, so that they run in a container that holds no libc of ours. */
const CFLAGS = ['-std=gnu17', '-Os', '-static', '-s', '-Wall', '-Wextra', '-Werror']

function run(command: string[]): void {
  const { exitCode } = Bun.spawnSync(command, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (exitCode !== 0) throw new Error(`${command.join(' ')} failed with exit code ${exitCode}`)
}

process.chdir(import.meta.dir)
mkdirSync('dist/native', { recursive: true })
for (const [program, sources] of Object.entries(NATIVE)) {
  run(['cc', ...CFLAGS, '-o', `dist/native/${program}`, ...sources.map((source) => `native/${source}`)])
}
if (!process.argv.includes('--native')) {
  run([
    ...[process.execPath, 'build', '--compile', '--minify', '--bytecode', '--format=esm'],
    // The binary must not read configuration from the folder that it is started in.
    ...['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'],
    ...['--define', `process.env.NODE_ENV="production"`],
    ...['cli/main.ts', 'cli/watch/seccomp/worker.ts', '--outfile', 'dist/acg'],
  ])
}
