// Written by `bun run layouts` from acg.h; not to be changed by hand. Structs keep C's names. A u64 is exact up to 2^53.

const u64 = (view: DataView, at: number) => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32
const setU64 = (view: DataView, at: number, value: number) => view.setBigUint64(at, BigInt(value), true)

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
  read: (view: DataView, at: number): acg_asked => ({
    event: acg_event.read(view, at),
    stdin_pipe: u64(view, at + 24),
    stdout_pipe: u64(view, at + 32),
    cookie_low: view.getUint32(at + 40, true),
    cookie_high: view.getUint32(at + 44, true),
    listener: view.getUint32(at + 48, true),
    standard_error: view.getUint32(at + 52, true),
    file_bytes: view.getUint16(at + 56, true),
    head_bytes: view.getUint16(at + 58, true),
    argv_bytes: view.getUint16(at + 60, true),
    cwd_bytes: view.getUint16(at + 62, true),
    environment_bytes: view.getUint16(at + 64, true),
  }),
  write: (view: DataView, at: number, value: acg_asked): void => {
    acg_event.write(view, at, value.event)
    setU64(view, at + 24, value.stdin_pipe)
    setU64(view, at + 32, value.stdout_pipe)
    view.setUint32(at + 40, value.cookie_low, true)
    view.setUint32(at + 44, value.cookie_high, true)
    view.setUint32(at + 48, value.listener, true)
    view.setUint32(at + 52, value.standard_error, true)
    view.setUint16(at + 56, value.file_bytes, true)
    view.setUint16(at + 58, value.head_bytes, true)
    view.setUint16(at + 60, value.argv_bytes, true)
    view.setUint16(at + 62, value.cwd_bytes, true)
    view.setUint16(at + 64, value.environment_bytes, true)
  },
}

export interface acg_chain {
  event: acg_event
  count: number
  end: number
}

export const acg_chain = {
  bytes: 32,
  read: (view: DataView, at: number): acg_chain => ({
    event: acg_event.read(view, at),
    count: view.getUint32(at + 24, true),
    end: view.getUint32(at + 28, true),
  }),
  write: (view: DataView, at: number, value: acg_chain): void => {
    acg_event.write(view, at, value.event)
    view.setUint32(at + 24, value.count, true)
    view.setUint32(at + 28, value.end, true)
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
  kindAt: 20,
  read: (view: DataView, at: number): acg_event => ({
    time_ns: u64(view, at),
    start_ticks: u64(view, at + 8),
    pid: view.getUint32(at + 16, true),
    kind: view.getUint16(at + 20, true),
    flags: view.getUint16(at + 22, true),
  }),
  write: (view: DataView, at: number, value: acg_event): void => {
    setU64(view, at, value.time_ns)
    setU64(view, at + 8, value.start_ticks)
    view.setUint32(at + 16, value.pid, true)
    view.setUint16(at + 20, value.kind, true)
    view.setUint16(at + 22, value.flags, true)
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
  read: (view: DataView, at: number): acg_exec => ({
    event: acg_event.read(view, at),
    parent_start_ticks: u64(view, at + 24),
    stdin_pipe: u64(view, at + 32),
    stdout_pipe: u64(view, at + 40),
    parent_pid: view.getUint32(at + 48, true),
    file_bytes: view.getUint16(at + 52, true),
    argv_bytes: view.getUint16(at + 54, true),
    cwd_bytes: view.getUint16(at + 56, true),
    number: view.getUint32(at + 60, true),
  }),
  write: (view: DataView, at: number, value: acg_exec): void => {
    acg_event.write(view, at, value.event)
    setU64(view, at + 24, value.parent_start_ticks)
    setU64(view, at + 32, value.stdin_pipe)
    setU64(view, at + 40, value.stdout_pipe)
    view.setUint32(at + 48, value.parent_pid, true)
    view.setUint16(at + 52, value.file_bytes, true)
    view.setUint16(at + 54, value.argv_bytes, true)
    view.setUint16(at + 56, value.cwd_bytes, true)
    view.setUint32(at + 60, value.number, true)
  },
}

export interface acg_exit {
  event: acg_event
  status: number
}

export const acg_exit = {
  bytes: 32,
  read: (view: DataView, at: number): acg_exit => ({
    event: acg_event.read(view, at),
    status: view.getUint32(at + 24, true),
  }),
  write: (view: DataView, at: number, value: acg_exit): void => {
    acg_event.write(view, at, value.event)
    view.setUint32(at + 24, value.status, true)
  },
}

export interface acg_fork {
  event: acg_event
  parent_start_ticks: number
  parent_pid: number
}

export const acg_fork = {
  bytes: 40,
  read: (view: DataView, at: number): acg_fork => ({
    event: acg_event.read(view, at),
    parent_start_ticks: u64(view, at + 24),
    parent_pid: view.getUint32(at + 32, true),
  }),
  write: (view: DataView, at: number, value: acg_fork): void => {
    acg_event.write(view, at, value.event)
    setU64(view, at + 24, value.parent_start_ticks)
    view.setUint32(at + 32, value.parent_pid, true)
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
  read: (view: DataView, at: number): acg_kin => ({
    start_ticks: u64(view, at),
    pid: view.getUint32(at + 8, true),
    parent_pid: view.getUint32(at + 12, true),
    group: view.getUint32(at + 16, true),
    session: view.getUint32(at + 20, true),
  }),
  write: (view: DataView, at: number, value: acg_kin): void => {
    setU64(view, at, value.start_ticks)
    view.setUint32(at + 8, value.pid, true)
    view.setUint32(at + 12, value.parent_pid, true)
    view.setUint32(at + 16, value.group, true)
    view.setUint32(at + 20, value.session, true)
  },
}

export interface acg_losses {
  events: number
}

export const acg_losses = {
  bytes: 8,
  read: (view: DataView, at: number): acg_losses => ({
    events: u64(view, at),
  }),
  write: (view: DataView, at: number, value: acg_losses): void => {
    setU64(view, at, value.events)
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
  read: (view: DataView, at: number): acg_owner => ({
    uid: view.getUint32(at, true),
    level: view.getUint32(at + 4, true),
    pid_namespace: view.getUint32(at + 8, true),
    pid_level: view.getUint32(at + 12, true),
    pid_uid: view.getUint32(at + 16, true),
    pid_user_level: view.getUint32(at + 20, true),
  }),
  write: (view: DataView, at: number, value: acg_owner): void => {
    view.setUint32(at, value.uid, true)
    view.setUint32(at + 4, value.level, true)
    view.setUint32(at + 8, value.pid_namespace, true)
    view.setUint32(at + 12, value.pid_level, true)
    view.setUint32(at + 16, value.pid_uid, true)
    view.setUint32(at + 20, value.pid_user_level, true)
  },
}

export interface acg_run {
  number: number
  reader_namespace: number
  wake_depth: number
  reader_level: number
  last_wake_ns: number
  wakes_paid_until_ns: number
}

export const acg_run = {
  bytes: 32,
  read: (view: DataView, at: number): acg_run => ({
    number: view.getUint32(at, true),
    reader_namespace: view.getUint32(at + 4, true),
    wake_depth: view.getUint32(at + 8, true),
    reader_level: view.getUint32(at + 12, true),
    last_wake_ns: u64(view, at + 16),
    wakes_paid_until_ns: u64(view, at + 24),
  }),
  write: (view: DataView, at: number, value: acg_run): void => {
    view.setUint32(at, value.number, true)
    view.setUint32(at + 4, value.reader_namespace, true)
    view.setUint32(at + 8, value.wake_depth, true)
    view.setUint32(at + 12, value.reader_level, true)
    setU64(view, at + 16, value.last_wake_ns)
    setU64(view, at + 24, value.wakes_paid_until_ns)
  },
}

export const ACG_LEVEL_UNKNOWN = 0xffffffff

export const ACG_MOST_RUNS = 1024

export const ACG_TEXT_BYTES = 4096
