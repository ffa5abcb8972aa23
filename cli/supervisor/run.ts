// One run, from the container's start to the agent's end: the order of things, and what ends them.

import { readFileSync } from 'node:fs'
import type { Server } from 'node:net'
import { constants } from 'node:os'
import type { MakePlacement } from '../broker/control.ts'
import type { Placement } from '../broker/placement.ts'
import type { CallTracker } from '../calls/tracker.ts'
import { ContainerCgroup } from '../cgroup/container-cgroup.ts'
import { AcgError } from '../errors.ts'
import { isAlive, processId } from '../procfs/stat.ts'
import { assembleResult } from '../record/result.ts'
import type { RecordEvent, Result } from '../record/schema.ts'
import { RecordWriter } from '../record/writer.ts'
import { removeTree } from '../sandbox/removal.ts'
import { portSocket } from '../sandbox/sandbox.ts'
import type { Backend, MakeWatcher } from '../watch/backend.ts'
import type { LossEvent, ProcessEvent, ProcessId } from '../watch/process-event.ts'
import type { HeldExec, Watcher } from '../watch/watcher.ts'
import type { RunClock } from './clock.ts'
import { describeRun } from './description.ts'
import { decideEnding } from './ending.ts'
import { serveHostPort } from './host-port.ts'
import type { Keyboard } from './keyboard.ts'
import { emptySandbox, keepAgentFolder, noteCgroups, removeDeadContainer } from './leftovers.ts'
import { type AgentStatus, Lifeline } from './lifeline.ts'
import { type PodmanProcess, startPodman } from './podman.ts'
import type { Preparation } from './preparation.ts'
import type { RunRequest } from './request.ts'
import { SampleRecorder } from './sample-recorder.ts'
import { Sampler } from './sampler.ts'
import { onSignals } from './signals.ts'
import { type Pace, Timers } from './timers.ts'

const CONMON_CHECK_MS = 200
const INIT_CHECK_MS = 2
const KILL_AFTER_MS = 10_000
const PODMAN_ENDS_WITHIN_MS = 1000
const WATCH_DRAIN_MS = 2000

export class SupervisedRun {
  #calls!: CallTracker
  readonly #record: RecordWriter
  readonly #watcher: Watcher | null
  readonly #timers = new Timers()
  readonly #notes: string[] = []
  readonly #watchEnded = Promise.withResolvers<void>()
  #servers: Server[] = []
  #stopSignals: (() => void) | null = null
  #podman: PodmanProcess | null = null
  #lifeline: Lifeline | null = null
  #samples: SampleRecorder | null = null
  #placement: Placement | null = null
  #looks: Pace | null = null
  #initPid: number | null = null
  #init: ProcessId | null = null
  #goMs: number | null = null
  #agent: (AgentStatus & { timeMs: number }) | null = null
  #agentStarted = false
  #timedOut = false
  #fatal: string | null = null
  #watchComplete = true
  #containerIsGone = true
  #cleared: Promise<void> | null = null

  constructor(
    private readonly request: RunRequest,
    private readonly plan: Preparation,
    private readonly clock: RunClock,
    { make, note }: Backend,
    private readonly makePlacement: MakePlacement | null,
  ) {
    this.#record = RecordWriter.create(plan.recordFolder, plan.runId)
    this.#watcher = make ? this.#makeWatcher(make) : null
    this.#notes.push(...request.notes)
    if (note !== null) this.#notes.push(note)
    if (plan.host.uid === 0) this.#notes.push('Podman ran as root, since there is no other user to run it as')
  }

  #makeWatcher(makeWatcher: MakeWatcher): Watcher {
    return makeWatcher(this.plan.sandboxFolder, this.clock.startNs, {
      attached: (pid) => {
        this.#initPid = pid
      },
      events: (events) => {
        const recorded: RecordEvent[] = []
        for (const event of events) this.#take(event, recorded)
        this.#record.events(recorded)
      },
      ...(this.makePlacement ? { held: (exec, letGo) => this.#settle(exec, letGo) } : {}),
      ended: () => this.#watchEnded.resolve(),
      failed: (error) => {
        const why =
          error instanceof AcgError && error.seen ? `${error.message}: ${error.seen}` : error.message
        this.#watchComplete = false
        this.#record.events([{ event: 'watch_ended', time_ms: this.clock.nowMs(), why }])
        this.#watchEnded.resolve()
        this.#end(`watching ended: ${why}`)
      },
    })
  }

  /** Takes an event in, and adds it to what is to be recorded, and what it means. */
  #take(event: ProcessEvent | LossEvent, recorded: RecordEvent[]): void {
    recorded.push(event)
    if (event.event === 'loss') {
      this.#watchComplete = false
      return
    }
    const meaning = this.#calls.handle(event)
    for (const each of meaning) recorded.push(each)
    const placement = this.#placement
    if (!placement) return
    this.#controlled('a call’s cgroup could not be followed', () => {
      for (const each of placement.follow(meaning)) recorded.push(each)
      placement.saw(event)
    })
  }

  /** Returns in how many ms to look again; null if that makes no sense any more. */
  #look(placement: Placement): number | null {
    let nextMs: number | null = null
    this.#controlled('the calls’ memory could not be controlled', () => {
      nextMs = placement.look()
    })
    return nextMs
  }

  /** What was asked to be contained and cannot be does not run: not even until the container has ended. */
  #settle(exec: HeldExec, letGo: () => void): void {
    this.#controlled(`process ${exec.id.pid} could not be given its cgroup and its memory`, () =>
      this.#placement?.settle(exec, letGo),
    )
  }

  /** Where what was asked for cannot be kept up, the run ends and says why. */
  #controlled(failing: string, act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#end(`${failing}: ${(error as Error).message}`)
    }
  }

  /** Throws AcgError where no leaf can be had. */
  #control(initPid: number): void {
    const { plan, clock, request } = this
    if (this.makePlacement === null) return
    const run = {
      id: plan.runId,
      settings: request.settings,
      door: this.#watcher?.door ?? null,
      nowMs: () => clock.nowMs(),
      record: (event: RecordEvent) => this.#record.events([event]),
      note: (text: string) => this.#notes.push(text),
      end: (why: string) => this.#end(why),
      lookWithin: (ms: number) => this.#looks?.within(ms),
    }
    this.#placement = this.makePlacement(initPid, this.#calls, run)
  }

  /**
   * Runs the agent to its end. Throws AcgError, or what is a bug; the container is gone then too, and there is no record
   * of a run that Podman was never started for.
   */
  async run(keyboard: Keyboard): Promise<Result> {
    try {
      const args = this.plan.podmanArguments(this.#watcher?.seccompProfile ?? null)
      await this.#serveHostPorts()
      const podman = startPodman(this.plan.podman, args, keyboard)
      this.#podman = podman
      this.#passSignals()
      // Podman takes its time: what means nothing until there is a container is loaded meanwhile.
      const { CallTracker } = await import('../calls/tracker.ts')
      this.#calls = new CallTracker(this.plan.profile)
      this.#watcher?.start()
      this.#lifeline = await Lifeline.over(podman.lifelineFd, {
        ready: () => this.#ready(),
        started: () => {
          this.#agentStarted = true
        },
        ended: (status) => this.#agentEnded(status),
      })
      const { plan, request, clock } = this
      this.#record.run(describeRun(plan, request, clock, this.#watcher?.power ?? 'none', args, this.#notes))
      return await this.#finish(await this.#podmanEnded(podman))
    } finally {
      await this.#cleanUp()
    }
  }

  async #serveHostPorts(): Promise<void> {
    const { hostPorts } = this.request
    if (hostPorts.length === 0) return
    const sockets = hostPorts.map((port) => serveHostPort(port, portSocket(this.plan.sandboxFolder, port)))
    this.#servers = await Promise.all(sockets)
  }

  /** init waits: what has to be there before the agent's first instruction is arranged now. */
  #ready(): void {
    this.#initPid ??= Number(readFileSync(this.plan.pidFile, 'utf8'))
    this.#init = processId(this.#initPid)
    this.#watcher?.follow(this.#initPid)
    if (this.#fatal !== null) return
    noteCgroups(this.plan.sandboxFolder, this.#initPid)
    try {
      this.#control(this.#initPid)
    } catch (error) {
      if (!(error instanceof AcgError)) throw error
      this.#end(`${error.message}: ${error.seen}; ${error.hint}`)
      return
    }
    const leaves = this.#placement?.leaves ?? null
    const whole = leaves
      ? ContainerCgroup.ofFolder(leaves.container)
      : ContainerCgroup.ofProcess(this.#initPid)
    const sampler = new Sampler(this.#initPid, whole, this.#calls, leaves)
    this.#samples = new SampleRecorder(sampler, this.#record, this.plan.runId)
    this.#goMs = this.clock.nowMs()
    this.#record.events([{ event: 'run_phase', time_ms: this.#goMs, phase: 'go' }])
    this.#lifeline?.go()

    const nowMs = () => this.clock.nowMs()
    this.#timers.every(this.request.sampleMs, nowMs, () => {
      if (!this.#agent) this.#samples?.take(nowMs())
      this.#controlled('the calls’ cgroups could not be kept in order', () => this.#placement?.tidy())
    })
    const placement = this.#placement
    if (placement) {
      this.#looks = this.#timers.paced(() => this.#look(placement))
    }
    this.#watchConmon()
    if (this.request.timeoutMs !== null) this.#timers.after(this.request.timeoutMs, () => this.#timeOut())
  }

  /**
   * Without conmon nobody tells of the container's end, and `podman run` would wait for ever. It is seen twice: after a
   * long turn of the loop this timer may come before what init said of the agent's end, which conmon followed.
   */
  #watchConmon(): void {
    const conmon = processId(Number(readFileSync(this.plan.conmonPidFile, 'utf8')))
    let wasGone = false
    this.#timers.every(
      CONMON_CHECK_MS,
      () => this.clock.nowMs(),
      () => {
        const isGone = !(conmon && isAlive(conmon))
        if (!this.#agent && isGone && wasGone) this.#end('conmon, the container’s monitor, was killed')
        wasGone = isGone
      },
    )
  }

  #timeOut(): void {
    this.#timedOut = true
    this.#lifeline?.signal(constants.signals.SIGTERM)
    this.#timers.after(KILL_AFTER_MS, () => this.#lifeline?.close())
  }

  #agentEnded(status: AgentStatus): void {
    const timeMs = this.clock.nowMs()
    this.#agent = { ...status, timeMs }
    this.#record.events([{ event: 'run_phase', time_ms: timeMs, phase: 'agent_exit' }])
    this.#timers.clear()
    void this.#clearUp()
  }

  /** What can be cleared up once init has ended, while Podman still does its own clearing up: nearly all. */
  #clearUp(): Promise<void> {
    this.#cleared ??= (async () => {
      const { profile, recordFolder, sandbox, sandboxFolder } = this.plan
      while (this.#init !== null && isAlive(this.#init)) await Bun.sleep(INIT_CHECK_MS)
      await this.#stopWatching()
      for (const leaf of this.#placement?.end() ?? [])
        this.#notes.push(`a cgroup could not be removed: ${leaf}`)
      keepAgentFolder(profile, sandbox.agentConfigFolder, recordFolder)
      emptySandbox(sandboxFolder)
    })()
    return this.#cleared
  }

  async #stopWatching(): Promise<void> {
    if (!this.#watcher) return
    this.#watcher.stop()
    const late = setTimeout(() => {
      this.#watchComplete = false
      this.#watchEnded.resolve()
    }, WATCH_DRAIN_MS)
    await this.#watchEnded.promise
    clearTimeout(late)
  }

  /** Ends the run from acg's side: the container by its lifeline, and Podman if that does not follow. */
  #end(why: string): void {
    if (this.#fatal !== null) return
    this.#fatal = why
    this.#lifeline?.close()
    this.#podman?.child.kill('SIGTERM')
    this.#timers.after(PODMAN_ENDS_WITHIN_MS, () => this.#podman?.child.kill('SIGKILL'))
  }

  #passSignals(): void {
    this.#stopSignals = onSignals({
      passed: (name, number) => {
        if (this.#goMs === null) this.#end(`${name} came before the agent was started`)
        else this.#lifeline?.signal(number)
      },
      resized: () => this.#podman?.child.kill('SIGWINCH'),
    })
  }

  async #podmanEnded({ child }: PodmanProcess): Promise<AgentStatus> {
    await child.exited
    const signal = child.signalCode === null ? null : constants.signals[child.signalCode as NodeJS.Signals]
    if (signal !== null && !this.#agent) this.#fatal ??= `Podman was ended by ${child.signalCode}`
    this.#lifeline?.close()
    return { exitCode: signal === null ? child.exitCode : null, signal }
  }

  async #finish(podman: AgentStatus): Promise<Result> {
    this.#timers.clear()
    const endMs = this.#agent?.timeMs ?? this.clock.nowMs()
    // Podman removes what ended as it should. Without an end of the agent nobody can be sure that it did.
    if (this.#fatal !== null || this.#agent === null) {
      const { plan } = this
      const complaint = await removeDeadContainer(plan.podman, plan.runId, plan.sandboxFolder)
      this.#containerIsGone = complaint === null
      if (complaint) this.#notes.push(`the container could not be removed: ${complaint}`)
    }
    await this.#clearUp()
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
      peak: this.#samples?.peak ?? { bytes: null, source: null, call: null },
      watch: {
        power: this.#watcher?.power ?? 'none',
        complete: this.#watcher !== null && this.#watchComplete,
      },
      calls: this.#calls,
      notes: this.#notes,
    })
    this.#record.result(result)
    return result
  }

  async #cleanUp(): Promise<void> {
    this.#timers.clear()
    this.#stopSignals?.()
    for (const server of this.#servers) server.close()
    this.#lifeline?.close()
    this.#record[Symbol.dispose]()
    if (this.#podman === null) removeTree(this.plan.recordFolder)
    // The folder says which container is left: acg's next start tries again.
    if (this.#containerIsGone) removeTree(this.plan.sandboxFolder)
  }
}
