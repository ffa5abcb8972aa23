// One run, from the container's start to the agent's end: the order of things, and what ends them.

import { readFileSync } from 'node:fs'
import type { Server } from 'node:net'
import { constants } from 'node:os'
import { CallTracker } from '../calls/tracker.ts'
import { ContainerCgroup } from '../cgroup/container-cgroup.ts'
import { ownProcess, readStat } from '../procfs/stat.ts'
import { assembleResult } from '../record/result.ts'
import { type RecordEvent, type Result, type Run, SCHEMA_VERSION } from '../record/schema.ts'
import { RecordWriter } from '../record/writer.ts'
import { portSocket } from '../sandbox/sandbox.ts'
import { VERSION } from '../version.ts'
import { SeccompWatcher } from '../watch/seccomp/seccomp-watcher.ts'
import type { Watcher } from '../watch/watcher.ts'
import type { RunClock } from './clock.ts'
import { decideEnding } from './ending.ts'
import { serveHostPort } from './host-port.ts'
import { keepAgentFolder, noteCgroups, removeDeadContainer, removeSandbox } from './leftovers.ts'
import { type AgentStatus, Lifeline } from './lifeline.ts'
import { type PodmanProcess, startPodman } from './podman.ts'
import type { Preparation } from './preparation.ts'
import type { RunRequest } from './request.ts'
import { Sampler } from './sampler.ts'
import { Terminal } from './terminal.ts'

const CONMON_CHECK_MS = 200
const KILL_AFTER_MS = 10_000
const WATCH_DRAIN_MS = 2000

const PASSED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const

export class SupervisedRun {
  readonly #calls: CallTracker
  readonly #record: RecordWriter
  readonly #watcher: Watcher | null
  readonly #terminal = Terminal.open()
  readonly #timers: { clear(): void }[] = []
  readonly #notes: string[] = []
  readonly #watchEnded = Promise.withResolvers<void>()
  #servers: Server[] = []
  #podman!: PodmanProcess
  #lifeline: Lifeline | null = null
  #sampler: Sampler | null = null
  #initPid: number | null = null
  #goMs: number | null = null
  #agent: (AgentStatus & { timeMs: number }) | null = null
  #agentStarted = false
  #timedOut = false
  #fatal: string | null = null
  #peak: Result['peak'] = { bytes: null, source: null, call: null }
  #watchComplete = true

  constructor(
    private readonly request: RunRequest,
    private readonly plan: Preparation,
    private readonly clock: RunClock,
  ) {
    this.#calls = new CallTracker(plan.profile)
    this.#record = RecordWriter.create(plan.recordFolder, plan.runId)
    this.#watcher = request.watch === 'none' ? null : this.#seccompWatcher()
    if (plan.host.uid === 0) this.#notes.push('Podman ran as root, since there is no other user to run it as')
  }

  #seccompWatcher(): Watcher {
    return new SeccompWatcher(this.plan.sandboxFolder, this.clock.startNs, {
      attached: (pid) => {
        this.#initPid = pid
      },
      events: (events) => {
        this.#record.events(events.flatMap((event): RecordEvent[] => [event, ...this.#calls.handle(event)]))
      },
      ended: () => this.#watchEnded.resolve(),
      failed: (error) => {
        this.#watchComplete = false
        this.#record.events([{ event: 'watch_ended', time_ms: this.clock.nowMs(), why: error.message }])
        this.#watchEnded.resolve()
        this.#end(`watching ended: ${error.message}`)
      },
    })
  }

  /** Runs the agent to its end. Throws AcgError, or what is a bug; the container is gone then too. */
  async run(): Promise<Result> {
    try {
      const args = this.plan.podmanArguments(this.#watcher?.seccompProfile ?? null)
      this.#servers = await Promise.all(
        this.request.hostPorts.map((port) => serveHostPort(port, portSocket(this.plan.sandboxFolder, port))),
      )
      this.#podman = startPodman(this.plan.foreground, this.plan.podman, args)
      this.#watcher?.start()
      this.#lifeline = await Lifeline.over(this.#podman.lifelineFd, {
        ready: () => this.#ready(),
        started: () => {
          this.#agentStarted = true
        },
        failed: () => undefined,
        ended: (status) => this.#agentEnded(status),
        closed: () => undefined,
      })
      this.#passSignals()
      this.#record.run(this.#describe(args))
      const podman = await this.#podmanEnded()
      return await this.#finish(podman)
    } finally {
      this.#cleanUp()
    }
  }

  #describe(podmanArguments: string[]): Run {
    const { plan, request, clock } = this
    return {
      schema_version: SCHEMA_VERSION,
      run_id: plan.runId,
      acg_version: VERSION,
      started_epoch_ms: clock.startedEpochMs,
      agent: plan.profile.name,
      command: [...request.command],
      project: plan.sandbox.project,
      agent_config: plan.sandbox.agentConfigFolder === null ? null : 'agent',
      container: plan.container,
      podman: { rootless: plan.host.uid !== 0, arguments: redactEnvironment(podmanArguments) },
      supervisor: ownProcess(),
      watch: this.#watcher?.power ?? 'none',
      sample_interval_ms: request.sampleMs,
      host_ports: [...request.hostPorts],
      notes: this.#notes,
    }
  }

  /** init waits: what has to be there before the agent's first instruction is arranged now. */
  #ready(): void {
    this.#initPid ??= Number(readFileSync(this.plan.pidFile, 'utf8'))
    const cgroup = ContainerCgroup.ofProcess(this.#initPid)
    this.#sampler = new Sampler(this.#initPid, cgroup, this.#calls)
    this.#record.sample({
      schema_version: SCHEMA_VERSION,
      run_id: this.plan.runId,
      source: { container: this.#sampler.source, calls: 'process-rss' },
    })
    this.#peak.source = this.#sampler.source
    noteCgroups(this.plan.sandboxFolder, this.#initPid)
    this.#goMs = this.clock.nowMs()
    this.#record.events([{ event: 'run_phase', time_ms: this.#goMs, phase: 'go' }])
    this.#lifeline?.go()

    this.#every(this.request.sampleMs, () => this.#sample())
    this.#watchConmon()
    if (this.request.timeoutMs !== null) this.#after(this.request.timeoutMs, () => this.#timeOut())
  }

  #sample(): void {
    if (this.#agent) return
    const sample = this.#sampler?.take(this.clock.nowMs())
    if (!sample) return
    this.#record.sample(sample)
    if (sample.memory_bytes === null || sample.memory_bytes <= (this.#peak.bytes ?? -1)) return
    const largest = sample.calls.reduce<(typeof sample.calls)[number] | null>(
      (most, call) => (call.memory_bytes > (most?.memory_bytes ?? 0) ? call : most),
      null,
    )
    this.#peak = { bytes: sample.memory_bytes, source: this.#peak.source, call: largest?.call ?? null }
  }

  /** Without conmon nobody tells of the container's end, and `podman run` would wait for ever. */
  #watchConmon(): void {
    const pid = Number(readFileSync(this.plan.conmonPidFile, 'utf8'))
    const started = readStat(pid)?.startTicks
    this.#every(CONMON_CHECK_MS, () => {
      const now = readStat(pid)
      if (now?.startTicks === started && now?.state !== 'Z') return
      if (!this.#agent) this.#end('conmon, the container’s monitor, was killed')
    })
  }

  #timeOut(): void {
    this.#timedOut = true
    this.#lifeline?.signal(constants.signals.SIGTERM)
    this.#after(KILL_AFTER_MS, () => this.#lifeline?.close())
  }

  #agentEnded(status: AgentStatus): void {
    const timeMs = this.clock.nowMs()
    this.#agent = { ...status, timeMs }
    this.#record.events([{ event: 'run_phase', time_ms: timeMs, phase: 'agent_exit' }])
  }

  /** Ends the run from acg's side: the container by its lifeline, and Podman if that does not follow. */
  #end(why: string): void {
    if (this.#fatal !== null) return
    this.#fatal = why
    this.#lifeline?.close()
    this.#podman.child.kill('SIGTERM')
    this.#after(1000, () => this.#podman.child.kill('SIGKILL'))
  }

  #passSignals(): void {
    for (const name of PASSED_SIGNALS) {
      process.on(name, () => {
        if (this.#goMs === null) this.#end(`${name} came before the agent was started`)
        else this.#lifeline?.signal(constants.signals[name])
      })
    }
    process.on('SIGCONT', () => this.#terminal?.lendTo(this.#podman.child.pid))
  }

  async #podmanEnded(): Promise<AgentStatus> {
    const { child } = this.#podman
    await child.exited
    const signal = child.signalCode === null ? null : constants.signals[child.signalCode as NodeJS.Signals]
    if (signal !== null && !this.#agent) this.#fatal ??= `Podman was ended by ${child.signalCode}`
    this.#lifeline?.close()
    this.#terminal?.takeBackFrom(child.pid)
    return { exitCode: signal === null ? child.exitCode : null, signal }
  }

  async #finish(podman: AgentStatus): Promise<Result> {
    for (const timer of this.#timers) timer.clear()
    const endMs = this.#agent?.timeMs ?? this.clock.nowMs()
    if (this.#watcher) {
      this.#watcher.stop()
      this.#after(WATCH_DRAIN_MS, () => {
        this.#watchComplete = false
        this.#watchEnded.resolve()
      })
      await this.#watchEnded.promise
    }
    if (this.#fatal !== null) {
      const complaint = await removeDeadContainer(
        this.plan.podman,
        this.plan.container,
        this.plan.sandboxFolder,
      )
      if (complaint) this.#notes.push(`the container could not be removed: ${complaint}`)
    }
    const ending = decideEnding({
      agent: this.#agent,
      agentStarted: this.#agentStarted,
      podman,
      timedOut: this.#timedOut,
      fatal: this.#fatal,
    })
    const result = assembleResult({
      runId: this.plan.runId,
      agent: this.plan.profile.name,
      startedEpochMs: this.clock.startedEpochMs,
      ending,
      startupMs: this.#goMs ?? endMs,
      durationMs: endMs,
      peak: this.#peak,
      watch: {
        power: this.#watcher?.power ?? 'none',
        complete: this.#watcher !== null && this.#watchComplete,
      },
      calls: this.#calls,
      notes: this.#notes,
    })
    keepAgentFolder(this.plan)
    this.#record.result(result)
    return result
  }

  #cleanUp(): void {
    for (const timer of this.#timers) timer.clear()
    for (const name of PASSED_SIGNALS) process.removeAllListeners(name)
    process.removeAllListeners('SIGCONT')
    for (const server of this.#servers) server.close()
    this.#lifeline?.close()
    this.#record[Symbol.dispose]()
    this.#terminal?.[Symbol.dispose]()
    removeSandbox(this.plan.podman, this.plan.sandboxFolder)
  }

  #after(ms: number, act: () => void): void {
    const timer = setTimeout(act, ms)
    this.#timers.push({ clear: () => clearTimeout(timer) })
  }

  /** Acts every `ms` by the run's clock: a late turn does not make the next ones later. */
  #every(ms: number, act: () => void): void {
    const firstMs = this.clock.nowMs()
    let timer: Timer
    let turns = 0
    const next = () => {
      turns = Math.max(turns + 1, Math.floor((this.clock.nowMs() - firstMs) / ms) + 1)
      timer = setTimeout(
        () => {
          act()
          next()
        },
        Math.max(0, firstMs + turns * ms - this.clock.nowMs()),
      )
    }
    this.#timers.push({ clear: () => clearTimeout(timer) })
    act()
    next()
  }
}

/** Values may be keys: the record keeps names alone. */
function redactEnvironment(args: readonly string[]): string[] {
  return args.map((argument, at) => (args[at - 1] === '--env' ? argument.replace(/=.*/s, '=…') : argument))
}
