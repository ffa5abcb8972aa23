// Written by `bun run layouts` from acg.h; not to be changed by hand. Structs keep C's names. A u64 is exact up to 2^53.
//
// They lie in words of 32 bits, `at` in bytes and divisible by 4: for each field of a DataView the engine calls a
// function, until it compiles that.

/** A copy of bytes that may begin anywhere, less what is no whole word at their end. */
export function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): Uint32Array {
  return new Uint32Array(buffer.slice(byteOffset, byteOffset + (byteLength & ~3)) as ArrayBuffer)
}

export const acg_chain_end = {
  ACG_CHAIN_KNOWN: 0,
  ACG_CHAIN_ROOT: 1,
  ACG_CHAIN_OUTSIDE: 2,
  ACG_CHAIN_HIDDEN: 3,
} as const

export const acg_flag = {
  ACG_OF_ROOT: 1,
  ACG_ARGV_CUT: 2,
  ACG_SCRIPT: 4,
  ACG_NO_CWD: 8,
  ACG_FILE_CUT: 16,
  ACG_UNREADABLE: 32,
  ACG_HELD: 64,
  ACG_NO_STATUS: 128,
  ACG_PLACED: 256,
} as const

export const acg_kind = {
  ACG_FORK: 1,
  ACG_EXEC: 2,
  ACG_EXIT: 3,
  ACG_ATTACHED: 4,
  ACG_CHAIN: 5,
  ACG_ASKED: 6,
} as const

export interface acg_asked {
  event: acg_event
  stdin_pipe: number
  stdout_pipe: number
  cookie_low: number
  cookie_high: number
  listener: number
  standard_error: number
  file_bytes: number
  head_bytes: number
  argv_bytes: number
  cwd_bytes: number
  environment_bytes: number
}

export const acg_asked = {
  bytes: 72,
  read: (words: Uint32Array, at: number): acg_asked => {
    const i = at >> 2
    return {
      event: acg_event.read(words, at),
      stdin_pipe: (words[i + 6] as number) + (words[i + 7] as number) * 2 ** 32,
      stdout_pipe: (words[i + 8] as number) + (words[i + 9] as number) * 2 ** 32,
      cookie_low: words[i + 10] as number,
      cookie_high: words[i + 11] as number,
      listener: words[i + 12] as number,
      standard_error: words[i + 13] as number,
      file_bytes: (words[i + 14] as number) & 0xffff,
      head_bytes: (words[i + 14] as number) >>> 16,
      argv_bytes: (words[i + 15] as number) & 0xffff,
      cwd_bytes: (words[i + 15] as number) >>> 16,
      environment_bytes: (words[i + 16] as number) & 0xffff,
    }
  },
  write: (words: Uint32Array, at: number, value: acg_asked): void => {
    const i = at >> 2
    acg_event.write(words, at, value.event)
    words[i + 6] = value.stdin_pipe % 2 ** 32
    words[i + 7] = value.stdin_pipe / 2 ** 32
    words[i + 8] = value.stdout_pipe % 2 ** 32
    words[i + 9] = value.stdout_pipe / 2 ** 32
    words[i + 10] = value.cookie_low
    words[i + 11] = value.cookie_high
    words[i + 12] = value.listener
    words[i + 13] = value.standard_error
    words[i + 14] = ((words[i + 14] as number) & 0xffff0000) | (value.file_bytes & 0xffff)
    words[i + 14] = ((words[i + 14] as number) & 0xffff) | (value.head_bytes << 16)
    words[i + 15] = ((words[i + 15] as number) & 0xffff0000) | (value.argv_bytes & 0xffff)
    words[i + 15] = ((words[i + 15] as number) & 0xffff) | (value.cwd_bytes << 16)
    words[i + 16] = ((words[i + 16] as number) & 0xffff0000) | (value.environment_bytes & 0xffff)
  },
}

export interface acg_chain {
  event: acg_event
  count: number
  end: number
}

export const acg_chain = {
  bytes: 32,
  read: (words: Uint32Array, at: number): acg_chain => {
    const i = at >> 2
    return {
      event: acg_event.read(words, at),
      count: words[i + 6] as number,
      end: words[i + 7] as number,
    }
  },
  write: (words: Uint32Array, at: number, value: acg_chain): void => {
    const i = at >> 2
    acg_event.write(words, at, value.event)
    words[i + 6] = value.count
    words[i + 7] = value.end
  },
}

export interface acg_event {
  time_ns: number
  start_ticks: number
  pid: number
  kind: number
  flags: number
}

export const acg_event = {
  bytes: 24,
  kindOf: (words: Uint32Array, at: number): number => {
    const i = at >> 2
    return (words[i + 5] as number) & 0xffff
  },
  read: (words: Uint32Array, at: number): acg_event => {
    const i = at >> 2
    return {
      time_ns: (words[i] as number) + (words[i + 1] as number) * 2 ** 32,
      start_ticks: (words[i + 2] as number) + (words[i + 3] as number) * 2 ** 32,
      pid: words[i + 4] as number,
      kind: (words[i + 5] as number) & 0xffff,
      flags: (words[i + 5] as number) >>> 16,
    }
  },
  write: (words: Uint32Array, at: number, value: acg_event): void => {
    const i = at >> 2
    words[i] = value.time_ns % 2 ** 32
    words[i + 1] = value.time_ns / 2 ** 32
    words[i + 2] = value.start_ticks % 2 ** 32
    words[i + 3] = value.start_ticks / 2 ** 32
    words[i + 4] = value.pid
    words[i + 5] = ((words[i + 5] as number) & 0xffff0000) | (value.kind & 0xffff)
    words[i + 5] = ((words[i + 5] as number) & 0xffff) | (value.flags << 16)
  },
}

export interface acg_exec {
  event: acg_event
  parent_start_ticks: number
  stdin_pipe: number
  stdout_pipe: number
  parent_pid: number
  file_bytes: number
  argv_bytes: number
  cwd_bytes: number
  number: number
}

export const acg_exec = {
  bytes: 64,
  read: (words: Uint32Array, at: number): acg_exec => {
    const i = at >> 2
    return {
      event: acg_event.read(words, at),
      parent_start_ticks: (words[i + 6] as number) + (words[i + 7] as number) * 2 ** 32,
      stdin_pipe: (words[i + 8] as number) + (words[i + 9] as number) * 2 ** 32,
      stdout_pipe: (words[i + 10] as number) + (words[i + 11] as number) * 2 ** 32,
      parent_pid: words[i + 12] as number,
      file_bytes: (words[i + 13] as number) & 0xffff,
      argv_bytes: (words[i + 13] as number) >>> 16,
      cwd_bytes: (words[i + 14] as number) & 0xffff,
      number: words[i + 15] as number,
    }
  },
  write: (words: Uint32Array, at: number, value: acg_exec): void => {
    const i = at >> 2
    acg_event.write(words, at, value.event)
    words[i + 6] = value.parent_start_ticks % 2 ** 32
    words[i + 7] = value.parent_start_ticks / 2 ** 32
    words[i + 8] = value.stdin_pipe % 2 ** 32
    words[i + 9] = value.stdin_pipe / 2 ** 32
    words[i + 10] = value.stdout_pipe % 2 ** 32
    words[i + 11] = value.stdout_pipe / 2 ** 32
    words[i + 12] = value.parent_pid
    words[i + 13] = ((words[i + 13] as number) & 0xffff0000) | (value.file_bytes & 0xffff)
    words[i + 13] = ((words[i + 13] as number) & 0xffff) | (value.argv_bytes << 16)
    words[i + 14] = ((words[i + 14] as number) & 0xffff0000) | (value.cwd_bytes & 0xffff)
    words[i + 15] = value.number
  },
}

export interface acg_exit {
  event: acg_event
  status: number
}

export const acg_exit = {
  bytes: 32,
  read: (words: Uint32Array, at: number): acg_exit => {
    const i = at >> 2
    return {
      event: acg_event.read(words, at),
      status: words[i + 6] as number,
    }
  },
  write: (words: Uint32Array, at: number, value: acg_exit): void => {
    const i = at >> 2
    acg_event.write(words, at, value.event)
    words[i + 6] = value.status
  },
}

export interface acg_fork {
  event: acg_event
  parent_start_ticks: number
  parent_pid: number
}

export const acg_fork = {
  bytes: 40,
  read: (words: Uint32Array, at: number): acg_fork => {
    const i = at >> 2
    return {
      event: acg_event.read(words, at),
      parent_start_ticks: (words[i + 6] as number) + (words[i + 7] as number) * 2 ** 32,
      parent_pid: words[i + 8] as number,
    }
  },
  write: (words: Uint32Array, at: number, value: acg_fork): void => {
    const i = at >> 2
    acg_event.write(words, at, value.event)
    words[i + 6] = value.parent_start_ticks % 2 ** 32
    words[i + 7] = value.parent_start_ticks / 2 ** 32
    words[i + 8] = value.parent_pid
  },
}

export interface acg_kin {
  start_ticks: number
  pid: number
  parent_pid: number
  group: number
  session: number
}

export const acg_kin = {
  bytes: 24,
  read: (words: Uint32Array, at: number): acg_kin => {
    const i = at >> 2
    return {
      start_ticks: (words[i] as number) + (words[i + 1] as number) * 2 ** 32,
      pid: words[i + 2] as number,
      parent_pid: words[i + 3] as number,
      group: words[i + 4] as number,
      session: words[i + 5] as number,
    }
  },
  write: (words: Uint32Array, at: number, value: acg_kin): void => {
    const i = at >> 2
    words[i] = value.start_ticks % 2 ** 32
    words[i + 1] = value.start_ticks / 2 ** 32
    words[i + 2] = value.pid
    words[i + 3] = value.parent_pid
    words[i + 4] = value.group
    words[i + 5] = value.session
  },
}

export interface acg_losses {
  events: number
}

export const acg_losses = {
  bytes: 8,
  read: (words: Uint32Array, at: number): acg_losses => {
    const i = at >> 2
    return {
      events: (words[i] as number) + (words[i + 1] as number) * 2 ** 32,
    }
  },
  write: (words: Uint32Array, at: number, value: acg_losses): void => {
    const i = at >> 2
    words[i] = value.events % 2 ** 32
    words[i + 1] = value.events / 2 ** 32
  },
}

export interface acg_owner {
  uid: number
  level: number
  pid_namespace: number
  pid_level: number
  pid_uid: number
  pid_user_level: number
}

export const acg_owner = {
  bytes: 24,
  read: (words: Uint32Array, at: number): acg_owner => {
    const i = at >> 2
    return {
      uid: words[i] as number,
      level: words[i + 1] as number,
      pid_namespace: words[i + 2] as number,
      pid_level: words[i + 3] as number,
      pid_uid: words[i + 4] as number,
      pid_user_level: words[i + 5] as number,
    }
  },
  write: (words: Uint32Array, at: number, value: acg_owner): void => {
    const i = at >> 2
    words[i] = value.uid
    words[i + 1] = value.level
    words[i + 2] = value.pid_namespace
    words[i + 3] = value.pid_level
    words[i + 4] = value.pid_uid
    words[i + 5] = value.pid_user_level
  },
}

export interface acg_run {
  ride_along_ns: number
  number: number
  reader_namespace: number
  wake_depth: number
  reader_level: number
  last_wake_ns: number
  wakes_paid_until_ns: number
}

export const acg_run = {
  bytes: 40,
  read: (words: Uint32Array, at: number): acg_run => {
    const i = at >> 2
    return {
      ride_along_ns: (words[i] as number) + (words[i + 1] as number) * 2 ** 32,
      number: words[i + 2] as number,
      reader_namespace: words[i + 3] as number,
      wake_depth: words[i + 4] as number,
      reader_level: words[i + 5] as number,
      last_wake_ns: (words[i + 6] as number) + (words[i + 7] as number) * 2 ** 32,
      wakes_paid_until_ns: (words[i + 8] as number) + (words[i + 9] as number) * 2 ** 32,
    }
  },
  write: (words: Uint32Array, at: number, value: acg_run): void => {
    const i = at >> 2
    words[i] = value.ride_along_ns % 2 ** 32
    words[i + 1] = value.ride_along_ns / 2 ** 32
    words[i + 2] = value.number
    words[i + 3] = value.reader_namespace
    words[i + 4] = value.wake_depth
    words[i + 5] = value.reader_level
    words[i + 6] = value.last_wake_ns % 2 ** 32
    words[i + 7] = value.last_wake_ns / 2 ** 32
    words[i + 8] = value.wakes_paid_until_ns % 2 ** 32
    words[i + 9] = value.wakes_paid_until_ns / 2 ** 32
  },
}

export const ACG_LEVEL_UNKNOWN = 0xffffffff

export const ACG_MOST_RUNS = 1024

export const ACG_TEXT_BYTES = 4096
