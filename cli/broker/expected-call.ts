// The next call, as it is expected: it will begin as the last one did. Who comes so while its leaf stands ready is put
// there by the listener's own thread (native/listener/foreseen.c), and not held until JavaScript has had its say.

import type { Beginning } from '../calls/tracker.ts'
import type { Leaf } from '../cgroup/leaf.ts'
import type { Door, Placed } from '../watch/watcher.ts'
import { CallVoice } from './call-voice.ts'
import { makeVictimLike, TOOL_SCORE } from './victim.ts'

export class ExpectedCall {
  #exec: Beginning | null = null
  /** Whose child was let in last. */
  #parent: number | null = null

  /** Where there is no door nobody is let in. With `guards` who is let in becomes the kernel's first victim. */
  constructor(
    private readonly door: Door | null,
    private readonly guards: boolean,
  ) {}

  /** How the latest call began; null if that is no rule for the next. */
  learn(exec: Beginning | null): void {
    this.#exec = exec
  }

  /** Its leaf, which is the run's spare one, stands ready. Throws the file system's error. */
  mayEnter(leaf: Leaf): void {
    if (this.door === null) return
    const oomScoreAdj = this.guards ? TOOL_SCORE : 0
    if (this.#exec === null) {
      this.mayNotEnter()
      return
    }
    this.#parent = this.#exec.parent.pid
    this.door.foresee({ ...this.#exec, procs: leaf.openForMoves(), oomScoreAdj })
  }

  mayNotEnter(): void {
    this.door?.foreseeNobody()
  }

  /** Who was let into `leaf` is not the next call, and belongs with what it has forked elsewhere. */
  wasNone({ standardError }: Placed, leaf: Leaf | null, elsewhere: Leaf): void {
    CallVoice.on(standardError)[Symbol.dispose]()
    const moved = leaf?.moveAllTo(elsewhere) ?? []
    if (this.guards && this.#parent !== null) for (const pid of moved) makeVictimLike(pid, this.#parent)
    this.#exec = null
  }
}
