// Has Bun's event loop take a turn when something of an epoll set is ready, by a thread in C (native/waker.c): the
// loop waits for sockets alone, and a JavaScript thread that waits instead is a second engine to start and to feed.

import { dlopen, FFIType } from 'bun:ffi'
import { closeSync } from 'node:fs'
import waker from '../dist/native/waker.so' with { type: 'file' }
import { connectedSocket } from './connected-socket.ts'
import type { EpollSet } from './epoll.ts'
import { SystemError } from './libc.ts'
import { libraryPaths } from './shared-library.ts'
import { socketPair } from './unix-socket.ts'

const { i32 } = FFIType

/** After so many turns without a pause the loop has its other events looked at. */
const MOST_TURNS = 64

function load() {
  const [path = ''] = libraryPaths([waker])
  return dlopen(path, {
    // int acg_waker_start(int set, int socket)
    acg_waker_start: { args: [i32, i32], returns: i32 },
  }).symbols
}

let library: ReturnType<typeof load> | null = null

export interface WakerListener {
  /** A descriptor of the set, and its events. */
  ready(fd: number, events: number): void
  /** What was ready has been handled. What this throws is nobody's but the process's. */
  turned(): void
  /** `ready` threw, or there is nobody any more who wakes. Told once; no more turns are taken. */
  failed(error: Error): void
}

export class Waker implements Disposable {
  readonly #socket: Promise<{ terminate(): void }>
  #isOver = false
  #isToGoOn = false

  /** Throws SystemError. */
  constructor(
    private readonly set: EpollSet,
    private readonly listener: WakerListener,
  ) {
    library ??= load()
    const [own, threads] = socketPair()
    const errno = library.acg_waker_start(set.fd, threads)
    if (errno !== 0) {
      closeSync(own)
      closeSync(threads)
      throw new SystemError('pthread_create', errno)
    }
    this.#socket = connectedSocket(own, {
      data: () => this.turn(),
      close: () => this.#fail(new Error('the thread that wakes for it has ended')),
    })
    this.#socket.catch((error) => this.#fail(error))
  }

  /** Handles what is ready by now. `waitMs`: for what is becoming ready this moment. */
  turn(waitMs = 0): void {
    if (this.#isOver) return
    let turns = 0
    try {
      while (turns < MOST_TURNS && this.set.wait(this.listener.ready, turns === 0 ? waitMs : 0) > 0) turns++
    } catch (error) {
      this.#fail(error as Error)
      return
    }
    this.listener.turned()
    if (turns < MOST_TURNS || this.#isToGoOn) return
    this.#isToGoOn = true
    setImmediate(() => {
      this.#isToGoOn = false
      this.turn()
    })
  }

  #fail(error: Error): void {
    if (this.#isOver) return
    this[Symbol.dispose]()
    this.listener.failed(error)
  }

  /** Takes no more turns; the thread ends. The set stays its owner's. */
  [Symbol.dispose](): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#socket.then(
      (socket) => socket.terminate(),
      () => {},
    )
  }
}
