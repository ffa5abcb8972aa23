// What a test needs to have the real agent play the scenario: a project, a model, a command line.
// Whether the command runs under acg or by itself, and what the run must have shown, is the test's business.
import { cp, mkdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import pinned from './pinned.json' with { type: 'json' }
import { PROMPT } from './scenario.ts'

export { startModel } from './model.ts'

export type Command = { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> }

const PACKAGE = '@anthropic-ai/claude-code-linux-x64'

/** Fills `dir` with the scenario's project, as a git repository with one commit. */
export async function prepareProject(dir: string): Promise<void> {
  await cp(join(import.meta.dir, 'project'), dir, { recursive: true })
  await run(['git', 'init', '-q', '-b', 'main'], dir)
  await run(['git', 'config', 'user.name', 'Scenario'], dir)
  await run(['git', 'config', 'user.email', 'scenario@localhost'], dir)
  await run(['git', 'add', '-A'], dir)
  await run(['git', 'commit', '-q', '-m', 'Start'], dir)
}

/** The pinned agent's program, installed into the user's cache on first use. */
export async function installClaude(version = pinned.claudeCode): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const home = join(cache, 'acg', 'agents', `claude-code-${version}`)
  const program = join(home, 'node_modules', PACKAGE, 'claude')
  if (await stat(program).catch(() => null)) return program
  const fresh = `${home}.${process.pid}`
  await mkdir(fresh, { recursive: true })
  try {
    await run(
      ['npm', 'install', '--no-audit', '--no-fund', '--prefix', fresh, `${PACKAGE}@${version}`],
      fresh,
    )
    await rm(home, { recursive: true, force: true })
    await rename(fresh, home)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return program
}

/** The agent's command line and environment, with the model at 127.0.0.1:`port` as the agent sees it. */
export async function claudeCommand(port: number, prompt = PROMPT): Promise<Command> {
  return {
    argv: [await installClaude(), '-p', prompt, '--dangerously-skip-permissions'],
    env: {
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`,
      ANTHROPIC_API_KEY: 'dummy',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      IS_SANDBOX: '1',
    },
  }
}

/** The unknown agent's command line; it writes its truth into `truthFile` of the project. */
export function unknownCommand(truthFile = 'truth.json'): Command {
  return { argv: [join(import.meta.dir, 'unknown', 'launch.sh'), truthFile], env: {} }
}

async function run(argv: string[], cwd: string): Promise<void> {
  const child = Bun.spawn(argv, { cwd, stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' })
  const said = await new Response(child.stderr).text()
  const code = await child.exited
  if (code !== 0) throw new Error(`cannot run \`${argv.join(' ')}\` in ${cwd}: exit code ${code}\n${said}`)
}
