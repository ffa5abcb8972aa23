import { describe, expect, test } from 'bun:test'
import { Pcg64 } from './pcg64.ts'

// Computed with numpy 1.24.2: default_rng(seed).bit_generator.random_raw(n), .choice(n, size), .integers(low, high).

describe('Pcg64', () => {
  test.each([
    [42, [0xc621fbcd16d92688n, 0x705a5661a791ffc1n, 0xdbcd12c26eda1624n, 0xb286b60e1600888dn]],
    [7, [0xa00641a9f1e54a8bn, 0xe5afcdbcaf266a95n]],
    [2 ** 40 + 5, [0x1369aef039fedebn, 0x5f61b40473314316n]],
  ])('next64() is numpy’s raw stream when the seed is %p', (seed, expected) => {
    const random = new Pcg64(seed)
    expect(expected.map(() => random.next64())).toEqual(expected)
  })

  test('below() is numpy’s choice and integers when they are drawn in turn', () => {
    const random = new Pcg64(42)
    const draws = (count: number, bound: number) => Array.from({ length: count }, () => random.below(bound))
    expect(draws(8, 129)).toEqual([11, 99, 84, 56, 55, 110, 11, 89])
    expect(draws(9, 100)).toEqual([20, 9, 52, 97, 73, 76, 71, 78, 51])
    expect(draws(3, 1)).toEqual([0, 0, 0])
    expect(draws(1, 100)).toEqual([12])
    expect(draws(11, 3)).toEqual([2, 1, 1, 1, 0, 2, 2, 1, 1, 2, 1])
    expect(draws(1, 2 ** 31)).toEqual([952224741])
  })

  test('below() throws when the bound is none', () => {
    for (const bound of [0, -1, 1.5, Number.NaN, 2 ** 32]) {
      expect(() => new Pcg64(1).below(bound)).toThrow(RangeError)
    }
  })
})
