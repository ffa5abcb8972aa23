// A cgroup that is none: plain files, with what a kernel would say in them. What is written to it can be read back.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Leaf } from '../cli/cgroup/leaf.ts'

const FILES = {
  'memory.high': 'max',
  'memory.low': '0',
  'memory.reclaim': '',
  'cgroup.freeze': '0',
  'cgroup.kill': '',
  'cgroup.procs': '1\n',
  'memory.events': 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n',
  'memory.pressure':
    'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
  'cpu.stat': 'usage_usec 0\n',
}

export class PlainCgroup {
  readonly leaf: Leaf

  constructor(parent: string, name: string, heldBytes = 0) {
    const folder = join(parent, name)
    mkdirSync(folder)
    this.leaf = new Leaf(folder)
    for (const [file, text] of Object.entries(FILES)) this.write(file, text)
    this.holds(heldBytes)
  }

  holds(bytes: number, cacheBytes = 0, mappedBytes = 0): void {
    this.write('memory.current', `${bytes + cacheBytes}\n`)
    const stat = { anon: bytes, file_mapped: mappedBytes, active_file: 0, inactive_file: cacheBytes }
    this.write(
      'memory.stat',
      Object.entries(stat)
        .map((entry) => `${entry.join(' ')}\n`)
        .join(''),
    )
  }

  /** Everything in it has waited for memory for so long, in all. */
  stalled(us: number): void {
    const line = (name: string) => `${name} avg10=0.00 avg60=0.00 avg300=0.00 total=${us}\n`
    this.write('memory.pressure', line('some') + line('full'))
  }

  read(file: string): string {
    return readFileSync(join(this.leaf.folder, file), 'utf8')
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.leaf.folder, file), text)
  }

  /** As when its last process has ended, and it was removed. */
  remove(): void {
    rmSync(this.leaf.folder, { recursive: true })
  }
}
