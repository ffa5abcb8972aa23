// The demo's agent: what `acg demo` runs inside the container in place of a real one.

import { DEMO_CLOSING, DEMO_STEPS } from './steps.ts'

const LAST_THOUGHT_MS = 600

export async function playDemo(): Promise<void> {
  for (const { say, thinkMs, calls } of DEMO_STEPS) {
    await Bun.sleep(thinkMs)
    console.log(`● ${say}`)
    await Promise.all(
      calls.map(async ({ command }) => {
        const call = Bun.spawn(['bash', '-c', command], { stdio: ['ignore', 'pipe', 'pipe'] })
        const said = await Promise.all([new Response(call.stdout).text(), new Response(call.stderr).text()])
        const lines = said.join('').trimEnd().split('\n').filter(Boolean)
        console.log([`  $ ${command}`, ...lines.map((line) => `    ${line}`)].join('\n'))
      }),
    )
  }
  await Bun.sleep(LAST_THOUGHT_MS)
  console.log(`● ${DEMO_CLOSING}`)
}
