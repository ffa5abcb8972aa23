// wait(2)'s status word: how a process ended.

export function decodeStatus(status: number | null): { exit_code: number | null; signal: number | null } {
  if (status === null) return { exit_code: null, signal: null }
  const signal = status & 0x7f
  return signal === 0 ? { exit_code: (status >> 8) & 0xff, signal: null } : { exit_code: null, signal }
}
