// The signals that acg is sent and passes on to the agent.

import { constants } from 'node:os'

const PASSED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const

interface Listener {
  passed(name: string, number: number): void
  /** acg goes on after it was stopped. */
  continued(): void
}

/** Listens until the returned function is called. */
export function onSignals(listener: Listener): () => void {
  const handlers = PASSED.map((name) => [name, () => listener.passed(name, constants.signals[name])] as const)
  for (const [name, handle] of handlers) process.on(name, handle)
  process.on('SIGCONT', listener.continued)
  return () => {
    for (const [name, handle] of handlers) process.off(name, handle)
    process.off('SIGCONT', listener.continued)
  }
}
