import { describe, expect, test } from 'bun:test'
import { shebangInterpreter } from './shebang.ts'

describe('shebangInterpreter()', () => {
  const table: [first: string, interpreter: string | null][] = [
    ['#!/bin/sh\necho', '/bin/sh'],
    ['#! /bin/bash -e\n', '/bin/bash'],
    ['#!\t/bin/bash', '/bin/bash'],
    ['#!/usr/bin/env python3\n', 'python3'],
    ['#!/usr/bin/env -S node --no-warnings\n', 'node'],
    ['#!/usr/bin/env\n', null],
    ['#!/usr/bin/env\npython3', null],
    ['#!\n/bin/sh', null],
    ['#!', null],
    ['', null],
    ['\x7fELF\x02', null],
    [' #!/bin/sh', null],
    ['echo\n#!/bin/sh\n', null],
  ]
  for (const [first, interpreter] of table) {
    test(`reads ${interpreter} from ${JSON.stringify(first)}`, () => {
      expect(shebangInterpreter(Buffer.from(first))).toBe(interpreter)
    })
  }
})
