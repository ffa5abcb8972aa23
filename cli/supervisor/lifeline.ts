// acg's end of the socket that the container's init lives by (native/init.c).

import { type ConnectedSocket, connectedSocket } from '../../ffi/mod.ts'

export interface AgentStatus {
  readonly exitCode: number | null
  readonly signal: number | null
}

export interface LifelineListener {
  /** init waits for "go". */
  ready(): void
  started(): void
  ended(status: AgentStatus): void
}

export class Lifeline {
  #rest = ''

  private constructor(
    private readonly socket: ConnectedSocket,
    private readonly listener: LifelineListener,
  ) {}

  /** Takes over the descriptor of a connected stream socket. */
  static async over(fd: number, listener: LifelineListener): Promise<Lifeline> {
    let lifeline: Lifeline | null = null
    const early: string[] = []
    const socket = await connectedSocket(fd, {
      data: (_, bytes) => {
        if (lifeline) lifeline.#read(bytes.toString())
        else early.push(bytes.toString())
      },
    })
    lifeline = new Lifeline(socket, listener)
    for (const text of early) lifeline.#read(text)
    return lifeline
  }

  go(): void {
    this.socket.write('go\n')
  }

  signal(number: number): void {
    this.socket.write(`signal ${number}\n`)
  }

  /** Ends the container. */
  close(): void {
    this.socket.terminate()
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const [word, argument] = line.split(' ')
      const number = Number(argument)
      if (word === 'ready') this.listener.ready()
      else if (word === 'started') this.listener.started()
      // init has told the user why the command could not be executed, and its exit code tells acg.
      else if (word === 'failed') continue
      else if (word === 'exited') this.listener.ended({ exitCode: number, signal: null })
      else if (word === 'killed') this.listener.ended({ exitCode: null, signal: number })
      else throw new Error(`init said what nobody taught it: ${JSON.stringify(line)}`)
    }
  }
}
