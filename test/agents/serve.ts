// The scripted model as a program, for machines where the test itself does not run:
// `bun test/agents/serve.ts PROJECT [PORT]` prints its port and serves until its stdin ends.
import { startModel } from './model.ts'
import { scenario } from './scenario.ts'

const [project, port = '0'] = process.argv.slice(2)
if (!project || !/^\d+$/.test(port)) {
  throw new Error(`cannot serve: wanted PROJECT [PORT], seen "${process.argv.slice(2).join(' ')}"`)
}

const model = startModel(scenario(project), Number(port))
console.log(model.port)
for await (const _ of Bun.stdin.stream());
await model.stop()
