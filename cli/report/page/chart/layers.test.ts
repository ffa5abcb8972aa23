// What a chart draws is what the table behind it has.

import { describe, expect, test } from 'bun:test'
import { bars } from './bars.ts'
import { histogram } from './histogram.ts'
import type { Point } from './marks.ts'
import { plot } from './plot.ts'

const AXES = {
  x: { what: 'time', unit: 's', domain: [0, 10] },
  y: { what: 'memory', unit: 'MB', domain: [0, 10] },
} as const
const NAMES = { name: 'some', title: 'Some chart' }

const drawn = (chart: { draw: (width: number) => { text: string } }, mark: RegExp) =>
  chart.draw(760).text.match(mark) ?? []

describe('plot()', () => {
  test('has lines side by side, a row for every place on the x axis that any has', () => {
    const first: Point[] = [
      [1, 5],
      [2, 6],
    ]
    const chart = plot({
      ...NAMES,
      ...AXES,
      layers: [
        { kind: 'line', name: 'one', points: first, series: 0, hasDots: true },
        { kind: 'line', name: 'other', points: [[3, 7]], series: 1, hasDots: true },
      ],
    })
    expect(chart.tables).toEqual([
      {
        title: 'Some chart',
        columns: ['time, s', 'one, MB', 'other, MB'],
        rows: [
          [1, 5, null],
          [2, 6, null],
          [3, null, 7],
        ],
      },
    ])
    expect(drawn(chart, /<circle/g)).toHaveLength(3)
  })

  test('has a row for each dot, by its name', () => {
    const dots = [
      { of: 'a', at: [1, 2] as const },
      { of: 'b', at: [3, 4] as const },
    ]
    const chart = plot({ ...NAMES, ...AXES, layers: [{ kind: 'dots', name: 'one', dots, series: 0 }] })
    expect(chart.tables[0]?.rows).toEqual([
      ['one', 'a', 1, 2],
      ['one', 'b', 3, 4],
    ])
    expect(drawn(chart, /<circle/g)).toHaveLength(2)
  })

  test('lists shaded spans in a table of their own, and not those that another chart lists', () => {
    const spans = [[1, 2]] as const
    const chart = (isListedElsewhere: boolean) =>
      plot({
        ...NAMES,
        ...AXES,
        layers: [{ kind: 'spans', name: 'calls run', spans, isListedElsewhere }],
      })
    expect(chart(false).tables).toEqual([
      { title: 'When calls run', columns: ['from, s', 'to, s'], rows: spans },
    ])
    expect(chart(true).tables).toEqual([])
    // The span, and what stands for it in the legend.
    expect(drawn(chart(true), /class="call"/g)).toHaveLength(2)
  })

  test('keeps in the table what is too small for a logarithmic axis', () => {
    const chart = plot({
      ...NAMES,
      x: AXES.x,
      y: { what: 'share', unit: '%', domain: [0.01, 100], scale: 'log' },
      layers: [
        {
          kind: 'line',
          name: 'one',
          points: [
            [1, 50],
            [2, 0],
          ],
          series: 0,
          hasDots: true,
        },
      ],
    })
    expect(chart.tables[0]?.rows).toHaveLength(2)
    expect(drawn(chart, /<circle/g)).toHaveLength(1)
    expect(chart.draw(760).text).not.toMatch(/NaN|Infinity/)
  })
})

test('histogram() has every step with the count of every group, and a column for each that is not zero', () => {
  const chart = histogram({
    ...NAMES,
    quantity: { what: 'time', unit: 'min' },
    counted: 'runs',
    groups: [
      { name: 'one', values: [1, 1, 9] },
      { name: 'other', values: [9] },
    ],
  })
  const [table] = chart.tables
  expect(table?.columns).toEqual(['time from, min', 'to less than, min', 'one, runs', 'other, runs'])
  const sum = (column: number) => (table?.rows ?? []).reduce((sum, row) => sum + (row[column] as number), 0)
  expect([sum(2), sum(3)]).toEqual([3, 1])
  expect(drawn(chart, /<rect class="fill\d" [^>]*\d"\/>/g).length).toBeGreaterThanOrEqual(3)
})

test('bars() has the value of every bar, and null where nothing was measured', () => {
  const chart = bars({
    ...NAMES,
    quantity: { what: 'share', unit: '%' },
    each: 'tool',
    bars: ['Bash', 'Read'],
    series: [{ name: 'one', values: [98.5, null] }],
  })
  expect(chart.tables[0]).toMatchObject({
    columns: ['tool', 'one, %'],
    rows: [
      ['Bash', 98.5],
      ['Read', null],
    ],
  })
})
