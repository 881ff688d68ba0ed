import { expect } from 'vitest'

/** Asserts |a_i - b_i| <= 2 eps (terms + 2) size_i. */
export function expectClose(
  a: Float64Array,
  b: Float64Array,
  size: (i: number) => number,
  terms: (i: number) => number,
) {
  expect(a.length).toBe(b.length)
  for (let i = 0; i < a.length; i++)
    if (!(Math.abs(a[i]! - b[i]!) <= 2 * Number.EPSILON * (terms(i) + 2) * size(i)))
      expect.fail(`entry ${i}: ${a[i]} against ${b[i]}, allowed ${2 * Number.EPSILON * (terms(i) + 2) * size(i)}`)
}

/** Asserts that both hold the same numbers, signs of zeros included. */
export function expectSameBits(a: Float64Array, b: Float64Array) {
  for (let i = 0; i < b.length; i++) if (!Object.is(a[i], b[i])) expect.fail(`entry ${i}: ${a[i]} against ${b[i]}`)
}
