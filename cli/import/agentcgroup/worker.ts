// A thread that reads runs beside the main one.

import { readShare, type Share } from './reading.ts'

declare const self: Worker

self.onmessage = ({ data }: MessageEvent<Share>) => {
  self.postMessage(readShare(data, () => {}))
}
