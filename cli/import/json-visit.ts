// The parser that tells what it meets. It is loaded where a text is damaged alone: whole ones never need it, and a
// thread that reads a few runs would spend more on loading it than on some of them. Named by its file: the other form of
// the package loads parts of itself in a way that no bundler sees.

import type * as parser from 'jsonc-parser'

export function visitJson(...given: Parameters<typeof parser.visit>): unknown {
  const { visit }: typeof parser = require('jsonc-parser/lib/esm/main.js')
  return visit(...given)
}
