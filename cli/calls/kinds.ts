// What programs are for: a table of data. A rule names programs by the last part of their path; `when` looks at
// the words after it. The first rule that fits wins.
//
// The kinds follow the categories of the AgentCgroup study (arXiv 2602.09345), with network apart.

import type { Kind } from '../record/schema.ts'

interface ProgramRule {
  readonly programs: readonly string[]
  readonly when?: RegExp
  readonly kind: Kind
}

/** If several kinds of program ran in one call, the call is of the kind that stands first. */
export const KIND_RANK: readonly Kind[] = [
  'test',
  'install',
  'build',
  'network',
  'git',
  'snippet',
  'run',
  'explore',
  'other',
]

const words = (text: string): string[] => text.trim().split(/\s+/)

const PACKAGE_RUNNERS = words('npm pnpm yarn bun')

const PROGRAM_RULES: readonly ProgramRule[] = [
  {
    programs: words(
      'pytest py.test tox nox nosetests prove jest vitest mocha ava ctest phpunit rspec bats unittest trial',
    ),
    kind: 'test',
  },
  {
    programs: words('make gmake ninja just rake gradle gradlew mvn mvnw meson'),
    when: /(^| )(test|check|verify)\b/,
    kind: 'test',
  },
  {
    programs: words('go cargo dotnet mix swift zig deno stack cabal bazel'),
    when: /^(test|nextest)\b/,
    kind: 'test',
  },
  { programs: PACKAGE_RUNNERS, when: /^((run|run-script) )?(test|t|tst)\b/, kind: 'test' },
  { programs: ['manage.py', 'setup.py'], when: /^test\b/, kind: 'test' },
  { programs: ['node'], when: /(^| )--test\b/, kind: 'test' },

  { programs: PACKAGE_RUNNERS, when: /^(install|i|ci|add|update|upgrade|link)\b/, kind: 'install' },
  { programs: ['yarn', 'pnpm'], when: /^$/, kind: 'install' },
  {
    programs: words('pip pip3 pipx uv conda mamba poetry gem bundle composer'),
    when: /\b(install|add|sync|update|create)\b/,
    kind: 'install',
  },
  { programs: words('apt apt-get aptitude dnf yum apk pacman brew dpkg rpm'), kind: 'install' },
  { programs: ['setup.py'], when: /^(install|develop)\b/, kind: 'install' },
  { programs: ['go', 'cargo'], when: /^(get|install|fetch|mod download)\b/, kind: 'install' },

  {
    programs: words('make gmake ninja cmake meson gradle gradlew mvn mvnw bazel rake just ant scons'),
    kind: 'build',
  },
  {
    programs: words(
      'cc c++ gcc g++ clang clang++ ld as rustc javac tsc esbuild webpack rollup vite swc cc1 cc1plus',
    ),
    kind: 'build',
  },
  {
    programs: words('go cargo dotnet swift zig stack cabal'),
    when: /^(build|check|vet|clippy|compile)\b/,
    kind: 'build',
  },
  { programs: PACKAGE_RUNNERS, when: /^((run|run-script) )?(build|compile)\b/, kind: 'build' },
  { programs: ['setup.py'], when: /^build/, kind: 'build' },

  { programs: words('go cargo dotnet swift'), when: /^run\b/, kind: 'run' },
  { programs: PACKAGE_RUNNERS, when: /^(run|run-script|start)\b/, kind: 'run' },

  { programs: words('git gh hub'), kind: 'git' },
  {
    programs: words('curl wget ssh scp rsync ping dig host nslookup nc ncat telnet aria2c'),
    kind: 'network',
  },

  {
    programs: words(
      'ls cat head tail grep egrep fgrep rg ugrep ag ack find bfs fd fdfind tree wc file stat du df less more sed awk gawk mawk cut sort uniq tr diff cmp jq yq which whereis type readlink realpath basename dirname pwd xxd od hexdump strings nl column tac comm',
    ),
    kind: 'explore',
  },
]

const rulesOf = new Map<string, ProgramRule[]>()
for (const rule of PROGRAM_RULES) {
  for (const program of rule.programs) {
    const rules = rulesOf.get(program)
    if (rules) rules.push(rule)
    else rulesOf.set(program, [rule])
  }
}

/** By a program's name, since every exec is looked up here. */
export const RULES_OF_PROGRAM: ReadonlyMap<string, readonly ProgramRule[]> = rulesOf

/** Programs that run the script that they are given, and the option that gives it as text. */
export const INTERPRETERS: readonly { readonly name: RegExp; readonly textOption: RegExp }[] = [
  { name: /^python[\d.]*$|^pypy[\d.]*$/, textOption: /^-\w*c$/ },
  { name: /^(node|nodejs|bun|deno)$/, textOption: /^(-e|-p|-pe|--eval|--print|eval)$/ },
  { name: /^(perl|ruby)[\d.]*$/, textOption: /^-\w*[eE]$/ },
  { name: /^php[\d.]*$/, textOption: /^-r$/ },
  { name: /^(lua|Rscript|java|guile)[\d.]*$/, textOption: /^-e$/ },
]

/** Shells say nothing of a call's kind; what they run does. */
export const SHELL = /^(ba|da|z|k|fi|a)?sh$/

/** Words before the command that they run: `env`, `timeout 5`, `nice -n 5`. */
export const WRAPPERS = new Set(
  words('env timeout nice nohup time stdbuf setsid sudo command exec xargs ionice chrt taskset npx bunx uvx'),
)

/** Package managers' own wrappers: `uv run pytest` is pytest. */
export const RUN_WRAPPERS = new Set(words('uv poetry pipenv hatch pdm rye'))

/** Shell keywords that a command may follow. */
export const KEYWORDS = new Set(words('if then elif else while until do ! { time'))

/** Builtins, and what only prints, waits or changes folder. */
export const NEUTRAL = new Set(
  words(
    'cd echo printf true false : test [ [[ export set unset source . sleep wait exit trap ulimit umask pushd popd shopt alias eval read local declare let kill date seq tee mkdir touch id whoami hostname uname',
  ),
)
