// HTML and SVG in which every text is escaped: records hold what agents, and whoever wrote to them, made up.

/** Text that is markup already. Only `markup` makes it, and the page's own style sheet. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Content = Markup | string | number | null | readonly Content[]

/** A template whose values are escaped unless they are markup themselves. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.map((part, at) => part + (at < values.length ? shown(values[at]!) : '')).join(''))
}

function shown(value: Content): string {
  if (value === null) return ''
  if (value instanceof Markup) return value.text
  if (Array.isArray(value)) return value.map(shown).join('')
  return Bun.escapeHTML(printable(String(value)))
}

/** XML has no place for control characters, not even escaped. */
function printable(text: string): string {
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]/g, '\ufffd').toWellFormed()
}
