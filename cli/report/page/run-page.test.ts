import { describe, expect, test } from 'bun:test'
import { exampleCall, exampleResult, exampleRun } from '../../../test/example-record.ts'
import { type RunPageInput, runCharts, runPage } from './run-page.ts'

const EVIL = `</script></style><img src=x onerror="alert(1)">&amp;\x1b\x00`

function input(text = 'make test'): RunPageInput {
  const started = 1_790_000_000_000
  const epoch = Float64Array.from([0, 0.5, 1], (seconds) => started / 1000 + seconds)
  const value = Float64Array.of(10, 40, 20)
  return {
    run: exampleRun({ started_epoch_ms: started, command: ['agent', text], project: text }),
    result: exampleResult({
      started_epoch_ms: started,
      calls: [exampleCall({ command: text, program: text })],
      notes: [text],
    }),
    unseen: [{ tool: text, startMs: 1, endMs: 2, summary: text }],
    samples: {
      epoch,
      averageCpu: value,
      regexMb: value,
      cutMb: value,
      clean: { epoch, value },
      rates: { epoch, value, mb: value },
      hostMb: null,
    },
  }
}

describe('runPage()', () => {
  test('shows what a record holds as text, whatever that is', () => {
    const page = runPage(input(EVIL))
    expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;amp;')
    expect(page).not.toMatch(/<img|<\/script|onerror="|[\x00\x1b]/)
    expect(page.match(/<\/style>/g)).toHaveLength(1)
  })

  test('asks for nothing: no script, no address, and a policy that forbids both', () => {
    const page = runPage(input())
    expect(page).toContain('default-src &#x27;none&#x27;; style-src &#x27;sha256-')
    expect(page).not.toMatch(/<script|<link|<iframe|\bsrc=|url\(|@import/)
    expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:/)
  })

  test('has a row a call, with and without a process', () => {
    const [, calls = ''] = runPage(input('make test')).split('<section id="calls">')
    expect(calls.match(/<tr><td>/g)).toHaveLength(2)
    expect(calls).toContain('<code>make test</code>')
  })
})

describe('runCharts()', () => {
  test('draws memory and CPU on the run’s clock with a span for the calls', () => {
    const charts = runCharts(input())
    expect(charts.map(({ name }) => name)).toEqual(['phases', 'run-memory', 'run-cpu'])
    for (const chart of charts) {
      const { text } = chart.draw(340)
      expect(text).not.toMatch(/NaN|Infinity|undefined/)
    }
    expect(charts[1]?.draw(340).text).toContain('class="call"')
  })
})
