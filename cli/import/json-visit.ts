// The parser that tells what it meets. It is loaded where a text is damaged alone: whole ones never need it, and a
// thread that reads a few runs would spend more on loading it than on some of them.

import type * as parser from 'jsonc-parser'

export function visitJson(...given: Parameters<typeof parser.visit>): unknown {
  const { visit }: typeof parser = require('jsonc-parser')
  return visit(...given)
}
