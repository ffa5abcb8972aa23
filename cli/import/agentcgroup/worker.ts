// A thread that reads runs beside the main one.

import { readShare, type Said, type Share } from './reading.ts'

declare const self: Worker

self.onmessage = ({ data }: MessageEvent<Share>) => {
  const say = (said: Said) => self.postMessage(said)
  readShare(data, () => {}, say)
  say('done')
}
