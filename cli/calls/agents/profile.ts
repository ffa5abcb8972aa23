// What is known of one agent, as data: how to start it, what it needs of the user's own configuration, and what
// its own process executes. Only what is exec'ed directly under that process is judged here; what runs below
// inherits, and which process that is (launchers aside) is found by who follows the process tree.

import { basename } from 'node:path'
import { readCommand, shellScript, shellText } from '../shell-words.ts'

/**
 * call: carries out a command of the model. service: what the user configured, such as MCP servers and hooks.
 * housekeeping: the agent's own errands. shell: one that the agent keeps, whose every job is a call.
 */
export type ExecRole = 'call' | 'service' | 'housekeeping' | 'shell'

/** All conditions that are there must hold. */
export interface When {
  /** What argv[0] may be, less its folder. */
  readonly programs?: readonly string[]
  /** The first words after argv[0], one by one. */
  readonly words?: readonly (string | RegExp)[]
  /** Holds for each word after argv[0]. */
  readonly everyWord?: RegExp
  /** Holds for the text that a shell is given with -c. */
  readonly shellText?: RegExp
}

export interface Rule {
  readonly role: ExecRole
  /** What this is, for people. */
  readonly what: string
  readonly when: When
  /** The model's command is the word after this one in the shell's text, its quoting undone. */
  readonly commandAfter?: string
}

/** A file or folder of the user's own configuration that the agent needs. */
export interface ConfigFile {
  /** Under the config folder, where it is copied to as well. */
  readonly path: string
  /** Stands in HOME instead for as long as the user has not moved the config folder. */
  readonly inHome?: boolean
  /** Holds credentials, or may: to be deleted after the run. */
  readonly secret: boolean
}

export interface AgentConfig {
  /** The variable that tells the agent where its config folder is. */
  readonly variable: string
  /** Where it is otherwise, under HOME. */
  readonly path: string
  readonly copy: readonly ConfigFile[]
  /** What the agent makes of its secret files in the same folder: to be deleted after the run as well. */
  readonly secretCopies: readonly string[]
  /** A glob under the config folder: what the agent writes down of its calls. */
  readonly transcripts: string
}

export interface AgentProfile {
  readonly name: string
  /** Base names of the command that the user types, and of the program that the agent is. */
  readonly commands: readonly string[]
  /** Variables to hand through from the caller; a name may end in `*`. */
  readonly environment: readonly string[]
  /** Variables that are not, though a `*` covers them: an outer session's own. */
  readonly environmentExcept: readonly string[]
  /** Variables that are set in any case, unless the caller has set them. */
  readonly sets: Readonly<Record<string, string>>
  readonly config: AgentConfig | null
  /** The first that fits wins. */
  readonly rules: readonly Rule[]
  readonly otherwise: ExecRole
  /** Whether equal execs at even intervals are the agent's polling. A closed table knows without. */
  readonly findsPolling: boolean
}

/** What a watch backend knows of an exec, as far as it matters here. */
export interface DirectExec {
  readonly file: string | null
  readonly argv: readonly string[]
}

/** Why an exec is what it is. */
export type Judgement = Pick<Rule, 'role' | 'what' | 'commandAfter'>

export interface Command {
  /** The model's command where the profile can read it, else argv as one line. */
  readonly text: string
  /** What a shell is given to run, or null if this is no shell with a text. */
  readonly script: string | null
}

/** What the exec of a process directly under the agent's own is. */
export function classifyExec(profile: AgentProfile, { file, argv }: DirectExec): Judgement {
  const program = programName(argv[0] ?? file ?? '')
  const rule = profile.rules.find(({ when }) => fits(when, program, argv))
  return rule ?? { role: profile.otherwise, what: 'not in the table' }
}

/** What an exec that was judged so carries out. */
export function commandOf({ commandAfter }: Judgement, argv: readonly string[]): Command {
  const asked = commandAfter === undefined ? null : readCommand(argv, commandAfter)
  return { text: asked ?? argv.join(' '), script: asked ?? shellScript(argv) }
}

function fits(when: When, program: string, argv: readonly string[]): boolean {
  if (when.programs && !when.programs.includes(program)) return false
  const words = argv.slice(1)
  if (when.words && !when.words.every((wanted, at) => matches(wanted, words[at]))) return false
  if (when.everyWord && !words.every((word) => when.everyWord?.test(word))) return false
  return !when.shellText || when.shellText.test(shellText(argv) ?? '')
}

/** A login shell's argv[0] begins with a dash. */
function programName(word: string): string {
  return basename(word).replace(/^-/, '')
}

function matches(wanted: string | RegExp, word: string | undefined): boolean {
  if (word === undefined) return false
  return typeof wanted === 'string' ? word === wanted : wanted.test(word)
}
