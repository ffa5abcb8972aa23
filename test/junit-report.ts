// What bun test wrote down of a run of tests, as JUnit XML.

import { readFileSync } from 'node:fs'
import { DOMParser, type Element } from '@xmldom/xmldom'

export interface TestReport {
  readonly passed: number
  readonly skipped: number
  readonly failures: readonly TestFailure[]
}

export interface TestFailure {
  /** Relative to the checkout. */
  readonly file: string
  /** The names of the groups around it, and its own. */
  readonly name: string
  readonly said: string
}

/** Throws where the file cannot be read or is no XML. */
export function readTestReport(path: string): TestReport {
  const document = new DOMParser().parseFromString(readFileSync(path, 'utf8'), 'text/xml')
  const tests = [...document.getElementsByTagName('testcase')]
  const having = (tag: string) => tests.filter((test) => child(test, tag) !== undefined)
  const failed = having('failure')
  const skipped = having('skipped').length
  return {
    passed: tests.length - failed.length - skipped,
    skipped,
    failures: failed.map((test) => ({
      file: test.getAttribute('file') ?? '',
      name: `${test.getAttribute('classname') ?? ''} > ${test.getAttribute('name') ?? ''}`.replace(
        /^ > /,
        '',
      ),
      said: saidBy(child(test, 'failure') as Element),
    })),
  }
}

function child(parent: Element, tag: string): Element | undefined {
  return [...parent.getElementsByTagName(tag)][0]
}

function saidBy(failure: Element): string {
  return failure.textContent?.trim() || failure.getAttribute('message') || ''
}
