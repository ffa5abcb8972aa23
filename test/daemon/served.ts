// A daemon to test: the one that systemd starts, where there is systemd, installed by the user's own command;
// elsewhere one that this process, as root, starts itself.

import { closeSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Subprocess } from 'bun'
import { lacksForBpf } from '../../cli/powers/bpf.ts'
import { connectUnix, SystemError } from '../../ffi/mod.ts'
import { ACG } from '../acg.ts'
import { until } from '../kernel/victim.ts'
import { privileged } from '../privileged.ts'

const ROOT = join(import.meta.dir, '..', '..')
const SYSTEMD_SOCKET = '/run/acg/daemon.sock'
const ANSWERS_WITHIN_MS = 20_000
const UNITS = ['acg-daemon.socket', 'acg-daemon.service']

export const hasSystemd = existsSync('/run/systemd/system') && privileged('true').exitCode === 0

/** Why no daemon can be tested here; null if one can. Said aloud, once. */
export function skipReason(): string | null {
  const reason = hasSystemd ? null : (lacksForBpf()?.seen ?? null)
  if (reason) console.log(`skipped: bpf: ${reason}`)
  return reason
}

export class Served {
  readonly socket: string
  #child: Subprocess | null = null
  readonly #wasThere = hasSystemd && existsSync(SYSTEMD_SOCKET)

  constructor(
    folder: string,
    private readonly env: Record<string, string> = {},
  ) {
    this.socket = hasSystemd ? SYSTEMD_SOCKET : join(folder, 'daemon.sock')
  }

  async start(): Promise<void> {
    if (hasSystemd) {
      const installed = Bun.spawnSync(['./tools/daemon.sh'], {
        cwd: ROOT,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      if (installed.exitCode !== 0) throw new Error(`tools/daemon.sh failed: ${installed.stderr}`)
      return
    }
    this.#child = Bun.spawn([ACG, 'daemon', '--socket', this.socket], {
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await until(ANSWERS_WITHIN_MS, 'the daemon listens', () => this.#listens())
  }

  /** A killed daemon leaves its socket's file behind. */
  #listens(): boolean {
    try {
      closeSync(connectUnix(this.socket, 'packets', 1))
      return true
    } catch (error) {
      if (error instanceof SystemError) return false
      throw error
    }
  }

  /** 0 while nobody needs it. */
  get pid(): number {
    if (this.#child) return this.#child.pid
    return Number(privileged('systemctl', 'show', '--value', '-p', 'MainPID', 'acg-daemon.service').stdout)
  }

  get residentBytes(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024
  }

  async kill(): Promise<void> {
    const { pid } = this
    privileged('kill', '-9', String(pid))
    await this.#child?.exited
    await until(ANSWERS_WITHIN_MS, 'the daemon is dead', () => !existsSync(`/proc/${pid}`))
  }

  /** Leaves the machine as it was. */
  async remove(): Promise<void> {
    if (this.#wasThere) return
    if (hasSystemd) {
      privileged('systemctl', 'disable', '--now', ...UNITS)
      privileged('rm', '-rf', ...UNITS.map((unit) => `/etc/systemd/system/${unit}`), '/usr/local/lib/acg')
      privileged('systemctl', 'daemon-reload')
      return
    }
    this.#child?.kill('SIGKILL')
    await this.#child?.exited
  }
}
