// The report's pages as a reader has them: in a browser, at two widths, light and dark, by keyboard alone, and on
// paper. Made-up data; the study's as well where it is.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { writeExampleRecord } from '../example-record.ts'
import { makeDataSet } from '../published-data.ts'
import { STUDY_FOLDER, StudyData } from '../study-data.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { browserLacks, gravestFaults, type Look, openPage, SCHEMES, startBrowser, WIDTHS } from './browser.ts'
import { nameReachable, reachable, walk } from './keyboard.ts'
import { cutCharts } from './paper.ts'

const lack = browserLacks()
if (lack !== null) console.warn(`SKIPPED: the report's page: ${lack}`)
if (STUDY_FOLDER === undefined)
  console.warn('SKIPPED: pages of the study’s data; set ACG_AGENTCGROUP_DATA to the folder that holds it')

const place = temporaryFolder()
const LOOKS: Look[] = WIDTHS.flatMap((width) => SCHEMES.map((scheme) => ({ width, scheme })))
const SECONDS = 1000

const SOURCES = [
  { name: 'made-up data', use: (make: (root: string) => void) => make(madeData()) },
  ...(STUDY_FOLDER === undefined ? [] : [{ name: 'the study’s data', use: useStudy }]),
]

describe.skipIf(lack !== null)('the page', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  describe.each(SOURCES)('of $name', ({ name, use }) => {
    const folder = join(place, name)
    const pages = { 'of all runs': join(folder, 'report.html'), 'of one run': join(folder, 'run.html') }

    beforeAll(() => {
      mkdirSync(folder)
      use((root) => {
        acg('report', root, '--html', pages['of all runs'])
        acg('import', 'agentcgroup', root, '--to', join(folder, 'records'))
      })
      const [first = ''] = readdirSync(join(folder, 'records'))
      acg('report', join(folder, 'records', first), '--html', pages['of one run'])
    }, 120 * SECONDS)

    testPages(() => browser, pages)
  })

  describe('of a record of acg’s own', () => {
    const file = join(place, 'own.html')
    beforeAll(() => {
      writeExampleRecord(join(place, 'own'))
      acg('report', join(place, 'own'), '--html', file)
    })
    testPages(() => browser, { 'of one run': file })
  })
})

function testPages(browser: () => Browser, pages: Readonly<Record<string, string>>): void {
  describe.each(Object.entries(pages))('%s', (_, file) => {
    test.each(LOOKS)(
      'has no serious fault, asks for nothing and is as wide as the screen, at $width px and $scheme',
      async (look) => {
        await using open = await openPage(browser(), file, look)
        const { page, requests } = open
        expect(await gravestFaults(page)).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(look.width)
        expect(requests).toEqual([encodeURI(`file://${file}`)])
      },
      60 * SECONDS,
    )

    test(
      'is reached in all its parts by Tab, each seen, and unfolds by Enter without a fault or a request',
      async () => {
        await using open = await openPage(browser(), file, { width: 390, scheme: 'dark' })
        const { page, requests } = open
        await nameReachable(page)
        const stops = await walk(page)
        expect(stops.filter(({ isSeen, isOpened }) => !(isSeen && isOpened))).toEqual([])
        expect(stops.map(({ name }) => name)).toEqual(await reachable(page))
        expect(await page.locator('details:not([open])').count()).toBe(0)
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
        expect(await gravestFaults(page)).toEqual([])
        expect(requests).toHaveLength(1)
      },
      120 * SECONDS,
    )

    test('has tables that are wider than the screen scroll by arrow keys', async () => {
      await using open = await openPage(browser(), file, { width: 390, scheme: 'light' })
      const { page } = open
      await page.evaluate(() => {
        for (const each of document.querySelectorAll('details')) each.open = true
      })
      const wide = await page.evaluateHandle(() =>
        [...document.querySelectorAll<HTMLElement>('*')].filter(
          (each) => each.scrollWidth > each.clientWidth && getComputedStyle(each).overflowX === 'auto',
        ),
      )
      expect(await wide.evaluate((all) => all.length)).toBeGreaterThan(0)
      expect(await wide.evaluate((all) => all.every(({ tabIndex }) => tabIndex === 0))).toBe(true)
      await wide.evaluate(([first]) => first?.focus())
      await page.keyboard.press('ArrowRight')
      await page.waitForFunction((all) => (all[0]?.scrollLeft ?? 0) > 0, wide)
    })

    test('takes the colors that are chosen over those of the system', async () => {
      await using open = await openPage(browser(), file, { width: 1280, scheme: 'light' })
      const ground = () =>
        open.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
      const light = await ground()
      await open.page.locator('#dark').check()
      expect(await ground()).not.toBe(light)
    })

    test(
      'is printed in light colors, with no chart cut by the end of a sheet',
      async () => {
        await using open = await openPage(browser(), file, { width: 1280, scheme: 'dark' })
        const { page } = open
        await page.locator('#dark').check()
        await page.emulateMedia({ media: 'print' })
        const ground = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
        expect(ground).toBe('rgb(255, 255, 255)')
        const pdf = join(place, 'printed.pdf')
        writeFileSync(pdf, await page.pdf({ format: 'A4', printBackground: true }))
        const { charts, cut } = await cutCharts(page, pdf)
        expect(cut).toEqual([])
        expect(charts).toBeGreaterThan(2)
      },
      60 * SECONDS,
    )
  })
}

function madeData(): string {
  const root = join(place, 'data')
  makeDataSet(root)
  return root
}

function useStudy(make: (root: string) => void): void {
  using data = new StudyData(STUDY_FOLDER as string)
  make(data.root)
}

function acg(...args: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(
    [process.execPath, join(import.meta.dir, '../../cli/main.ts'), ...args],
    {
      env: { ...process.env, SUDO_UID: undefined },
    },
  )
  if (exitCode !== 0) throw new Error(`acg ${args.join(' ')} ended with ${exitCode}: ${stderr}`)
}
