import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { KINDS, type Kind } from '../record/vocabulary.ts'
import { execKind, foremost, guessKind, programKind, programName, shellFile } from './classify.ts'

const GUESSES: Readonly<Record<Kind, readonly string[]>> = {
  test: [
    'pytest -q',
    'python -m pytest',
    '/usr/bin/python3.11 -m unittest -v',
    'npm test',
    'npm run test:unit',
    'npx jest',
    'node --test',
    'bun test',
    'cargo test',
    'go test ./...',
    'make check',
    'make -j4 test',
    './gradlew test',
    'poetry run python manage.py test',
    'uv run pytest',
    'timeout -k 5 10s pytest',
    'env FOO=1 npm test',
    'FOO=1 pytest',
    'bash -c "pytest"',
    `bash -c "bash -c 'pytest'"`,
    'cd x && pytest > out.txt 2>&1',
    'if true; then pytest; fi',
    'true || pytest',
    'ls\npytest',
    '. venv/bin/activate; pytest',
    '/tmp/venv/bin/pytest',
    'x=$(pytest)',
  ],
  install: [
    'npm ci',
    'yarn',
    'bun install',
    'pip install x',
    'python -m pip install x',
    'uv pip install x',
    'sudo apt-get install -y jq',
    // Not the test that the command line ends with, but what stands first in KIND_RANK.
    'npm install && npm run build',
  ],
  build: [
    'make',
    'npm run build',
    'cargo build',
    'tsc --noEmit',
    'npx tsc',
    'nice -n 5 make',
    `bash -lc 'cd x && make'`,
    '(cd x && make)',
    '{ make; }',
    'sleep 1 & make',
    // Not what shell-quote understands.
    'ls "a b"; $' + '{x/y/z} && make',
  ],
  git: [
    'git status',
    'git -C x log',
    'cd x && git diff | head',
    'git commit -m "run pytest\n\nmake test"',
    `git commit -m "$(cat <<'EOF'\nfix\n\npytest\nEOF\n)"`,
  ],
  explore: [
    'ls -la',
    'cat a | grep b',
    'sed -n 1,5p f',
    'find . | xargs wc -l',
    '! grep -q x f',
    'ls # pytest',
    // A target, a here-document and a pattern are no commands.
    'cat < pytest',
    'cat <<EOF > f\npytest\nEOF',
    'grep -rn "make test" .',
  ],
  snippet: [
    'python3 -c "print(1)"',
    `python3 - <<'EOF'\nprint('pytest')\nEOF`,
    'node -e "1"',
    'python3 < script',
    'perl -pe s/a/b/ f',
  ],
  run: [
    'python script.py',
    './run.sh',
    'bash run.sh',
    'nohup python server.py &',
    'java -jar x.jar',
    'go run main.go',
    'npm start',
    'npm run dev',
    'python -m http.server',
  ],
  network: ['curl -s https://example.org', 'wget x', 'ssh host'],
  other: [
    '',
    '# only a comment',
    'echo hi',
    'sleep 3',
    `echo 'pytest; make'`,
    'docker ps',
    'while read l; do echo $l; done < f',
    'python3 --version',
    'node --version',
  ],
}

describe('guessKind()', () => {
  for (const kind of KINDS)
    for (const command of GUESSES[kind])
      test(`says ${kind} of ${JSON.stringify(command)}`, () => expect(guessKind(command)).toBe(kind))

  test('says one of the kinds of any text: a model can write anything', () => {
    const piece = fc.constantFrom(
      'bash -c ',
      "'",
      '"',
      '$(',
      '`',
      '<<E\n',
      '|',
      '&&',
      '\\',
      'ls',
      ' ',
      '${x/',
      '\n',
    )
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(piece).map((parts) => parts.join('')),
    )
    fc.assert(fc.property(text, (command) => expect(KINDS).toContain(guessKind(command))))
  })

  test('gives up on shells within shells rather than go on for ever', () => {
    const nested = Array.from({ length: 12 }).reduce<string>(
      (inner) => `sh -c ${JSON.stringify(inner)}`,
      'make',
    )
    expect(guessKind(nested)).toBe('other')
  })
})

describe('execKind()', () => {
  const table: [kind: Kind, file: string, argv: string[]][] = [
    ['explore', '/opt/agent/bin/agent', ['rg', '--files']],
    ['git', '/usr/bin/git', ['anything', 'status']],
    ['test', '/usr/bin/python3', ['/usr/bin/python3', '/usr/bin/pytest', '-q']],
    ['run', '/project/tool', ['tool']],
    ['other', '/usr/bin/sleep', ['sleep', '1']],
    // A name that only prints is believed: coreutils may be one file for all of them.
    ['other', '/project/coreutils', ['echo', 'hi']],
    // A shell with a text says nothing of itself: what it executes does.
    ['other', '/bin/bash', ['bash', '-c', 'pytest']],
    ['run', '/bin/bash', ['bash', 'build.sh']],
    ['other', '', []],
  ]
  for (const [kind, file, argv] of table) {
    test(`says ${kind} of ${file} as ${JSON.stringify(argv)}`, () =>
      expect(execKind({ file, argv })).toBe(kind))
  }
})

test('programKind() says run of programs outside the system’s folders alone', () => {
  expect(programKind(['/usr/local/bin/tool'])).toBe('run')
  expect(programKind(['/usr/libexec/tool'])).toBe('other')
  expect(programKind(['tool'])).toBe('other')
})

describe('programName()', () => {
  const table: [name: string, argv: string[]][] = [
    ['pytest', ['/usr/bin/python3', '-m', 'pytest', '-q']],
    ['script.py', ['python3', './tools/script.py']],
    ['python3', ['python3', '-c', 'print(1)']],
    ['make', ['timeout', '5', 'make']],
    ['bash', ['bash', '-c', 'ls']],
    ['', []],
  ]
  for (const [name, argv] of table) {
    test(`calls ${JSON.stringify(argv)} ${JSON.stringify(name)}`, () => expect(programName(argv)).toBe(name))
  }
})

test('shellFile() finds the script, and none where the shell has a text or reads its input', () => {
  expect(shellFile(['-e', 'build.sh', 'all'])).toBe('build.sh')
  expect(shellFile(['-lc', 'make'])).toBeNull()
  expect(shellFile(['-s'])).toBeNull()
})

test('foremost() goes by rank, whatever the order', () => {
  expect(foremost(['explore', 'git', 'test'])).toBe('test')
  expect(foremost(['test', 'explore'])).toBe('test')
  expect(foremost([])).toBe('other')
})
