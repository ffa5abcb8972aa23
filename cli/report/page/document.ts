// The page around figures: one file that asks for nothing, in the reader's colors, or those they choose.

import { createHash } from 'node:crypto'
import type { Chart } from './chart/canvas.ts'
import type { Figure } from './figures/figure.ts'
import { Markup, markup } from './markup.ts'
import { PAGE_STYLE } from './style.ts'
import { folded } from './table.ts'

/** Charts are drawn for both; the style shows the one that fits. */
const WIDE = 760
const NARROW = 340

export interface PageInput {
  readonly title: string
  readonly content: readonly Markup[]
}

export function page({ title, content }: PageInput): string {
  const hash = createHash('sha256').update(PAGE_STYLE).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  const { text } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="acg">
<title>${title}</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<header><h1>${title}</h1>${colorChoice()}</header>
<main>
${content}
</main>
</body>
</html>
`
  return text
}

/** Needs no script: the style asks which one is checked. */
function colorChoice(): Markup {
  const choice = (id: string, name: string, checked: Markup | null) =>
    markup`<label><input type="radio" name="colors" id="${id}"${checked}> ${name}</label>`
  return markup`<fieldset class="colors"><legend>Colors</legend>${choice('auto', 'auto', markup` checked`)}${choice('light', 'light', null)}${choice('dark', 'dark', null)}</fieldset>`
}

export function figureSection({ id, title, caption, charts, measurements }: Figure, at: number): Markup {
  return markup`<section id="${id}"><h2>${at}. ${title}</h2>
<figure><figcaption>${caption}</figcaption>${charts.map(drawn)}</figure>
${folded(`Measurements of figure ${at}`, measurements)}</section>
`
}

/** A chart and, folded, all that it draws as tables. */
export function drawn(chart: Chart): Markup {
  return markup`<div class="drawn"><div class="wide">${chart.draw(WIDE)}</div><div class="narrow">${chart.draw(NARROW)}</div>
${chart.tables.map((each) => folded(`${each.title}: the numbers`, each))}</div>
`
}

export function standalone(chart: Chart, style: string): string {
  const { text } = chart.draw(WIDE)
  return `${text.replace('>', `><style>${style}</style>`)}\n`
}
