// The next call, as it is expected: it will begin as the last one did. Who comes so while its leaf stands ready is put
// there by the listener's own thread (native/listener/foreseen.c), and not held until JavaScript has had its say.

import type { Beginning } from '../calls/tracker.ts'
import type { Leaf } from '../cgroup/leaf.ts'
import { processId } from '../procfs/stat.ts'
import { type ProcessId, processKey } from '../watch/process-event.ts'
import type { Door, Placed } from '../watch/watcher.ts'
import { CallVoice } from './call-voice.ts'
import { makeVictimLike, TOOL_SCORE } from './victim.ts'

export class ExpectedCall {
  #beginning: Beginning | null = null
  /** Whose child was let in last. */
  #parent: number | null = null
  /** Forked in the leaf by who was let in wrongly: what they executed there was not held. */
  readonly #astray = new Set<string>()

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
    for (const pid of leaf?.moveAllTo(elsewhere) ?? []) {
      const id = processId(pid)
      if (id) this.#astray.add(processKey(id))
      if (isAgents && this.guards && this.#parent !== null) makeVictimLike(pid, this.#parent)
    }
  }

  /** Whether what is told of an exec comes late: it was let go in a leaf where it did not belong. Asked once. */
  movedUnseen(id: ProcessId): boolean {
    return this.#astray.delete(processKey(id))
  }
}
