import { describe, expect, it } from 'vitest'
import { dense, eig, eigSync } from '../../src/index.ts'
import { both } from '../support/both.ts'
import { randomDense } from '../support/dense.ts'
import { failure, type Loose } from '../support/misuse.ts'

const n = 64
const legs = dense(
  n,
  n,
  Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    return i > j ? -Math.sqrt((2 * i + 1) * (2 * j + 1)) : i === j ? -(i + 1) : 0
  }),
)

describe('eig', () => {
  it.each([
    [1e-8, 2.2e8],
    [1e-4, 2.4e4],
    [1e-2, 3.4e2],
    [0.1, 1.2e2],
  ])('HiPPO-LegS perturbed by %f has cond(V) near %f', (perturb, condition) => {
    // a random number: the median of five draws
    const draws = [0, 1, 2, 3, 4].map(seed => eigSync(legs, { perturb, seed }))
    for (const { backwardError } of draws) expect(backwardError).toBeLessThanOrEqual(2 * perturb)
    const median = draws.map(draw => draw.condition).sort((a, b) => a - b)[2]!
    expect(median).toBeGreaterThan(condition / 3)
    expect(median).toBeLessThan(condition * 3)
  })

  it('of a general matrix, in both forms', async () => {
    const found = await both(eigSync, eig, randomDense(12, 12), {})
    expect(found.backwardError).toBeLessThan(1e-14)
    expect(found.condition).toBeGreaterThanOrEqual(1)
    const rotation = eigSync(dense(2, 2, [0, 1, -1, 0]))
    expect(Array.from(rotation.imaginary)).toEqual([1, -1])
    expect(Math.abs(rotation.condition - 1)).toBeLessThan(1e-14)
  })

  it('misuse', () => {
    const loose = eigSync as unknown as Loose
    expect(failure(() => loose(randomDense(2, 3)))).toMatchObject({ code: 'ERR_SHAPE' })
    expect(failure(() => loose(legs, { perturb: -1 }))).toMatchObject({ code: 'ERR_OPTION' })
    expect(failure(() => loose(legs, { seed: 0.5 }))).toMatchObject({ code: 'ERR_OPTION' })
  })
})
