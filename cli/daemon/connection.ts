// One connection: one run of one user. Whatever it sends, it gets an answer, or its end.

import { closeSync } from 'node:fs'
import { BpfError } from '../../ffi/bpf.ts'
import { Errno } from '../../ffi/mod.ts'
import type { Reader, WatchedRun } from '../watch/bpf/watched-run.ts'
import { isContainerOf } from './ownership.ts'
import type { Loaded, Programs } from './programs.ts'
import { decodeRequest, type Outcome, type Request } from './protocol.ts'
import { isRingSize, isWithinBounds } from './quotas.ts'

export interface Answer {
  readonly outcome: Outcome
  /** Lent: they stay the daemon's. */
  readonly descriptors: readonly number[]
}

export class Connection implements Disposable {
  #loaded: Loaded | null = null
  #opened: { readonly run: WatchedRun; readonly reader: Reader } | null = null
  #isFollowed = false

  constructor(
    private readonly uid: number,
    private readonly programs: Programs,
    private readonly log: (line: string) => void,
  ) {}

  /** Does what a message asks for. The descriptors that came with it are closed by the caller. */
  handle(bytes: Buffer, descriptors: readonly number[]): Answer {
    const request = decodeRequest(bytes)
    if (!request) return refused('not understood')
    return request.verb === 'open' ? this.#open(request, descriptors) : this.#follow(descriptors)
  }

  #open(request: Request, descriptors: readonly number[]): Answer {
    if (descriptors.length > 0) return refused('not understood')
    if (this.#loaded) return refused('not in turn')
    if (!isRingSize(request.ringBytes) || !isWithinBounds(request)) return refused('out of bounds')
    try {
      this.#loaded = this.programs.acquire()
      const run = this.#loaded.openRun(request.ringBytes)
      this.#opened = { run, reader: request }
      const { ring, losses } = run
      return { outcome: 'granted', descriptors: [ring, losses, ...this.#loaded.linkDescriptors] }
    } catch (error) {
      return this.#kernelRefused(error)
    }
  }

  #follow(descriptors: readonly number[]): Answer {
    const [pidfd] = descriptors
    if (pidfd === undefined || descriptors.length > 1) return refused('not understood')
    if (!this.#loaded || !this.#opened || this.#isFollowed) return refused('not in turn')
    try {
      const owner = this.#loaded.ownerOf(pidfd)
      if (owner === null) return refused('gone')
      if (!isContainerOf(this.uid, owner)) return refused('not yours')
      this.#opened.run.follow(owner.pid_namespace, this.#opened.reader)
      this.#isFollowed = true
      return { outcome: 'granted', descriptors: [] }
    } catch (error) {
      return this.#kernelRefused(error)
    }
  }

  #kernelRefused(error: unknown): Answer {
    if (!(error instanceof BpfError)) throw error
    if (error.errno === Errno.ESRCH) return refused('gone')
    if (error.errno === Errno.EEXIST) return refused('already followed')
    if (error.errno === Errno.EBADF || error.errno === Errno.EINVAL) return refused('not understood')
    this.log(`for user ${this.uid}: ${error.message}\n${error.log}`)
    return refused('kernel refused')
  }

  [Symbol.dispose](): void {
    this.#opened?.run[Symbol.dispose]()
    if (this.#loaded) this.programs.release()
    this.#opened = this.#loaded = null
  }
}

export function closeAll(descriptors: readonly number[]): void {
  for (const fd of descriptors) closeSync(fd)
}

function refused(outcome: Outcome): Answer {
  return { outcome, descriptors: [] }
}
