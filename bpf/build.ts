// What the binary carries of BPF: the compiled program, and libbpf with the libraries that it needs, as the
// distribution made them. They go to dist/native; embedded.js there names them in an order in which they load.

import { copyFileSync, realpathSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const FOLDER = join(import.meta.dir, '..', 'dist', 'native')
const OBJECT = 'programs.bpf.o'

/** For the machine's own libraries; libc is everywhere, and there must be one of it. */
const NOT_CARRIED = /^(linux-vdso|ld-linux|libc\.)/

/** The object keeps its BTF (-g); -mcpu=v3 is what has atomic operations, from Linux 5.12 on. */
const CFLAGS = [
  '-target',
  'bpf',
  '-mcpu=v3',
  '-O2',
  '-g',
  '-Wall',
  '-Wextra',
  '-Wno-unused-parameter',
  '-Werror',
]

export function buildBpf(): void {
  compilePrograms()
  const libraries = libbpfAndWhatItNeeds()
  for (const [name, path] of libraries) copyFileSync(realpathSync(path), join(FOLDER, name))
  writeFileSync(join(FOLDER, 'embedded.js'), listing(libraries.map(([name]) => name)))
}

/** What watches runs, and what tells whose a process is. */
export function compilePrograms(into = join(FOLDER, OBJECT)): void {
  // Not with the host's own headers first: what clang has for BPF does not agree with them.
  const include = `-I/usr/include/${run('cc', '-dumpmachine')}`
  run('clang', ...CFLAGS, include, '-c', join(import.meta.dir, 'programs.bpf.c'), '-o', into)
}

/** Name and path; what a library needs comes before it. */
function libbpfAndWhatItNeeds(): [name: string, path: string][] {
  const libbpf = run('cc', '-print-file-name=libbpf.so.1')
  if (!libbpf.startsWith('/')) throw new Error('libbpf.so.1 is not installed\n  hint: ./install.sh --deps')
  const all = [['libbpf.so.1', libbpf] as [string, string], ...needed(libbpf)]
  // A library needs strictly more than each of those that it needs.
  return all.sort(([, a], [, b]) => needed(a).length - needed(b).length)
}

function needed(library: string): [name: string, path: string][] {
  return [...run('ldd', library).matchAll(/^\s*(\S+) => (\/\S+)/gm)]
    .map(([, name, path]) => [basename(name as string), path as string] as [string, string])
    .filter(([name]) => !NOT_CARRIED.test(name))
}

function listing(names: readonly string[]): string {
  const imports = names.map((name, at) => `import library${at} from './${name}' with { type: 'file' }`)
  return [
    ...imports,
    `import programs from './${OBJECT}' with { type: 'file' }`,
    `export const LIBBPF = [${names.map((_, at) => `library${at}`).join(', ')}]`,
    'export const PROGRAMS = programs',
    '',
  ].join('\n')
}

function run(...command: string[]): string {
  const { exitCode, stdout } = Bun.spawnSync(command, { stdio: ['ignore', 'pipe', 'inherit'] })
  if (exitCode !== 0) throw new Error(`${command.join(' ')} failed with exit code ${exitCode}`)
  return stdout.toString().trim()
}
