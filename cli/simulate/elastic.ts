// Runs that share a machine's memory second by second, each holding what it needs at the moment. A run that needs
// more than is left waits, holding what it has, until others let go. Slots are refilled, so that the number of runs
// stays; each slot begins somewhere in the middle of its first run.
//
// Who has waited longest is served first; a small need may pass a large one that does not fit yet. If every run
// waits, none can let go: the one that began last gives up what it has and begins anew.

import { type Course, courseSeconds, mbAt } from '../analysis/course.ts'
import type { Pcg64 } from '../analysis/pcg64.ts'

export interface Shared {
  readonly finished: number
  /** Seconds in which runs got on, and in which they waited. */
  readonly runSeconds: number
  readonly waitSeconds: number
  /** Each wait's length. */
  readonly waits: readonly number[]
  readonly restarts: number
}

interface Slot {
  course: Course
  second: number
  heldMb: number
  /** null if it does not wait. */
  waitingSince: number | null
  began: number
}

export function share(
  courses: readonly Course[],
  runs: number,
  machineMb: number,
  seconds: number,
  random: Pcg64,
): Shared {
  return new Machine(courses, machineMb, random).run(runs, seconds)
}

class Machine {
  readonly #slots: Slot[] = []
  readonly #waits: number[] = []
  #usedMb = 0
  #finished = 0
  #runSeconds = 0
  #waitSeconds = 0
  #restarts = 0

  constructor(
    readonly courses: readonly Course[],
    readonly machineMb: number,
    readonly random: Pcg64,
  ) {}

  run(runs: number, seconds: number): Shared {
    for (let each = 0; each < runs; each++) this.#slots.push(this.#begin())
    for (let now = 0; now < seconds; now++) this.#tick(now)
    return {
      finished: this.#finished,
      runSeconds: this.#runSeconds,
      waitSeconds: this.#waitSeconds,
      waits: this.#waits,
      restarts: this.#restarts,
    }
  }

  /** In the middle of a run, with what it needs there, or with nothing yet where that does not fit. */
  #begin(): Slot {
    const course = this.#draw()
    const second = this.random.below(courseSeconds(course))
    const slot: Slot = { course, second, heldMb: 0, waitingSince: null, began: 0 }
    this.#grant(slot, mbAt(course, second))
    return slot
  }

  #draw(): Course {
    return this.courses[this.random.below(this.courses.length)] as Course
  }

  #grant(slot: Slot, mb: number): boolean {
    if (this.#usedMb - slot.heldMb + mb > this.machineMb) return false
    this.#usedMb += mb - slot.heldMb
    slot.heldMb = mb
    return true
  }

  #tick(now: number): void {
    const growing = this.#slots.filter((slot) => !this.#letGo(slot, now))
    const inTurn = growing.sort((one, other) => (one.waitingSince ?? now) - (other.waitingSince ?? now))
    for (const slot of inTurn) {
      if (this.#grant(slot, this.#next(slot))) this.#advance(slot, now)
      else {
        slot.waitingSince ??= now
        this.#waitSeconds++
      }
    }
    if (this.#slots.every(({ waitingSince }) => waitingSince !== null)) this.#restartYoungest(now)
  }

  /** What it needs a second from now. */
  #next({ course, second }: Slot): number {
    return mbAt(course, second + 1)
  }

  /** Whether the slot got on without more memory: its run ended, or needs no more than it has. */
  #letGo(slot: Slot, now: number): boolean {
    if (slot.second + 1 >= courseSeconds(slot.course)) {
      this.#finished++
      this.#usedMb -= slot.heldMb
      Object.assign(slot, { course: this.#draw(), second: 0, heldMb: 0, began: now })
      this.#grant(slot, mbAt(slot.course, 0))
      return true
    }
    const next = this.#next(slot)
    if (next > slot.heldMb) return false
    this.#grant(slot, next)
    this.#advance(slot, now)
    return true
  }

  #advance(slot: Slot, now: number): void {
    slot.second++
    this.#runSeconds++
    if (slot.waitingSince === null) return
    this.#waits.push(now - slot.waitingSince)
    slot.waitingSince = null
  }

  #restartYoungest(now: number): void {
    const [youngest] = this.#slots.toSorted((one, other) => other.began - one.began)
    if (youngest === undefined) return
    this.#restarts++
    this.#usedMb -= youngest.heldMb
    Object.assign(youngest, { second: 0, heldMb: 0, began: now })
  }
}
