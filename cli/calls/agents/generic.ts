// Any agent that no table knows: whatever its own process executes directly is a call, but for a shell that it
// keeps (and feeds through a pipe or a terminal), where each job is one, and for what it repeats at even intervals.

import type { AgentProfile } from './profile.ts'

export const GENERIC: AgentProfile = {
  name: 'generic',
  commands: [],
  environment: [],
  environmentExcept: [],
  sets: {},
  config: null,
  rules: [
    {
      role: 'shell',
      what: 'a shell without a text or a script: its commands come on stdin',
      when: { programs: ['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash'], everyWord: /^(?!-\w*c)[-+]/ },
    },
  ],
  otherwise: 'call',
  findsPolling: true,
}
