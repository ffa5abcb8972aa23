// The real Claude Code under acg, playing the scenario: does acg see every call, and nothing but calls?

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { median } from 'simple-statistics'
import { ACG, finish, Workplace } from '../acg.ts'
import { mostOff, type Played, testAgreement } from './agreement.ts'
import { BashStarts } from './bash-starts.ts'
import { compare } from './compare.ts'
import { claudeCommand, prepareProject, startModel } from './run.ts'
import { scenario } from './scenario.ts'
import { readTruth } from './truth.ts'

const MOST_MINUTES = 15

describe('the real claude', () => {
  const place = new Workplace()
  let played: Played

  beforeAll(async () => {
    await prepareProject(place.project)
    const model = startModel(scenario(place.project))
    const { argv, env } = await claudeCommand(model.port)
    using starts = new BashStarts()
    const run = await place.run(['--host-port', String(model.port)], argv, { ...env })
    const bashStartsMs = await starts.stop()
    await model.stop()
    const truth = await readTruth(`${run.folder}/agent`, place.project)
    const compared = compare(truth, run.result, mostOff(bashStartsMs, median))
    played = { run, compared, bashStartsMs }
  }, MOST_MINUTES * 60_000)

  afterAll(() => place[Symbol.dispose]())

  testAgreement(() => played)

  test('has services told apart from calls', () => {
    // One MCP server, and a hook before each Bash call.
    expect(played.run.result.processes?.service).toBeGreaterThan(played.run.result.calls.length)
  })

  test('has its calls without a process in `acg show`, and in no result', async () => {
    const { stdout } = await finish([ACG, 'show', '--json', played.run.folder])
    const shown = JSON.parse(stdout) as { calls_without_process: { tool: string }[] }
    const tools = new Set(shown.calls_without_process.map(({ tool }) => tool))
    expect([...tools].sort()).toEqual(expect.arrayContaining(['Agent', 'Edit', 'Read', 'Write']))
    expect(JSON.stringify(played.run.result)).not.toContain('"Read"')
  })

  test('keeps no secret of the user in the record', async () => {
    const { stdout } = await finish([
      'find',
      `${played.run.folder}/agent`,
      '-name',
      '*credentials*',
      '-o',
      '-name',
      '.claude.json*',
    ])
    expect(stdout).toBe('')
  })
})
