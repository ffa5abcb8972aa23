// The kind of one command: guessed from its text before it ran, proven from what it executed.

import { basename } from 'node:path'
import { type ParseEntry, parse } from 'shell-quote'
import type { Kind } from '../record/schema.ts'
import {
  INTERPRETERS,
  KEYWORDS,
  KIND_RANK,
  NEUTRAL,
  RULES_OF_PROGRAM,
  RUN_WRAPPERS,
  SHELL,
  WRAPPERS,
} from './kinds.ts'
import { shellScript } from './shell-words.ts'

const MOST_NESTED_SHELLS = 4

/** Options with which an interpreter runs nothing. `-v` is none: Python goes on, louder. */
const ASKS_VERSION = /^(-V|--version|-version)$/

/** The kind that stands first in KIND_RANK; `other` if there is none. */
export function foremost(kinds: Iterable<Kind>): Kind {
  const found = new Set(kinds)
  return KIND_RANK.find((kind) => found.has(kind)) ?? 'other'
}

/** In KIND_RANK. */
export function isBefore(kind: Kind, other: Kind): boolean {
  return KIND_RANK.indexOf(kind) < KIND_RANK.indexOf(other)
}

/** What a shell command would be, from its text alone. */
export function guessKind(command: string, nested = 0): Kind {
  const kinds: Kind[] = []
  for (const words of simpleCommands(withoutHereDocuments(command))) {
    const script = nested < MOST_NESTED_SHELLS ? shellScript(unwrap(words)) : null
    kinds.push(script === null ? programKind(words) : guessKind(script, nested + 1))
  }
  return foremost(kinds)
}

/** The kind of an exec: by the name it was given, or else by the file that was executed. */
export function execKind({
  file,
  argv,
}: {
  readonly file: string | null
  readonly argv: readonly string[]
}): Kind {
  const byName = programKind(argv)
  return byName === 'other' && !NEUTRAL.has(basename(argv[0] ?? ''))
    ? programKind([file ?? '', ...argv.slice(1)])
    : byName
}

/** The kind of one program with its arguments. A shell by itself, and what only prints, is `other`. */
export function programKind(argv: readonly string[]): Kind {
  const [program, ...rest] = unwrap(argv)
  if (program === undefined) return 'other'
  const name = basename(program)
  if (SHELL.test(name)) {
    const file = shellFile(rest)
    return file === null ? 'other' : programKind([`./${basename(file)}`])
  }
  const interpreter = INTERPRETERS.find((entry) => entry.name.test(name))
  const text = rest.join(' ')
  const rule = RULES_OF_PROGRAM.get(name)?.find(({ when }) => when?.test(text) ?? true)
  if (rule) return rule.kind
  if (interpreter) return interpretedKind(rest, interpreter.textOption)
  if (NEUTRAL.has(name)) return 'other'
  return program.includes('/') && !/^\/(usr\/)?(s?bin|libexec|lib\w*)\//.test(program) ? 'run' : 'other'
}

function interpretedKind(rest: readonly string[], textOption: RegExp): Kind {
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] as string
    if (textOption.test(word)) return 'snippet'
    if (word === '-m') return moduleKind(rest.slice(at + 1))
    if (word === '-') return 'snippet'
    if (ASKS_VERSION.test(word)) return 'other'
    if (word.startsWith('-')) continue
    const known = programKind([`./${basename(word)}`, ...rest.slice(at + 1)])
    return known === 'other' ? 'run' : known
  }
  // Nothing named: the program comes on stdin.
  return 'snippet'
}

/** python -m NAME is the program NAME. */
function moduleKind([module, ...rest]: readonly string[]): Kind {
  const known = programKind([module ?? '', ...rest])
  return known === 'other' ? 'run' : known
}

/** The name that a person would give to what runs: the module or script rather than its interpreter. */
export function programName(argv: readonly string[]): string {
  const [program = '', ...rest] = unwrap(argv)
  const name = basename(program)
  const isInterpreter = INTERPRETERS.some((entry) => entry.name.test(name)) || SHELL.test(name)
  if (!isInterpreter) return name
  const named = rest[0] === '-m' ? rest[1] : rest[0]
  return named === undefined || named.startsWith('-') ? name : basename(named)
}

/** The words of the command that wrappers and assignments stand before. */
function unwrap(argv: readonly string[]): readonly string[] {
  let at = 0
  let wrapped = false
  for (; at < argv.length; at++) {
    const word = argv[at] as string
    if (KEYWORDS.has(word)) continue
    if (WRAPPERS.has(basename(word))) wrapped = true
    else if (RUN_WRAPPERS.has(word) && argv[at + 1] === 'run') at++
    else if (/^\w+=/.test(word) || (wrapped && /^(-|\d+(\.\d+)?[smhd]?$)/.test(word))) continue
    else break
  }
  return argv.slice(at)
}

/** The script file that a shell is given, or null: it has a text (-c) or reads its commands from stdin. */
export function shellFile(rest: readonly string[]): string | null {
  if (rest.some((word) => /^-\w*c$/.test(word))) return null
  const file = rest.find((word) => !word.startsWith('-') && !word.startsWith('+'))
  return file ?? null
}

function withoutHereDocuments(command: string): string {
  return command.replace(/<<-?\s*(['"]?)(\w+)\1([^\n]*)\n[\s\S]*?\n\s*\2(?=\n|$)/g, '<<$2$3')
}

/** The commands between `;`, `&&`, `|` and the like. shell-quote keeps words and operators apart. */
function simpleCommands(command: string): string[][] {
  const commands: string[][] = [[]]
  let isTarget = false
  for (const entry of tokens(endedLines(command))) {
    if (typeof entry === 'object' && 'op' in entry && entry.op !== 'glob') {
      // What follows a redirection is its target, no word of the command.
      isTarget = /[<>]/.test(entry.op)
      if (!isTarget) commands.push([])
      continue
    }
    const word = typeof entry === 'string' ? entry : 'pattern' in entry ? entry.pattern : null
    if (word !== null && !isTarget) commands.at(-1)?.push(word)
    isTarget = false
  }
  return commands.filter((words) => words.length > 0)
}

/** shell-quote takes a line's end for a blank: outside quotes it ends a command. */
function endedLines(command: string): string {
  return command.replace(/'[^']*'|"(?:[^"\\]|\\.)*"|\\[\s\S]|\n/g, (found) =>
    found === '\n' ? ' ; ' : found,
  )
}

function tokens(line: string): ParseEntry[] {
  try {
    // Variables stay as they are written.
    return parse(line, (name) => `$${name}`)
  } catch {
    // Not what shell-quote understands, such as ${x/y}: its plain words still tell something.
    return line.split(/\s+/).filter((word) => word !== '')
  }
}
