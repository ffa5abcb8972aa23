import { expect, test } from 'bun:test'
import {
  ANSWER_BYTES,
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
  OUTCOMES,
} from './protocol.ts'

test('a request comes over whole: a run would be told at another’s pace, or in another’s pids', () => {
  const request = {
    verb: 'open',
    ringBytes: 1 << 20,
    wakeDepth: 3,
    pidNamespace: 4026531836,
    rideAlongMs: 40,
  } as const
  expect(decodeRequest(encodeRequest(request))).toEqual(request)
})

test('an answer of another version is understood: it says that this one was not', () => {
  const answer = encodeAnswer('not understood')
  answer[0] = (answer[0] as number) - 1
  expect(decodeAnswer(answer)).toBe('not understood')
  expect(decodeAnswer(Buffer.alloc(ANSWER_BYTES))).toBeNull()
})

test('a request of another version is none', () => {
  const request = encodeRequest({
    verb: 'open',
    ringBytes: 1 << 20,
    wakeDepth: 3,
    pidNamespace: 1,
    rideAlongMs: 40,
  })
  request[0] = (request[0] as number) - 1
  expect(decodeRequest(request)).toBeNull()
  expect(decodeRequest(request.subarray(4))).toBeNull()
})

test('each outcome has a code of its own', () => {
  const codes = Object.values(OUTCOMES).map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
})
