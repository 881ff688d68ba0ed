import { describe, expect, it } from 'vitest'
import { cosTurns, exp, log, sinTurns } from '../../src/core/elementary.ts'
import { uniform } from '../../src/core/random.ts'
import { digest } from '../support/digest.ts'

const pun = new Float64Array(2)
const bits = new BigInt64Array(pun.buffer)

/** Units in the last place between two doubles of the same sign. */
function ulps(a: number, b: number): number {
  pun[0] = a
  pun[1] = b
  return Math.abs(Number(bits[0]! - bits[1]!))
}

const worst = (xs: Iterable<number>, f: (x: number) => number, oracle: (x: number) => number): number =>
  Array.from(xs).reduce((most, x) => Math.max(most, ulps(f(x), oracle(x))), 0)

const u = uniform(7, 100_000)

describe('exp', () => {
  it('is within 4 ulp of the engine over its whole range', () => {
    expect(
      worst(
        u.map(t => -745 + 1454 * t),
        exp,
        Math.exp,
      ),
    ).toBeLessThanOrEqual(4)
    expect(
      worst(
        u.map(t => t - 0.5),
        exp,
        Math.exp,
      ),
    ).toBeLessThanOrEqual(4)
  })

  it.each([
    [0, 1],
    [-0, 1],
    [Number.NEGATIVE_INFINITY, 0],
    [-746, 0],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [710, Number.POSITIVE_INFINITY],
    [Number.NaN, Number.NaN],
  ])('of %d is %d', (x, y) => expect(exp(x)).toBe(y))

  it('has the bits of the C++ twin', () => {
    expect(digest(Float64Array.from({ length: 1000 }, (_, i) => exp(-745 + 1.4535 * i)))).toBe('359484b1')
  })
})

describe('log', () => {
  it('is within 4 ulp of the engine, subnormals included', () => {
    const wide = u.map(t => Math.exp(-744 + 1453 * t))
    expect(worst(wide, log, Math.log)).toBeLessThanOrEqual(4)
    expect(
      worst(
        u.map(t => 0.5 + t),
        log,
        Math.log,
      ),
    ).toBeLessThanOrEqual(4)
    expect(worst([5e-324, 2.2250738585072014e-308, Number.MAX_VALUE], log, Math.log)).toBeLessThanOrEqual(4)
  })

  it.each([
    [1, 0],
    [0, Number.NEGATIVE_INFINITY],
    [-1, Number.NaN],
    [Number.NaN, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])('of %d is %d', (x, y) => expect(log(x)).toBe(y))
})

describe('sinTurns and cosTurns', () => {
  // an eighth of a turn is the longest arc whose argument the oracle sees without cancellation
  it('are within 4 ulp of the engine on an eighth of a turn', () => {
    const eighth = u.map(t => t / 8)
    expect(worst(eighth, sinTurns, t => Math.sin(2 * Math.PI * t))).toBeLessThanOrEqual(4)
    expect(worst(eighth, cosTurns, t => Math.cos(2 * Math.PI * t))).toBeLessThanOrEqual(4)
  })

  it('follow the circle through all octants and turns', () => {
    for (let k = -40; k < 40; k++) {
      const t = k / 8 + 0.0625
      expect(sinTurns(t)).toBeCloseTo(Math.sin(2 * Math.PI * t), 14)
      expect(cosTurns(t)).toBeCloseTo(Math.cos(2 * Math.PI * t), 14)
    }
  })

  it('are exact at quarter turns', () => {
    expect([0, 0.25, 0.5, 0.75, 1].map(t => sinTurns(t) + 0)).toEqual([0, 1, 0, -1, 0])
    expect([0, 0.25, 0.5, 0.75, 1].map(t => cosTurns(t) + 0)).toEqual([1, 0, -1, 0, 1])
  })
})
