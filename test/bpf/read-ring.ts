// A process of its own that reads a ring which it was given, descriptors 3 and 4, and prints what was executed.

import { acg_losses } from '../../bpf/acg.gen.ts'
import { Decoder } from '../../cli/watch/bpf/decode.ts'
import { Mapping, PAGE_BYTES, RingReader } from '../../ffi/ring.ts'

const ring = new RingReader(3, Number(process.argv[2]))
const losses = new Mapping(4, 0, PAGE_BYTES, 'read')
const decoder = new Decoder(0)
const files: (string | null)[] = []
ring.drain((words, at) => {
  const { event } = decoder.decode(words, at)
  if (event.event === 'exec') files.push(event.file)
})
const lost = acg_losses.read(new Uint32Array(losses.buffer), 0).events
console.log(JSON.stringify({ uid: process.getuid?.(), files, lost }))
