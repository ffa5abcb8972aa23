// The signals that acg is sent and passes on to the agent.

import { constants } from 'node:os'

const PASSED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGTSTP'] as const

interface Listener {
  passed(name: string, number: number): void
  /** The terminal has another size. Podman, in its own session, is not told so. */
  resized(): void
}

/** Listens until the returned function is called. */
export function onSignals(listener: Listener): () => void {
  const handlers = PASSED.map((name) => [name, () => listener.passed(name, constants.signals[name])] as const)
  for (const [name, handle] of handlers) process.on(name, handle)
  process.on('SIGWINCH', listener.resized)
  return () => {
    for (const [name, handle] of handlers) process.off(name, handle)
    process.off('SIGWINCH', listener.resized)
  }
}
