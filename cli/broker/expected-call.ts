// The next call, as it is expected: it will begin as the last one did. Who comes so while its leaf stands ready is put
// there by the listener's own thread (native/listener/foreseen.c), and not held until JavaScript has had its say.

import type { Beginning } from '../calls/tracked-call.ts'
import type { Leaf } from '../cgroup/leaf.ts'
import { processId, readStat } from '../procfs/stat.ts'
import { type ProcessEvent, type ProcessKey, processKey } from '../watch/process-event.ts'
import type { Door, Placed } from '../watch/watcher.ts'
import { CallVoice } from './call-voice.ts'
import { makeVictimLike, TOOL_SCORE } from './victim.ts'

export class ExpectedCall {
  #beginning: Beginning | null = null
  /** Whose child was expected last. */
  #parent: number | null = null
  /** Who was let in wrongly, and what that one forked in the leaf: what they executed there was not held. */
  readonly #astray = new Set<ProcessKey>()

  /** Where there is no door nobody is let in. With `guards` who is let in becomes the kernel's first victim. */
  constructor(
    private readonly door: Door | null,
    private readonly guards: boolean,
  ) {}

  /** How the latest call began; null if that is no rule for the next. */
  learn(beginning: Beginning | null): void {
    this.#beginning = beginning
  }

  /** Its leaf, which is the run's spare one, stands ready. Throws the file system's error. */
  mayEnter(leaf: Leaf): void {
    if (this.door === null) return
    const procs = this.#beginning && leaf.openForMoves()
    if (this.#beginning === null || procs === null) {
      this.mayNotEnter()
      return
    }
    this.#parent = this.#beginning.parent.pid
    this.door.foresee({ ...this.#beginning, procs, oomScoreAdj: this.guards ? TOOL_SCORE : 0 })
  }

  mayNotEnter(): void {
    this.door?.foreseeNobody()
  }

  /**
   * Who was let into `leaf` is not the next call, and belongs with what it has forked elsewhere; to the agent, or to
   * another call. Throws the file system's error.
   */
  wasNone({ standardError }: Placed, leaf: Leaf | null, elsewhere: Leaf, isAgents: boolean): void {
    CallVoice.on(standardError)[Symbol.dispose]()
    this.#beginning = null
    const moved = leaf?.moveAllTo(elsewhere) ?? []
    if (!isAgents) return
    for (const pid of moved) {
      const id = processId(pid)
      if (id) this.#astray.add(processKey(id))
      if (this.guards && this.#parent !== null) makeVictimLike(pid, this.#parent)
    }
  }

  /** Whether it tells of an exec that was not held, since it happened in a leaf where the process did not belong. */
  wentUnheld(event: ProcessEvent): boolean {
    if (event.event === 'fork' || !this.#astray.has(processKey(event))) return false
    if (event.event === 'exec' && readStat(event.pid)?.hasNotExeced) return false
    this.#astray.delete(processKey(event))
    return event.event === 'exec'
  }
}
