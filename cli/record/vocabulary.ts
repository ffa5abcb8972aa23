// The words of the record, apart from its schema: a run writes them without loading a validator.

/** 2: events.jsonl may hold `loss`. */
export const SCHEMA_VERSION = 2

/** Whose files mean the same to this acg. */
export const READABLE_VERSIONS: readonly number[] = [1, SCHEMA_VERSION]

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

export const ENDINGS = ['exited', 'killed', 'timeout', 'not_started', 'lost', 'unknown'] as const

/** Where an imported record comes from. */
export const ORIGINS = ['agentcgroup', 'claude'] as const
