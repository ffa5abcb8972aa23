// Claude Code, as seen under strace with the version that test/agents/pinned.json names; a newer one may run
// other errands, which then count as services and never as calls.
//
// Its process forks each of what is below by itself, with nothing in between. A call is `bash -c TEXT`, where TEXT
// sources a snapshot of the user's shell, or without one is a login shell's, and evals the model's command; the
// shell leads a session of its own. In that shell `grep`, `find` and `rg` are functions that execute the agent's
// own program under the names ugrep, bfs and rg: go by argv[0] there, not by the file.

import type { AgentProfile } from './profile.ts'

const SHELLS = ['bash', 'zsh', 'sh', 'dash']

export const CLAUDE: AgentProfile = {
  name: 'claude',
  commands: ['claude', 'claude.exe'],

  environment: [
    'ANTHROPIC_*',
    'CLAUDE_CODE_*',
    'API_TIMEOUT_MS',
    'BASH_DEFAULT_TIMEOUT_MS',
    'BASH_MAX_OUTPUT_LENGTH',
    'BASH_MAX_TIMEOUT_MS',
    'DISABLE_AUTOUPDATER',
    'DISABLE_COST_WARNINGS',
    'DISABLE_ERROR_REPORTING',
    'DISABLE_PROMPT_CACHING*',
    'DISABLE_TELEMETRY',
    'ENABLE_LSP_TOOL',
    'ENABLE_TOOL_SEARCH',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'http_proxy',
    'https_proxy',
    'no_proxy',
    'IS_SANDBOX',
    'MAX_MCP_OUTPUT_TOKENS',
    'MAX_THINKING_TOKENS',
    'MCP_TIMEOUT',
    'MCP_TOOL_TIMEOUT',
    'OTEL_*',
  ],
  environmentExcept: [
    'CLAUDE_CODE_ENTRYPOINT',
    'CLAUDE_CODE_EXECPATH',
    'CLAUDE_CODE_MESSAGING_SOCKET',
    'CLAUDE_CODE_MESSAGING_TOKEN',
    'CLAUDE_CODE_SESSION_ID',
    'CLAUDE_CODE_SSE_PORT',
  ],
  // Its folder is read-only inside, and it skips permissions as root only where it is told of a sandbox.
  sets: { DISABLE_AUTOUPDATER: '1', IS_SANDBOX: '1' },

  config: {
    variable: 'CLAUDE_CONFIG_DIR',
    path: '.claude',
    copy: [
      { path: '.credentials.json', secret: true },
      { path: '.claude.json', inHome: true, secret: true },
      { path: 'settings.json', secret: true },
      { path: 'CLAUDE.md', secret: false },
      { path: 'agents', secret: false },
      { path: 'commands', secret: false },
      { path: 'hooks', secret: false },
      { path: 'keybindings.json', secret: false },
      { path: 'output-styles', secret: false },
      { path: 'plugins', secret: false },
      { path: 'rules', secret: false },
      { path: 'skills', secret: false },
    ],
    secretCopies: ['backups'],
    transcripts: 'projects/**/*.jsonl',
  },

  rules: [
    {
      role: 'housekeeping',
      what: 'writes the snapshot of the user’s shell that calls source',
      when: { programs: SHELLS, shellText: /^\s*SNAPSHOT_FILE=/ },
    },
    {
      role: 'call',
      what: 'a command of the model',
      when: {
        programs: SHELLS,
        shellText:
          /^[^\n]{0,1000}?(\/shell-snapshots\/snapshot-|\\builtin shopt -u extglob|setopt NO_EXTENDED_GLOB)/,
      },
      commandAfter: 'eval',
    },
    {
      role: 'housekeeping',
      what: 'asks the user’s shell for its environment',
      when: { programs: SHELLS, shellText: /^env$/ },
    },
    {
      role: 'housekeeping',
      what: 'looks for editors that run',
      when: { programs: SHELLS, shellText: /^ps aux \| grep -E "/ },
    },
    { role: 'housekeeping', what: 'looks at processes', when: { programs: ['ps'] } },
    {
      role: 'housekeeping',
      what: 'asks git about the project, or notes what a call changed',
      when: { programs: ['git'], words: [/^(-c|-C|--)/] },
    },
    {
      role: 'housekeeping',
      what: 'its own program as a search tool',
      when: { programs: ['rg', 'ugrep', 'bfs'] },
    },
    { role: 'housekeeping', what: 'its own program', when: { programs: ['claude', 'claude.exe'] } },
    {
      role: 'housekeeping',
      what: 'whether the user has a key for a git host',
      when: { programs: ['ssh'], words: ['-T', '-o', 'BatchMode=yes'] },
    },
    { role: 'service', what: 'a hook', when: { programs: SHELLS, words: ['-c'] } },
  ],
  // MCP and language servers have whatever command line the user gave them.
  otherwise: 'service',
  findsPolling: false,
}
