import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { readCommand, shellText, shellWords } from './shell-words.ts'

const quote = (text: string) => `'${text.replaceAll("'", `'"'"'`)}'`

describe('shellWords()', () => {
  const table: [text: string, words: string[]][] = [
    ['a b  c', ['a', 'b', 'c']],
    [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
    [`x'y'"z"`, ['xyz']],
    [`''`, ['']],
    ['a\\ b', ['a b']],
    [`"a\\"b\\$c\\nd"`, ['a"b$c\\nd']],
    [`'a\\'`, ['a\\']],
    ["'first\nsecond'", ['first\nsecond']],
    ["'cut off", ['cut off']],
    ['"cut off', ['cut off']],
    ['a\\', ['a']],
  ]
  for (const [text, words] of table) test(JSON.stringify(text), () => expect(shellWords(text)).toEqual(words))

  test('undoes what any text was quoted with', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(shellWords(words.map(quote).join(' '))).toEqual(words)
      }),
    )
  })
})

describe('shellText()', () => {
  const table: [argv: string[], text: string | null][] = [
    [['bash', '-c', 'ls'], 'ls'],
    [['bash', '-c', '-l', 'ls'], 'ls'],
    [['bash', '-lc', 'ls'], 'ls'],
    [['bash', '-c', '- ls'], '- ls'],
    [['bash', 'script.sh'], null],
    [['bash', '-c'], null],
    [['bash'], null],
  ]
  for (const [argv, text] of table) test(argv.join(' '), () => expect(shellText(argv)).toBe(text))
})

describe('readCommand()', () => {
  const bash = (text: string) => ['/bin/bash', '-c', text]

  test('reads the word after the marker', () => {
    expect(readCommand(bash(`true && eval ${quote("echo 'a b'")} < /dev/null`), 'eval')).toBe("echo 'a b'")
    expect(readCommand(bash('true && eval ls < /dev/null'), 'eval')).toBe('ls')
  })

  test('reads through a prefix that takes the text as one word', () => {
    const inner = `source x && eval ${quote("echo 'a b'")}`
    expect(readCommand(bash(`/usr/bin/nice ${quote(inner)}`), 'eval')).toBe("echo 'a b'")
  })

  test('reads what is left of a text that was cut off', () => {
    expect(readCommand(bash(`true && eval 'echo long and lo`), 'eval')).toBe('echo long and lo')
    expect(readCommand(bash('true && ev'), 'eval')).toBeNull()
  })

  test('says null without a marker, without a text', () => {
    expect(readCommand(bash('evaluate this'), 'eval')).toBeNull()
    expect(readCommand(['bash', 'eval.sh'], 'eval')).toBeNull()
  })
})
