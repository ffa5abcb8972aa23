// The charts' colors, each for light and for dark ground, and the rules that use them. Series differ for those
// who do not tell red from green as well.

export const COLORS = {
  text: ['#1c2430', '#e6eaf0'],
  quiet: ['#566173', '#a3afbf'],
  grid: ['#e3e7ed', '#2b3340'],
  ground: ['#ffffff', '#11161d'],
  raised: ['#f5f7fa', '#1a212b'],
  accent: ['#0a5fa8', '#7cc0f8'],
  call: ['#f3dfb0', '#4c3f1c'],
  series1: ['#0b6bb5', '#62b4f5'],
  series2: ['#c65102', '#ff9a5c'],
  series3: ['#0a8562', '#45cfa3'],
  series4: ['#8451a8', '#cba3ee'],
  series5: ['#8a6d00', '#e0c14a'],
  series6: ['#5a6675', '#9aa7b8'],
} as const satisfies Record<string, readonly [light: string, dark: string]>

export type Color = keyof typeof COLORS

const SERIES = 6

/** The class of the series at this place, for `fill` or `line`. */
export function seriesClass(kind: 'fill' | 'line', at: number): string {
  return `${kind}${(at % SERIES) + 1}`
}

/** In the page both are there, and its color scheme chooses. */
export function eitherColor(color: Color): string {
  return `light-dark(${COLORS[color].join(', ')})`
}

/** A picture by itself is for paper. */
export function lightColor(color: Color): string {
  return COLORS[color][0]
}

export function chartStyle(color: (name: Color) => string): string {
  const series = Array.from({ length: SERIES }, (_, at) => {
    const own = color(`series${at + 1}` as Color)
    return `.chart .fill${at + 1}{fill:${own}}.chart .line${at + 1}{fill:none;stroke:${own};stroke-width:2}`
  })
  return [
    '.chart text{font:12px system-ui,sans-serif;fill:',
    `${color('text')}}.chart .quiet{fill:${color('quiet')}}.chart .title{font-weight:600;font-size:13px}`,
    `.chart .grid{stroke:${color('grid')};stroke-width:1}.chart .axis{stroke:${color('quiet')};stroke-width:1}`,
    `.chart .call{fill:${color('call')}}.chart .dot{fill-opacity:.65}.chart .thin{stroke-width:1.3}.chart .guide{stroke-width:1.3;stroke-dasharray:5 4}`,
    ...series,
  ].join('')
}
