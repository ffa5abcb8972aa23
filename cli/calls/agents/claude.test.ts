import { describe, expect, test } from 'bun:test'
import { CLAUDE } from './claude.ts'
import { classifyExec, commandOf, type ExecRole } from './profile.ts'

const SNAPSHOT = '/home/dev/.claude/shell-snapshots/snapshot-bash-1700000000000-abc123.sh'
const GUARD = `\\builtin shopt -u extglob 2>/dev/null || true && { \\builtin unalias -- 'which'; } >/dev/null 2>&1 || true`
const TAIL = 'pwd -P >| /tmp/claude-0a1b-cwd'

const quote = (text: string) => (/^\w+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`)
const inSnapshot = (command: string) =>
  `source ${SNAPSHOT} 2>/dev/null || true && ${GUARD} && eval ${quote(command)} < /dev/null && ${TAIL}`
const bash = (...words: string[]) => ['/bin/bash', '-c', ...words]
const judge = (argv: string[], file = argv[0]!) => {
  const judgement = classifyExec(CLAUDE, { file, argv })
  return { ...judgement, command: commandOf(judgement, argv).text }
}

describe('a command of the model', () => {
  const commands = [
    'ls',
    'date +%s.%N; ls src; date +%s.%N',
    `python3 - <<'EOF'\ntext = "it's \\"quoted\\" $HOME \\\\ and \`ticked\` — ünïcode"\nEOF\necho 'done'`,
    `printf '%s\\n' a\\ b "$HOME"`,
    '\n  echo lead\n',
    '# comment\necho after',
    `echo 'it'\\''s'`,
    'echo hi! {a,b} *.txt ~ # end',
    `git commit -m 'eval "x"'`,
    'eval ls',
    'ps aux | grep -E "code"',
    'env',
    '',
  ]
  for (const command of commands) {
    test(JSON.stringify(command), () => {
      expect(judge(bash(inSnapshot(command)))).toMatchObject({ role: 'call', command })
    })
  }

  test('without a snapshot, in a login shell', () => {
    const text = `${GUARD} && eval 'echo hi!' < /dev/null && ${TAIL}`
    expect(judge(bash('-l', text))).toMatchObject({ role: 'call', command: 'echo hi!' })
  })

  test('behind the check for an old bash', () => {
    const check = `{ case "\${BASH_VERSINFO-}" in '2'|'3') \\exit 126;; esac; } && `
    expect(judge(bash(check + inSnapshot('echo `date`')))).toMatchObject({
      role: 'call',
      command: 'echo `date`',
    })
  })

  test('behind a prefix that the user configured', () => {
    const text = `/usr/bin/nice ${quote(inSnapshot("echo 'a b'"))}`
    expect(judge(bash(text))).toMatchObject({ role: 'call', command: "echo 'a b'" })
  })

  test('in zsh', () => {
    const text = `setopt NO_EXTENDED_GLOB NO_BARE_GLOB_QUAL 2>/dev/null || true && eval 'ls -la' < /dev/null`
    expect(judge(['/bin/zsh', '-c', text])).toMatchObject({ role: 'call', command: 'ls -la' })
  })

  test('cut off within the command, or before it', () => {
    const whole = inSnapshot(`echo ${'x'.repeat(5000)}`)
    const cut = judge(bash(whole.slice(0, 4096)))
    expect(cut.role).toBe('call')
    expect(cut.command).toMatch(/^echo x+$/)
    expect(judge(bash(whole.slice(0, 150))).role).toBe('call')
  })
})

describe('everything else', () => {
  const table: [role: ExecRole, what: string, argv: string[]][] = [
    [
      'housekeeping',
      'snapshot',
      bash('-l', `SNAPSHOT_FILE=${SNAPSHOT}\n      \n      source "/home/dev/.bashrc" < /dev/null\n`),
    ],
    ['housekeeping', 'environment', bash('env')],
    [
      'housekeeping',
      'git status',
      ['/usr/bin/git', '-c', 'core.askPass=', '--no-optional-locks', 'status', '--short'],
    ],
    [
      'housekeeping',
      'git ls-files',
      ['git', '-c', 'core.hooksPath=/dev/null', 'ls-files', '--error-unmatch', '--', 'x'],
    ],
    [
      'housekeeping',
      'git cat-file',
      ['/usr/bin/git', '-c', 'core.fsmonitor=', '--literal-pathspecs', 'cat-file', '--batch'],
    ],
    ['housekeeping', 'editors', ['/bin/sh', '-c', 'ps aux | grep -E "code|cursor" | grep -v grep']],
    ['housekeeping', 'search', ['rg', '--no-config', '--files', '--hidden', '/project']],
    [
      'housekeeping',
      'git host',
      ['ssh', '-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=2', 'git@example.org'],
    ],
    ['service', 'hook', ['/bin/sh', '-c', 'sh "$CLAUDE_PROJECT_DIR"/.claude/hook.sh']],
    ['service', 'MCP server', ['python3', 'mcp_clock.py']],
    ['service', 'MCP server by a shell script', ['bash', 'start-server.sh']],
  ]
  for (const [role, what, argv] of table) test(`${what}: ${role}`, () => expect(judge(argv).role).toBe(role))

  test('goes by argv[0] where the agent executes itself', () => {
    expect(judge(['rg', '--files'], '/opt/claude/bin/claude').role).toBe('housekeeping')
  })
})
