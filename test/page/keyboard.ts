// A walk through a page by Tab alone: what has the focus, and whether it shows.

import type { Page } from 'playwright-core'

export interface Stop {
  readonly name: string
  /** Whether an outline is drawn around it. */
  readonly isSeen: boolean
  readonly isOpened: boolean
}

/** Of a group of radio buttons one is reached, and arrows go on from there. */
const REACHABLE = 'a[href], summary, input:checked, button, select, textarea, [tabindex="0"]'

/** Gives all that a reader can act on its name, whether it shows or is folded away. */
export async function nameReachable(page: Page): Promise<void> {
  await page.evaluate((selector) => {
    for (const [at, each] of document.querySelectorAll<HTMLElement>(selector).entries()) {
      each.dataset.stop = `${at} ${each.localName} ${each.textContent.slice(0, 40)}`
    }
  }, REACHABLE)
}

/** The names of those that show. */
export function reachable(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-stop]')]
      .filter((each) => each.checkVisibility())
      .map(({ dataset }) => dataset.stop as string),
  )
}

/** Presses Tab until it leaves the page; what can be unfolded on the way is, by Enter. */
export async function walk(page: Page): Promise<Stop[]> {
  const stops: Stop[] = []
  for (;;) {
    await page.keyboard.press('Tab')
    const isFolded = await page.evaluate(
      () => document.activeElement?.matches('details:not([open]) > summary') ?? false,
    )
    if (isFolded) await page.keyboard.press('Enter')
    const stop = await page.evaluate(() => {
      const each = document.activeElement
      if (!(each instanceof HTMLElement) || each === document.body) return null
      const { outlineStyle, outlineWidth } = getComputedStyle(each)
      return {
        name: each.dataset.stop ?? each.outerHTML.slice(0, 80),
        isSeen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1,
        isOpened: each.closest('details')?.open ?? true,
      }
    })
    if (stop === null || stop.name === stops[0]?.name) return stops
    stops.push(stop)
  }
}
