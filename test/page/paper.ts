// Whether a printed page has its charts whole.

import type { Page } from 'playwright-core'

/** pdftotext's mark between two sheets. */
const NEXT_SHEET = '\f'

export interface Printed {
  readonly charts: number
  /** The titles of those that begin on one sheet and end on another, or are not there. */
  readonly cut: readonly string[]
}

/** `page` shows what is printed, in the media of print. */
export async function cutCharts(page: Page, pdf: string): Promise<Printed> {
  const charts = await page.evaluate(() =>
    [...document.querySelectorAll('svg.chart')]
      .filter((chart) => chart.checkVisibility())
      .map((chart) => [...chart.querySelectorAll('text')].map(({ textContent }) => textContent ?? '')),
  )
  const { stdout, exitCode } = Bun.spawnSync(['pdftotext', '-raw', pdf, '-'])
  if (exitCode !== 0) throw new Error(`pdftotext ended with ${exitCode}`)
  const lines = stdout.toString().split('\n')
  let after = 0
  const cut = charts.flatMap((texts) => {
    // Its title is at the top, and the name of its lower axis at the bottom.
    const title = texts[0] as string
    const from = lines.findIndex((line, at) => at >= after && line.replace(NEXT_SHEET, '') === title)
    const to = lines.findIndex((line, at) => from >= 0 && at > from && line.endsWith(texts.at(-1) as string))
    if (to < 0) return [title]
    after = to
    return lines.slice(from + 1, to + 1).some((line) => line.includes(NEXT_SHEET)) ? [title] : []
  })
  return { charts: charts.length, cut }
}
