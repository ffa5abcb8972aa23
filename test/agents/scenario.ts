// The calls that the scripted model has the real agent make, and what must be true of each.
//
// One turn is one answer of the model; the calls of a turn start together when the agent takes each of them for
// read-only, and one after another otherwise. The project they run in is beside this file, in project/.
import type { Expected, Kind } from './expected.ts'
import { STAMP, stamped, stampedKeepingCode } from './expected.ts'
import type { Part, Script, ToolUse, Turn } from './model.ts'
import { toolUseId } from './model.ts'

export const PROMPT = 'Play the part scenario-main.'

/** Programs that the calls need besides a shell and coreutils. */
export const NEEDS = ['git', 'python3', 'npm', 'curl'] as const

type Call = { readonly tool: ToolUse; readonly expected: Expected }
type Options = Partial<Omit<Expected, 'command'>> & { readonly input?: Record<string, unknown> }
type Item = Call | ToolUse

function bash(kinds: Kind | [guessed: Kind, proven: Kind], command: string, options: Options = {}): Call {
  const { input, ...rest } = options
  const [guessed, proven] = typeof kinds === 'string' ? [kinds, kinds] : kinds
  return {
    tool: { name: 'Bash', input: { command, description: 'scripted', ...input } },
    expected: { command, guessed, proven, ending: { code: 0 }, ...rest },
  }
}

const HERE_DOCUMENT = `${STAMP}
python3 - <<'EOF'
text = "it's \\"quoted\\" $HOME \\\\ and \`ticked\` — ünïcode"
print(text, '!')
EOF
${STAMP}`

// 'head' reads standard input after its file, so the pipe's 'tail' keeps what it got until 'sleep' has ended.
const heldBurst = (mebibytes: number) =>
  bash('explore', stamped(`sleep 1 | head -q -c ${mebibytes}m /dev/zero - | tail | wc -c`))

// A burst is large beside python's own files, which count in its ru_maxrss, and in its leaf only if nobody read them before.
const ownBurst = (mebibytes: number) =>
  bash('run', stamped(`python3 burst.py ${mebibytes} 0.5`), { printsPeak: true })

const pause = (seconds: number) => `python3 -c "import time; time.sleep(${seconds})"`

const untilThere = (file: string) => `until [ -s ${file} ]; do sleep 0.1; done`

const subAgent = (prompt: string): ToolUse => ({
  name: 'Agent',
  input: { description: 'burst', prompt, subagent_type: 'general-purpose', run_in_background: false },
})

const MAIN: readonly (readonly Item[])[] = [
  [bash('explore', stamped('grep -rn widget src; sleep 0.8')), bash('explore', stamped('ls src; sleep 0.6'))],
  [heldBurst(240), heldBurst(80)],
  [{ name: 'Read', input: { file_path: '{project}/src/parts.txt' } }],
  [
    {
      name: 'Edit',
      input: { file_path: '{project}/src/parts.txt', old_string: 'gadget', new_string: 'gizmo' },
    },
  ],
  [{ name: 'Write', input: { file_path: '{project}/src/new.txt', content: 'a new widget\n' } }],
  [bash('explore', stamped('cat src/*.txt | sort | uniq -c | sort -rn | head -3'))],
  [bash('explore', `${STAMP}; cd src && ls -la && ${STAMP}`)],
  [bash('explore', `${STAMP}; cd .. && ls -d src && ${STAMP}`)],
  [bash('snippet', HERE_DOCUMENT)],
  [
    bash('run', stamped(`python3 server.py serve.port 60 > serve.log 2>&1 & ${untilThere('serve.port')}`), {
      background: ['server.py'],
    }),
  ],
  [bash('network', stamped('curl -sS "http://127.0.0.1:$(cat serve.port)/src/more.txt"'))],
  [
    bash('run', `${STAMP} > late.times; python3 server.py late.port 4 2> late.log; ${STAMP} >> late.times`, {
      input: { run_in_background: true },
      times: 'late.times',
    }),
  ],
  [bash('test', stampedKeepingCode('python3 -m unittest discover -s failing'), { ending: { code: 1 } })],
  [bash(['run', 'test'], stamped('./check.sh'))],
  [bash('install', stamped('npm install --no-audit --no-fund ./packages/greeter'))],
  [ownBurst(300)],
  // At its timeout the agent kills what begins with 'sleep', and moves anything else to the background.
  [bash('other', `sleep 0; ${stamped('sleep 30')}`, { ending: { signal: 15 }, input: { timeout: 1500 } })],
  [
    bash('snippet', `${STAMP} > moved.times; ${pause(3.5)}; ${STAMP} >> moved.times`, {
      input: { timeout: 1500 },
      times: 'moved.times',
    }),
  ],
  [bash('other', `${stamped('echo going')}; kill -9 $$`, { ending: { signal: 9 } })],
  [bash('other', `${stamped('echo going')}; kill -15 $$`, { ending: { signal: 15 } })],
  [bash('explore', stampedKeepingCode('ls missing-folder'), { ending: { code: 2 } })],
  [bash('git', stamped('git status --short'))],
  [bash('git', stamped("git add -A src && git commit -q -m 'Add parts'"))],
  [bash('explore', stamped("find . -name '*.txt' -not -path './node_modules/*' | xargs grep -l widget"))],
  [bash('snippet', stamped(`python3 -c "print('one', 1 + 1)"`))],
  [{ name: 'mcp__clock__now', input: {} }],
  [subAgent('Play the part scenario-large.'), subAgent('Play the part scenario-small.')],
  [bash('git', stamped('git log --oneline | head -1'))],
]

const PARTS: Readonly<Record<string, readonly (readonly Item[])[]>> = {
  'scenario-main': MAIN,
  'scenario-large': [[ownBurst(240)]],
  'scenario-small': [[ownBurst(120)]],
}

/** What must be true of the call that the agent knows by this tool_use id. */
export const EXPECTED: ReadonlyMap<string, Expected> = new Map(
  Object.entries(PARTS).flatMap(([cue, turns]) =>
    turns.flatMap((items, turn) =>
      items.flatMap((item, position) =>
        'expected' in item ? [[toolUseId(cue, turn, position), item.expected] as const] : [],
      ),
    ),
  ),
)

/** The script for a project at `project`; `thinkMs` is what the model takes for each turn. */
export function scenario(project: string, thinkMs = 300): Script {
  const toolOf = (item: Item): ToolUse => ('tool' in item ? item.tool : inProject(item, project))
  const turnOf = (items: readonly Item[]): Turn => ({ tools: items.map(toolOf) })
  const parts = Object.entries(PARTS).map(
    ([cue, turns]): Part => ({ cue, turns: turns.map(turnOf), closing: `The part ${cue} is played.` }),
  )
  return { parts, thinkMs }
}

function inProject(tool: ToolUse, project: string): ToolUse {
  const input = Object.entries(tool.input).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.replace('{project}', project) : value,
  ])
  return { name: tool.name, input: Object.fromEntries(input) }
}
