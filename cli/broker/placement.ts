// Puts each process that the agent's side executes where it belongs: the runtime, a service or a call, each in its own
// leaf. It is asked while the exec is held, or was foreseen (expected-call.ts), so the program's first page is charged to
// its leaf already; what it forks follows by itself. Where no exec can be held, late-arrivals.ts asks instead. When a call
// has ended, its leaf tells what it held at most, and whether the kernel ended it. What a call may hold meanwhile is the
// broker's.

import { shellScript } from '../calls/shell-words.ts'
import type { CallTracker } from '../calls/tracker.ts'
import type { Leaf } from '../cgroup/leaf.ts'
import type { RunLeaves } from '../cgroup/run-leaves.ts'
import { hintOf } from '../policy/hint.ts'
import type { Settings } from '../policy/settings.ts'
import type { Seat } from '../pool/seat.ts'
import { isAlive, processId, readProcessFile } from '../procfs/stat.ts'
import type { Control, RecordEvent } from '../record/schema.ts'
import type { ProcessEvent, ProcessId } from '../watch/process-event.ts'
import type { Door, HeldExec } from '../watch/watcher.ts'
import { Broker } from './broker.ts'
import { BroughtAlong } from './brought-along.ts'
import { CallVoice } from './call-voice.ts'
import { ExpectedCall } from './expected-call.ts'
import { LateArrivals } from './late-arrivals.ts'
import { limitEvent } from './limit-event.ts'
import { PausableClock } from './pausable-clock.ts'
import type { Arrival } from './tenant.ts'
import { outOfMemoryText } from './texts.ts'
import { makeFirstVictim } from './victim.ts'

/** What placement needs of the run that it serves. */
export interface PlacementRun {
  readonly id: string
  readonly settings: Settings
  /** Where execs are held, and settle() is called for each; null where none can be, and saw() has to do. */
  readonly door: Door | null
  nowMs(): number
  record(event: RecordEvent): void
  note(text: string): void
  end(why: string): void
  /** Has the next look() come in so many ms at the latest. */
  lookWithin(ms: number): void
}

/** Where only `acg pause` is to be noticed. */
const LOOK_EVERY_MS = 250
/** While the model thinks, what the agent holds changes little. */
const MEASURE_AGENT_EVERY_MS = 500

export class Placement {
  readonly #voices = new Map<number, CallVoice>()
  readonly #running = new Set<number>()
  /** Ended, and something of it still runs. */
  readonly #leftovers = new Set<number>()
  /** Ended by acg itself, which has been told and recorded. */
  readonly #endedHere = new Set<number>()
  readonly #broughtAlong = new BroughtAlong()
  /** When the agent was last measured, while no call ran. */
  #measuredMs = Number.NEGATIVE_INFINITY
  readonly #clock: PausableClock
  /** Where there is a limit to share. */
  readonly #broker: Broker | null
  readonly #lateArrivals: LateArrivals
  readonly #expected: ExpectedCall

  constructor(
    readonly leaves: RunLeaves,
    private readonly calls: CallTracker,
    private readonly control: Exclude<Control, 'off'>,
    private readonly run: PlacementRun,
    /** Where runs share a pool. */
    private readonly seat: Seat | null = null,
  ) {
    const { limitBytes } = leaves
    this.#clock = new PausableClock(() => run.nowMs())
    this.#broker = limitBytes === null ? null : this.#makeBroker(limitBytes)
    this.#expected = new ExpectedCall(run.door, control === 'enforce')
    this.#lateArrivals = new LateArrivals(this, calls, () => run.nowMs())
  }

  #makeBroker(limitBytes: number): Broker {
    const { run } = this
    const served = {
      id: run.id,
      timeMs: () => run.nowMs(),
      nowMs: () => this.#clock.nowMs(),
      note: (text: string) => run.note(text),
      say: (call: number, text: string) => this.#voices.get(call)?.say(text) ?? false,
      record: (event: RecordEvent) => run.record(event),
      end: (why: string) => run.end(why),
      lookWithin: (ms: number) => run.lookWithin(ms),
      ended: (call: number) => {
        this.#endedHere.add(call)
        this.calls.sawWholeEnd(call)
      },
    }
    return new Broker(this.leaves, limitBytes, run.settings, this.control === 'enforce', served, this.seat)
  }

  /**
   * `letGo` is null for one that nobody holds: what it has used by now is charged elsewhere. Throws the file system's error;
   * who could not be placed has not been let go then, unless it was foreseen. A process that has ended meanwhile is none.
   */
  settle(exec: HeldExec, letGo: (() => void) | null): void {
    const { id, placed } = exec
    const call = this.calls.callOf(id) ?? null
    try {
      if (call !== null && !this.leaves.call(call)) {
        this.#begin(call, exec, letGo)
        return
      }
      const leaf = call === null ? this.#agentsLeaf(id) : (this.leaves.call(call) as Leaf)
      if (placed) {
        this.#expected.wasNone(placed, this.leaves.spare, leaf, call === null)
        this.leaves.soiledSpare()
      }
      if (call !== null) this.#join(call, leaf, id.pid, letGo === null)
      else if (!isIn(leaf, id.pid)) leaf.place(id.pid)
      letGo?.()
    } catch (error) {
      if (isAlive(id)) throw error
    }
  }

  #place(call: number, leaf: Leaf, pid: number, isLate: boolean): void {
    if (isLate) this.#broughtAlong.whileMoving(call, pid, () => leaf.place(pid))
    else leaf.place(pid)
  }

  #begin(call: number, exec: HeldExec, letGo: (() => void) | null): void {
    const { spare } = this.leaves
    const leaf = this.leaves.addCall(call)
    this.#running.add(call)
    this.#expected.learn(this.calls.call(call)?.beginning ?? null)
    if (this.control === 'enforce') this.#guard(call, exec)
    // Last, since the kernel's part of it has begun with the exec (native/listener/moves.h).
    const go = () => {
      if (!exec.placed) this.#place(call, leaf, exec.id.pid, letGo === null)
      else if (leaf !== spare) {
        spare?.moveAllTo(leaf)
        this.leaves.soiledSpare()
      }
      letGo?.()
    }
    if (this.#broker) this.#broker.enter(this.#arrival(call, leaf, exec), go)
    else go()
    this.leaves.makeSpare(call + 1)
  }

  /** A later process of a call whose others it was not forked by, such as a stage of a pipeline. */
  #join(call: number, leaf: Leaf, pid: number, isLate: boolean): void {
    if (this.control === 'enforce') makeFirstVictim(pid)
    if (!isIn(leaf, pid)) this.#place(call, leaf, pid, isLate)
    this.#leftovers.delete(call)
    this.#running.add(call)
    this.#broker?.resumed(call)
    // It was ended as a whole, and a subshell that was outside starts the rest of it.
    if (this.#endedHere.has(call)) leaf.kill()
  }

  #agentsLeaf(id: ProcessId): Leaf {
    return this.calls.roleOf(id) === 'service' ? this.leaves.services : this.leaves.runtime
  }

  #arrival(call: number, leaf: Leaf, { id, argv, environment }: HeldExec): Arrival {
    const { command, guessedKind = 'other' } = this.calls.call(call) ?? {}
    const texts = [command, shellScript([...argv])].filter((text) => typeof text === 'string')
    const hint = hintOf(texts, environment, this.leaves.limitBytes ?? Number.POSITIVE_INFINITY)
    if (hint.note !== null) this.run.note(`call ${call}: ${hint.note}`)
    return {
      call,
      leaf,
      pid: id.pid,
      guessedKind,
      hintBytes: hint.bytes,
    }
  }

  /** The agent is to lose a tool before it loses itself, and to be told. */
  #guard(call: number, { id, placed }: HeldExec): void {
    if (!placed) makeFirstVictim(id.pid)
    this.#voices.set(call, placed ? CallVoice.on(placed.standardError) : CallVoice.of(id.pid))
  }

  /**
   * Sees to it that no call takes what the others and the agent need. Returns in how many ms to look again. Throws the
   * file system's error.
   */
  look(): number {
    const { isPaused } = this.leaves
    if (this.#clock.setPaused(isPaused)) {
      const phase = isPaused ? 'paused' : 'resumed'
      this.run.record({ event: 'run_phase', time_ms: this.run.nowMs(), phase })
    }
    if (this.#broker === null) return LOOK_EVERY_MS
    return isPaused ? this.#broker.rest() : this.#broker.look()
  }

  /** After it was told to `calls`, and what it means to follow(). Throws the file system's error. */
  saw(event: ProcessEvent): void {
    if (this.run.door === null || this.#expected.wentUnheld(event)) this.#lateArrivals.follow(event)
  }

  /** Takes in what has become of calls; returns what there is to record of it. */
  follow(events: readonly RecordEvent[]): RecordEvent[] {
    return events.flatMap((event) => {
      if (event.event === 'call_end') return this.#ended(event.call, event.time_ms)
      if (event.event === 'call_retracted') this.#retracted(event.call)
      return []
    })
  }

  #ended(call: number, timeMs: number): RecordEvent[] {
    using voice = this.#voices.get(call)
    this.#voices.delete(call)
    const history = this.leaves.call(call)?.history()
    const limitBytes = this.leaves.limitBytes
    this.#leave(call)
    if (!history) return []
    const { peakBytes, oomKills } = history
    if (peakBytes !== null)
      this.calls.sawMemory(call, this.#broughtAlong.peakBytes(call, peakBytes), 'cgroup2')
    if (oomKills === 0 || this.#endedHere.has(call)) return []
    if (this.control === 'enforce') this.calls.sawWholeEnd(call)
    const told = voice?.say(outOfMemoryText(limitBytes, peakBytes)) ?? false
    const what = { call, action: 'killed', by: 'kernel', done: true, told } as const
    return [limitEvent(what, timeMs, limitBytes, peakBytes === null ? {} : { peakBytes })]
  }

  #leave(call: number): void {
    this.#running.delete(call)
    this.#measuredMs = Number.NEGATIVE_INFINITY
    if (this.leaves.removeCall(call)) {
      this.#broker?.left(call)
    } else {
      this.#leftovers.add(call)
      this.#broker?.leftBehind(call)
    }
  }

  /** It was no call: what it runs belongs elsewhere. */
  #retracted(call: number): void {
    this.#voices.get(call)?.[Symbol.dispose]()
    this.#voices.delete(call)
    this.#expected.learn(null)
    for (const pid of this.leaves.call(call)?.pids() ?? []) {
      const id = processId(pid)
      if (id) this.settle({ id, argv: [], environment: [], placed: null }, null)
    }
    this.#leave(call)
  }

  /**
   * Removes the leaves whose last process has ended since. While no call runs, learns what the agent holds, and has the
   * next call's leaf ready.
   */
  tidy(): void {
    const nowMs = this.run.nowMs()
    if (this.#running.size === 0 && nowMs - this.#measuredMs >= MEASURE_AGENT_EVERY_MS) {
      this.#measuredMs = nowMs
      this.leaves.measureAgent()
      if (this.control === 'enforce') this.leaves.protectRuntime()
      this.leaves.tidySpare()
      if (this.leaves.spare) this.#foresee(this.leaves.spare)
    }
    for (const call of this.#leftovers) {
      if (!this.leaves.removeCall(call)) continue
      this.#leftovers.delete(call)
      this.#broker?.left(call)
    }
  }

  #foresee(leaf: Leaf): void {
    if (this.#broker?.prepare(leaf) ?? true) this.#expected.mayEnter(leaf)
    else this.#expected.mayNotEnter()
  }

  /** The container has ended. Returns the leaves that would not go. */
  end(): string[] {
    for (const voice of this.#voices.values()) voice[Symbol.dispose]()
    this.#voices.clear()
    this.#expected.mayNotEnter()
    this.seat?.[Symbol.dispose]()
    return this.leaves.remove()
  }
}

function isIn(leaf: Leaf, pid: number): boolean {
  const own = readProcessFile(pid, 'cgroup')
  return own !== null && leaf.folder.endsWith(own.trim().slice('0::'.length))
}
