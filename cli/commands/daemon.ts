// acg daemon: the small privileged half, started by systemd on the first connection to its socket.

import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { Command } from 'commander'
import { listenUnix } from '../../ffi/mod.ts'
import { replaceableByOthers } from '../daemon/own-file.ts'
import { KernelPrograms } from '../daemon/programs.ts'
import { MOST_CONNECTIONS } from '../daemon/quotas.ts'
import { Server } from '../daemon/server.ts'
import { AcgError } from '../errors.ts'
import { isCompiled } from '../own-program.ts'
import { lacksForBpf } from '../powers/bpf.ts'

/** sd_listen_fds(3) */
const FIRST_PASSED_DESCRIPTOR = 3
const IDLE_MS = 30_000

export function daemonCommand(): Command {
  return new Command('daemon')
    .summary('watch runs of every user by BPF; systemd starts it')
    .option('--socket <FILE>', 'listen there, for ever, where systemd passes no socket')
    .action(serve)
}

function serve({ socket }: { socket?: string }): void {
  const lack = lacksForBpf()
  if (lack) throw new AcgError({ what: 'cannot serve runs', seen: lack.seen, hint: lack.mend })
  const replaceable = isCompiled() ? replaceableByOthers(process.execPath) : null
  if (replaceable !== null) {
    throw new AcgError({
      what: 'cannot serve runs: others than root could replace this program',
      seen: `${replaceable} can be written by others`,
      hint: './install.sh --daemon puts one for root into /usr/local/lib/acg',
    })
  }
  const log = (line: string) => console.error(`acg: ${line}`)
  if (process.env.LISTEN_PID === String(process.pid) && process.env.LISTEN_FDS === '1') {
    new Server(FIRST_PASSED_DESCRIPTOR, new KernelPrograms(), log).run(IDLE_MS)
    return
  }
  if (socket === undefined) {
    throw new AcgError({
      what: 'cannot serve runs: there is no socket to listen on',
      seen: 'systemd passed none',
      hint: 'sudo systemctl start acg-daemon.socket, or give --socket FILE',
    })
  }
  mkdirSync(dirname(socket), { recursive: true })
  rmSync(socket, { force: true })
  const listener = listenUnix(socket, 'packets', MOST_CONNECTIONS)
  // Anyone may ask; what he gets is decided by who he is.
  chmodSync(socket, 0o666)
  new Server(listener, new KernelPrograms(), log).run(null)
}
