// Puts processes where they belong after their exec, where nobody could hold it: a backend that tells of what has
// happened already. By then a process may have used memory that others are charged for, and forked what did not come
// along.

import type { CallTracker } from '../calls/tracker.ts'
import { CALL_LEAF_PATH } from '../cgroup/leaf-names.ts'
import { isAlive, readProcessFile } from '../procfs/stat.ts'
import {
  type ExecEvent,
  type ForkEvent,
  type ProcessEvent,
  type ProcessKey,
  processKey,
} from '../watch/process-event.ts'
import type { Placement } from './placement.ts'

export class LateArrivals {
  /** Until when a process may have been elsewhere, and what it forked with it. */
  readonly #outsideUntilMs = new Map<ProcessKey, number>()

  constructor(
    private readonly placement: Pick<Placement, 'leaves' | 'settle'>,
    private readonly calls: Pick<CallTracker, 'callOf'>,
    private readonly nowMs: () => number,
  ) {}

  /** After it has been told to `calls`. Throws the file system's error where a living process cannot be moved. */
  follow(event: ProcessEvent): void {
    if (event.event === 'exit') this.#outsideUntilMs.delete(processKey(event))
    else if (event.event === 'exec' || this.#wasForkedOutside(event)) this.#settle(event)
  }

  #wasForkedOutside({ parent, time_ms }: ForkEvent): boolean {
    return parent !== null && time_ms <= (this.#outsideUntilMs.get(processKey(parent)) ?? -1)
  }

  #settle(event: ExecEvent | ForkEvent): void {
    const { pid, start_ticks } = event
    const id = { pid, start_ticks }
    if (!isAlive(id) || readProcessFile(pid, 'cgroup')?.includes(CALL_LEAF_PATH)) return
    const argv = event.event === 'exec' ? event.argv : []
    this.placement.settle({ id, argv, environment: this.#environment(event), placed: null }, null)
    this.#outsideUntilMs.set(processKey(id), this.nowMs())
  }

  /** Wanted where a call begins: as the process shows it, which it could have changed by now. */
  #environment(id: ExecEvent | ForkEvent): string[] {
    const call = this.calls.callOf(id) ?? null
    if (call === null || this.placement.leaves.call(call)) return []
    return readProcessFile(id.pid, 'environ')?.split('\0') ?? []
  }
}
