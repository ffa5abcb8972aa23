// The page's looks. `light-dark` follows the color scheme, which is the reader's or the one that is checked.

import { chartStyle, eitherColor } from './chart/colors.ts'

export const PAGE_STYLE = `
:root{color-scheme:light dark;background:${eitherColor('ground')};color:${eitherColor('text')};font:16px/1.5 system-ui,sans-serif}
:root:has(#light:checked){color-scheme:light}
:root:has(#dark:checked){color-scheme:dark}
*{box-sizing:border-box}
body{max-width:52rem;margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:anywhere}
header{display:flex;flex-wrap:wrap;gap:.5rem 2rem;align-items:center;justify-content:space-between}
h1{font-size:1.5rem;line-height:1.25;margin:0}
h2{font-size:1.15rem;line-height:1.3;margin:0 0 .75rem}
section{margin:2.75rem 0 0}
figure{margin:0}
figure>.drawn{margin:0 0 1.75rem}
figcaption{margin:0 0 1rem}
figcaption,.note{color:${eitherColor('quiet')};font-size:.92rem;max-width:44rem}
a,summary{color:${eitherColor('accent')}}
:focus-visible{outline:2px solid ${eitherColor('accent')};outline-offset:2px}
.colors{border:0;margin:0;padding:0;display:flex;gap:.9rem;font-size:.9rem;color:${eitherColor('quiet')}}
.colors legend{float:left;padding:0 .3rem 0 0}
nav ol{columns:2 16rem;padding-left:1.4rem;margin:1rem 0 0;font-size:.95rem}
svg.chart{display:block;max-width:100%;height:auto}
.narrow{display:none}
details{margin:.4rem 0 0;font-size:.92rem}
details .scroll{max-height:30rem;overflow-y:auto}
thead th{position:sticky;top:0;background:${eitherColor('ground')}}
summary{cursor:pointer;padding:.15rem 0}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:.85rem;line-height:1.35;margin:.5rem 0;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.3rem .9rem .3rem 0;border-bottom:1px solid ${eitherColor('grid')};overflow-wrap:normal}
th{color:${eitherColor('quiet')};font-weight:600;white-space:nowrap}
th.n,td.n{text-align:right}
td:last-child:not(.n){min-width:14rem;overflow-wrap:anywhere}
td:not(:last-child){white-space:nowrap}
code{font:.9em ui-monospace,monospace}
${chartStyle(eitherColor)}
@media(max-width:800px){.wide{display:none}.narrow{display:block}}
@page{margin:14mm}
@media print{:root{color-scheme:light!important;font-size:11pt}.colors,nav{display:none}.wide{display:block}.narrow{display:none}
svg.chart{break-inside:avoid;break-before:avoid}h2,figcaption{break-after:avoid;break-inside:avoid}section:not(:has([open],#calls table)){break-inside:avoid}tr{break-inside:avoid}details:not([open]),#measurements:not(:has([open])),#losses:not(:has([open])){display:none}
details .scroll,.scroll{overflow:visible;max-height:none}thead th{position:static}body{padding:0}td:not(:last-child){white-space:normal;overflow-wrap:break-word}td:last-child:not(.n){min-width:0}}
`
