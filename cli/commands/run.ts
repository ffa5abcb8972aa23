// acg run [flags] -- COMMAND…: an agent in a container, watched.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type Configuration, readConfiguration } from '../configuration/configuration.ts'
import { formatDuration, parseDurationMs } from '../duration.ts'
import { configurationFile } from '../places.ts'
import type { Priority } from '../policy/observation.ts'
import { DEFAULT_SETTINGS, type Settings } from '../policy/settings.ts'
import { lacksForLeaves } from '../powers/leaves.ts'
import { CONTROLS, type Control, PRIORITIES } from '../record/vocabulary.ts'
import { summaryLines } from '../report/summary.ts'
import { prepare } from '../supervisor/preparation.ts'
import { DEFAULT_SAMPLE_MS, type RunRequest, type WatchChoice } from '../supervisor/request.ts'
import { supervise } from '../supervisor/supervise.ts'
import { SECCOMP_PROFILE_FILE } from '../watch/seccomp/profile.ts'

interface Options {
  readonly env?: string[]
  readonly envFile?: string[]
  readonly volume?: string[]
  readonly workdir?: string
  readonly name?: string
  readonly network?: string
  readonly memory?: string
  readonly cpus?: string
  readonly pidsLimit?: string
  readonly watch: WatchChoice
  readonly control: Control | 'auto'
  readonly stall?: number
  readonly onLimit?: Settings['onLimit']
  readonly priority: Priority
  readonly agent?: string
  readonly record?: string
  readonly timeout?: number
  readonly sample: number
  readonly hostPort?: number[]
  readonly json?: boolean
  readonly quiet?: boolean
  readonly dryRun?: boolean
}

export function runCommand(): Command {
  return new Command('run')
    .summary('run an agent in a rootless Podman container and record its tool calls')
    .description(
      'Runs COMMAND in a container that has the programs of this machine, the current project and a fresh home, ' +
        'and records every tool call. Terminal, input, output, signals and the exit code are the command’s own.',
    )
    .argument('<command...>', 'what to run, e.g. -- claude -p "fix issue"')
    .passThroughOptions()
    .optionsGroup('Podman’s own:')
    .option('-e, --env <NAME[=VALUE]>', 'set a variable inside, or pass it on', collect)
    .option('--env-file <FILE>', 'read variables from a file', collect)
    .option('-v, --volume <HOST:INSIDE[:OPTIONS]>', 'mount a folder', collect)
    .option('-w, --workdir <FOLDER>', 'start in this folder')
    .option('--name <NAME>', 'name the container')
    .option('--network <MODE>', 'as podman run --network')
    .option('-m, --memory <SIZE>', 'limit the container’s memory, e.g. 2g')
    .option('--cpus <NUMBER>', 'limit the container’s CPU')
    .option('--pids-limit <NUMBER>', 'limit the number of processes')
    .optionsGroup('Watching and recording:')
    .addOption(
      new Option('--watch <BACKEND>', 'how tool calls are seen')
        .choices(['auto', 'bpf', 'seccomp', 'none'])
        .default('auto'),
    )
    .addOption(
      new Option(
        '--control <MODE>',
        'give each tool call a cgroup of its own: to measure it, or also to lose a tool before the agent',
      )
        .choices(['auto', ...CONTROLS])
        .default('auto', 'enforce with --memory or a [pool], else off'),
    )
    .addOption(
      new Option(
        '--stall <DURATION>',
        'with --control enforce: what gets no further for want of memory for so long is ended',
      )
        .argParser(duration)
        .default(undefined, `stall in config.toml, or ${formatDuration(DEFAULT_SETTINGS.stallMs)}`),
    )
    .addOption(
      new Option('--on-limit <WHAT>', 'end such a call, or stop it until there is memory for it')
        .choices(['kill', 'freeze'])
        .default(undefined, `on-limit in config.toml, or ${DEFAULT_SETTINGS.onLimit}`),
    )
    .addOption(
      new Option('--priority <PRIORITY>', 'whose turn is first where your runs share a pool of memory')
        .choices(PRIORITIES)
        .default('normal'),
    )
    .option('--agent <NAME>', 'whose habits tell calls apart (by default, from the command)')
    .option('--record <FOLDER>', 'keep the record there')
    .option('--timeout <DURATION>', 'end the run after this long, e.g. 20m', duration)
    .addOption(
      new Option('--sample <DURATION>', 'how often memory and CPU are read')
        .argParser(duration)
        .default(DEFAULT_SAMPLE_MS, '100ms'),
    )
    .option('--host-port <PORT>', 'make this loopback port of the host reachable inside', port)
    .optionsGroup('Output:')
    .option('--json', 'the summary as one line of JSON, on stderr')
    .option('-q, --quiet', 'no summary')
    .option('--dry-run', 'print the Podman command and do nothing')
    .action(run)
}

async function run(command: string[], options: Options): Promise<void> {
  const request = toRequest(command, options, await readConfiguration(configurationFile()))
  if (options.dryRun) {
    await printPodmanLine(request)
    return
  }
  const { result } = await supervise(request)
  process.exitCode = result.acg_exit_code
  if (options.json) await say([JSON.stringify(result)])
  else if (!options.quiet) await say(summaryLines(result, request.command))
}

/**
 * On stderr, all of it, however slow the reader is: process.stderr would lose what a pipe does not take at once.
 * Where nobody can read it any more, the exit code and the record still tell.
 */
async function say(lines: readonly string[]): Promise<void> {
  try {
    await Bun.write(Bun.stderr, `${lines.join('\n')}\n`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
  }
}

async function printPodmanLine(request: RunRequest): Promise<void> {
  const { quote } = await import('shell-quote')
  const plan = prepare(request)
  const profile = ['none', 'bpf'].includes(request.watch)
    ? null
    : join(plan.sandboxFolder, SECCOMP_PROFILE_FILE)
  console.log(quote([plan.podman, ...plan.podmanArguments(profile)]))
  rmSync(plan.sandboxFolder, { recursive: true })
}

function toRequest(command: string[], options: Options, configuration: Configuration): RunRequest {
  const { env = [], envFile = [], volume = [], workdir, name, network, cpus, pidsLimit } = options
  const { poolBytes } = configuration
  const { control, notes } = chooseControl(options, options.memory !== undefined || poolBytes !== null)
  const isPooled = control === 'enforce' && poolBytes !== null
  const memory = options.memory ?? (isPooled ? `${poolBytes}b` : undefined)
  return {
    command,
    podman: {
      env,
      envFile,
      volume,
      ...(workdir === undefined ? {} : { workdir }),
      ...(name === undefined ? {} : { name }),
      ...(network === undefined ? {} : { network }),
      ...(memory === undefined ? {} : { memory }),
      ...(cpus === undefined ? {} : { cpus }),
      ...(pidsLimit === undefined ? {} : { pidsLimit }),
    },
    watch: options.watch,
    control,
    settings: {
      ...DEFAULT_SETTINGS,
      stallMs: options.stall ?? configuration.stallMs ?? DEFAULT_SETTINGS.stallMs,
      onLimit: options.onLimit ?? configuration.onLimit ?? DEFAULT_SETTINGS.onLimit,
    },
    pool: isPooled ? { memoryBytes: poolBytes, priority: options.priority } : null,
    agent: options.agent ?? null,
    record: options.record ?? null,
    timeoutMs: options.timeout ?? null,
    sampleMs: options.sample,
    hostPorts: options.hostPort ?? [],
    notes,
  }
}

/** Of itself acg shares memory among calls where there is a limit to share, and says where it cannot. */
function chooseControl(
  { control, watch }: Options,
  isLimited: boolean,
): Pick<RunRequest, 'control' | 'notes'> {
  if (control !== 'auto') return { control, notes: [] }
  if (!isLimited || watch === 'none') return { control: 'off', notes: [] }
  const lack = lacksForLeaves()
  if (lack === null) return { control: 'enforce', notes: [] }
  return { control: 'off', notes: [`no limits for single calls: ${lack}; \`acg doctor\` shows more`] }
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

function duration(text: string): number {
  const ms = parseDurationMs(text)
  if (ms === null || ms < 1)
    throw new InvalidArgumentError('Give a duration of at least 1ms, such as 10ms, 90s or 20m.')
  return ms
}

function port(text: string, before: readonly number[] = []): number[] {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < 1 || number > 65535) {
    throw new InvalidArgumentError('Give a port number from 1 to 65535.')
  }
  return [...before, number]
}
