import { describe, expect, test } from 'bun:test'
import { CallVoice } from './call-voice.ts'
import { outOfMemoryText } from './texts.ts'

/** A process whose standard error is a pipe of this one's. */
function speaker(script: string) {
  return Bun.spawn(['bash', '-c', script], { stdio: ['ignore', 'pipe', 'pipe'] })
}

describe('CallVoice', () => {
  test('reaches who reads the call’s standard error, though the call is gone', async () => {
    const child = speaker('sleep 1000')
    {
      using voice = CallVoice.of(child.pid)
      child.kill('SIGKILL')
      await child.exited
      expect(voice.say('why\n')).toBe(true)
    }
    expect(await new Response(child.stderr).text()).toBe('why\n')
  })

  test('waits for nobody: a full pipe gets nothing', async () => {
    const child = speaker('head -c 10000000 /dev/zero >&2')
    await Bun.sleep(200)
    using voice = CallVoice.of(child.pid)
    const isSaid = voice.say('why\n')
    child.kill('SIGKILL')
    expect(isSaid).toBe(false)
  })

  test('says nothing of a process that is not there', () => {
    using voice = CallVoice.of(2 ** 22 - 1)
    expect(voice.say('why\n')).toBe(false)
  })
})

describe('outOfMemoryText()', () => {
  test('names what was wanted, what there was, and what to do, in what a pipe takes at once', () => {
    const text = outOfMemoryText(1_073_741_824, 900_000_000)
    expect(text).toContain(
      'more than the 1.1 GB of memory that this run may use (it held 900 MB at its peak)',
    )
    expect(text).toContain('fewer tests')
    expect(Buffer.byteLength(text)).toBeLessThan(512)
  })

  test('does not blame the run where the machine was out of memory', () => {
    expect(outOfMemoryText(null, null)).toContain('more memory than this machine had left.')
  })
})
