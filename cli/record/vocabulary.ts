// The words of the record, apart from its schema: a run writes them without loading a validator.

/**
 * 2: events.jsonl may hold `loss`. 3: it may hold `limit`, and run.json says `control`. 4: run.json says `pool`, and
 * `limit` `elsewhere_bytes`.
 */
export const SCHEMA_VERSION = 4

/** Whose files mean the same to this acg. */
export const READABLE_VERSIONS: readonly number[] = [1, 2, 3, SCHEMA_VERSION]

export const KINDS = [
  'test',
  'install',
  'build',
  'git',
  'explore',
  'snippet',
  'run',
  'network',
  'other',
] as const
export type Kind = (typeof KINDS)[number]

/** Whose process tree a process belongs to. */
export const ROLES = ['runtime', 'service', 'call', 'housekeeping'] as const
export type Role = (typeof ROLES)[number]

export const WATCH_POWERS = ['bpf', 'seccomp', 'none'] as const
export const USAGE_SOURCES = ['cgroup2', 'cgroup1', 'process-rss', 'podman-stats'] as const
export type UsageSource = (typeof USAGE_SOURCES)[number]

/** What acg does about a call's memory: nothing, measure it in a cgroup of its own, or see that the agent outlives it. */
export const PRIORITIES = ['high', 'normal', 'low'] as const

export const CONTROLS = ['off', 'observe', 'enforce'] as const
export type Control = (typeof CONTROLS)[number]

export const ENDINGS = ['exited', 'killed', 'timeout', 'not_started', 'lost', 'unknown'] as const

/** Where an imported record comes from. */
export const ORIGINS = ['agentcgroup', 'claude'] as const
