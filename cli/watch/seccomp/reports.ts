// What the listener tells (native/listener), message by message out of a stream, as bpf/acg.h lays it out.

import {
  acg_asked,
  acg_chain,
  type acg_chain_end,
  acg_event,
  acg_exit,
  acg_flag,
  acg_kin,
  acg_kind,
  wordsOf,
} from '../../../bpf/acg.gen.ts'
import { shebangInterpreter } from '../../procfs/shebang.ts'
import { decodeStatus } from '../../procfs/wait-status.ts'
import type { ExecDetails, ExitEvent, ProcessId } from '../process-event.ts'
import type { Placed } from '../watcher.ts'

/** Times are nanoseconds of CLOCK_MONOTONIC. */
interface Told {
  readonly timeNs: number
  readonly id: ProcessId
}

export type Report =
  | (Told & { readonly kind: 'attached' })
  | (Told & { readonly kind: 'chain'; readonly chain: Chain })
  | (Told & { readonly kind: 'exec'; readonly exec: ExecDetails } & Settling)
  | (Told & { readonly kind: 'exit'; readonly status: Pick<ExitEvent, 'exit_code' | 'signal'> })

/** Who was not known until now: a process, its parent, and so on. */
export interface Chain {
  readonly members: readonly acg_kin[]
  readonly end: ChainEnd
}

/** One of acg_chain_end. */
export type ChainEnd = (typeof acg_chain_end)[keyof typeof acg_chain_end]

interface Settling {
  /** By which descriptor and number it is let go. */
  readonly held: { readonly listener: number; readonly cookie: bigint } | null
  readonly placed: Placed | null
  /** What of it is meant for acg, of one that is held or placed. */
  readonly environment: readonly string[]
}

const LENGTH_BYTES = 4

export class ReportStream {
  #rest: Buffer = Buffer.alloc(0)

  /** The messages that are complete with these bytes. Throws if they are none: thread and reader are not of one build. */
  read(bytes: Buffer): Report[] {
    const stream = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const reports: Report[] = []
    let at = 0
    for (let end: number; at + LENGTH_BYTES <= stream.length; at = end) {
      end = at + LENGTH_BYTES + stream.readUInt32LE(at)
      if (end > stream.length) break
      reports.push(decode(stream.subarray(at + LENGTH_BYTES, end)))
    }
    // A copy, since the bytes are the socket's own, which it uses again.
    this.#rest = Buffer.from(stream.subarray(at))
    return reports
  }
}

function decode(message: Buffer): Report {
  const fields = wordsOf(message)
  const { time_ns: timeNs, pid, start_ticks, kind, flags } = acg_event.read(fields, 0)
  const told = { timeNs, id: { pid, start_ticks } }
  switch (kind) {
    case acg_kind.ACG_ATTACHED:
      return { kind: 'attached', ...told }
    case acg_kind.ACG_CHAIN: {
      const { count, end } = acg_chain.read(fields, 0)
      const members = Array.from({ length: count }, (_, at) =>
        acg_kin.read(fields, acg_chain.bytes + at * acg_kin.bytes),
      )
      return { kind: 'chain', ...told, chain: { members, end: end as ChainEnd } }
    }
    case acg_kind.ACG_ASKED:
      return { kind: 'exec', ...told, ...decodeExec(message, fields, flags) }
    case acg_kind.ACG_EXIT: {
      const status = flags & acg_flag.ACG_NO_STATUS ? null : acg_exit.read(fields, 0).status
      return { kind: 'exit', ...told, status: decodeStatus(status) }
    }
    default:
      throw new Error(`the listener told of a message of kind ${kind}, which nobody taught its reader`)
  }
}

function decodeExec(message: Buffer, fields: Uint32Array, flags: number) {
  const asked = acg_asked.read(fields, 0)
  let from = acg_asked.bytes
  const take = (bytes: number) => {
    from += bytes
    return message.subarray(from - bytes, from)
  }
  const file = take(asked.file_bytes).toString()
  const head = take(asked.head_bytes)
  const argv = words(take(asked.argv_bytes))
  const cwd = take(asked.cwd_bytes).toString()
  const environment = words(take(asked.environment_bytes))
  const cookie = (BigInt(asked.cookie_high) << 32n) | BigInt(asked.cookie_low)
  const isUnreadable = (flags & acg_flag.ACG_UNREADABLE) !== 0
  const exec: ExecDetails = {
    file: isUnreadable ? null : file,
    interpreter: shebangInterpreter(head),
    argv,
    argv_truncated: (flags & acg_flag.ACG_ARGV_CUT) !== 0,
    cwd: isUnreadable || flags & acg_flag.ACG_NO_CWD ? null : cwd,
    stdin_pipe: asked.stdin_pipe || null,
    stdout_pipe: asked.stdout_pipe || null,
  }
  const held = flags & acg_flag.ACG_HELD ? { listener: asked.listener, cookie } : null
  const standardError = asked.standard_error > 0 ? asked.standard_error - 1 : null
  const placed = flags & acg_flag.ACG_PLACED ? { standardError } : null
  return { exec, held, placed, environment }
}

/** Each has an end mark. */
function words(bytes: Buffer): string[] {
  return bytes.toString().split('\0').slice(0, -1)
}
