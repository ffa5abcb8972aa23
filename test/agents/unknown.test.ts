// An agent that no table knows, told by the generic rule alone.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { median } from 'simple-statistics'
import { Workplace } from '../acg.ts'
import { mostOff, type Played, testAgreement } from './agreement.ts'
import { BashStarts } from './bash-starts.ts'
import { compare } from './compare.ts'
import { prepareProject, unknownCommand } from './run.ts'
import { type OwnTruth, readOwnTruth } from './truth.ts'

const MOST_MINUTES = 10

describe('an unknown agent', () => {
  const place = new Workplace()
  let played: Played
  let truth: OwnTruth

  beforeAll(async () => {
    await prepareProject(place.project)
    const { argv } = unknownCommand()
    using starts = new BashStarts()
    const run = await place.run([], argv)
    const bashStartsMs = await starts.stop()
    truth = await readOwnTruth(join(place.project, 'truth.json'))
    played = { run, compared: compare(truth.calls, run.result, mostOff(bashStartsMs, median)), bashStartsMs }
  }, MOST_MINUTES * 60_000)

  afterAll(() => place[Symbol.dispose]())

  testAgreement(() => played)

  test('has its polling counted as housekeeping', () => {
    const polls = played.run.events.filter(
      (event) => event.event === 'exec' && event.argv.join(' ') === truth.polling,
    )
    expect(polls.length).toBeGreaterThan(4)
    expect(played.run.result.processes?.housekeeping).toBeGreaterThanOrEqual(polls.length)
  })
})
