// A run's side of the daemon: what it asks for, and what it gets.

import { closeSync } from 'node:fs'
import {
  connectUnix,
  Errno,
  openPidfd,
  receiveWithDescriptors,
  SystemError,
  sendWithDescriptors,
} from '../../ffi/mod.ts'
import { AcgError } from '../errors.ts'
import { DEFAULT_RING_BYTES, ownReader } from '../watch/bpf/defaults.ts'
import type { RunGrant } from '../watch/bpf/grant.ts'
import type { Pace } from '../watch/bpf/pace.ts'
import { ANSWER_BYTES, decodeAnswer, encodeRequest, OUTCOMES, type Request, type Verb } from './protocol.ts'

/** Loading the programs takes a fraction of this, on the slowest machine that was seen. */
const ANSWER_WITHIN_SECONDS = 20

const NOBODY: readonly number[] = [Errno.ENOENT, Errno.ECONNREFUSED]

/** A connection, which is kept as long as the run is watched: its end tells the daemon that the run is over. */
export class DaemonConnection {
  private constructor(
    private readonly path: string,
    private readonly socket: number,
  ) {}

  /** null if nobody listens there. Throws AcgError if it cannot be reached. */
  static to(path: string): DaemonConnection | null {
    try {
      return new DaemonConnection(path, connectUnix(path, 'packets', ANSWER_WITHIN_SECONDS))
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      if (NOBODY.includes(error.errno)) return null
      throw new AcgError({
        what: 'cannot watch by BPF: acg’s daemon cannot be reached',
        seen: `${path}: ${error.message}`,
        hint: 'leave --watch out, or use --watch seccomp',
      })
    }
  }

  /** The run's ring. Throws AcgError if it is refused; then the connection has ended. */
  open(pace: Pace, ringBytes = DEFAULT_RING_BYTES): RunGrant {
    try {
      return this.#open(pace, ringBytes)
    } catch (error) {
      closeSync(this.socket)
      throw error
    }
  }

  #open(pace: Pace, ringBytes: number): RunGrant {
    const request = { ringBytes, ...ownReader(pace) }
    const descriptors = this.#ask('open', request, [])
    const [ring, losses] = descriptors
    if (ring === undefined || losses === undefined) {
      for (const fd of descriptors) closeSync(fd)
      throw new AcgError({ what: 'cannot watch by BPF: acg’s daemon gave no ring', seen: this.path })
    }
    return {
      ring,
      ringBytes,
      losses,
      pace,
      follow: (initPid) => {
        const pidfd = openPidfd(initPid)
        try {
          this.#ask('follow', request, [pidfd])
        } finally {
          closeSync(pidfd)
        }
      },
      [Symbol.dispose]: () => {
        for (const fd of descriptors) closeSync(fd)
        closeSync(this.socket)
      },
    }
  }

  #ask(verb: Verb, request: Omit<Request, 'verb'>, sent: readonly number[]): number[] {
    const { bytes, descriptors } = this.#exchange(encodeRequest({ verb, ...request }), sent)
    const outcome = decodeAnswer(bytes)
    if (outcome === 'granted') return descriptors
    for (const fd of descriptors) closeSync(fd)
    throw new AcgError({
      what: 'cannot watch by BPF: acg’s daemon refused it',
      seen: outcome ? OUTCOMES[outcome].says : `an answer of ${bytes.length} bytes that is none`,
      hint:
        outcome === 'not understood'
          ? './install.sh --daemon installs the one of this version; or use --watch seccomp, or leave --watch out'
          : 'leave --watch out, or use --watch seccomp',
    })
  }

  /** One who has too many connections is told so at once, before he asks; then the answer is there already. */
  #send(request: Buffer, descriptors: readonly number[]): void {
    try {
      sendWithDescriptors(this.socket, request, descriptors)
    } catch (error) {
      if (!(error instanceof SystemError && error.errno === Errno.EPIPE)) throw error
    }
  }

  #receive(): ReturnType<typeof receiveWithDescriptors> {
    try {
      return receiveWithDescriptors(this.socket, ANSWER_BYTES + 1)
    } catch (error) {
      if (!(error instanceof SystemError && error.errno === Errno.ECONNRESET)) throw error
      // What he asked was not read before the end. The answer from before lies behind that news.
      return receiveWithDescriptors(this.socket, ANSWER_BYTES + 1)
    }
  }

  #exchange(request: Buffer, sent: readonly number[]): ReturnType<typeof receiveWithDescriptors> {
    const gone = (seen: string) =>
      new AcgError({ what: 'cannot watch by BPF: acg’s daemon has gone', seen, hint: 'try again' })
    try {
      this.#send(request, sent)
      const answer = this.#receive()
      if (answer.bytes.length === 0) throw gone('it closed the connection without an answer')
      return answer
    } catch (error) {
      throw error instanceof SystemError ? gone(error.message) : error
    }
  }
}
