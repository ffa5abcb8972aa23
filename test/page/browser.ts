// The browser that the page's tests use: Debian's Chromium, and what else they need of the machine.

import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'

/** What is not there; null if all is. */
export function browserLacks(): string | null {
  const missing = ['chromium', 'pdftotext'].filter((program) => Bun.which(program) === null)
  return missing.length > 0 ? `browser: no ${missing.join(', no ')} (./tools/packages.sh --tests)` : null
}

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: Bun.which('chromium') as string,
    // Chromium's own sandbox refuses root.
    chromiumSandbox: process.getuid?.() !== 0,
  })
}

export const WIDTHS = [1280, 390] as const
export const SCHEMES = ['light', 'dark'] as const

export interface Look {
  readonly width: (typeof WIDTHS)[number]
  readonly scheme: (typeof SCHEMES)[number]
}

export interface OpenPage extends AsyncDisposable {
  readonly page: Page
  /** What the browser asked for since the page was opened. */
  readonly requests: readonly string[]
}

export async function openPage(browser: Browser, file: string, { width, scheme }: Look): Promise<OpenPage> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme })
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('websocket', (socket) => requests.push(socket.url()))
  await page.goto(`file://${file}`)
  return { page, requests, [Symbol.asyncDispose]: () => page.close() }
}

/** The faults of a kind that keeps people from using the page, each with the elements that have it. */
export async function gravestFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ html }) => html)}`)
}
