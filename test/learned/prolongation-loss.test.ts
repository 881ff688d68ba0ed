import { describe, expect, it } from 'vitest'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { run } from '../../src/core/method.ts'
import { normal } from '../../src/core/random.ts'
import { float64, int32, sharedFloat64 } from '../../src/core/shared.ts'
import { parameterCount } from '../../src/learned/network.loops.ts'
import type { SampleSet } from '../../src/learned/samples.ts'
import { prolongationLoss } from '../../src/learned/train-prolongation.ts'
import { smallSet, smallShape } from '../support/learned-twins.ts'

const set = smallSet()
const count = set.table.length / 6
const size = parameterCount(smallShape)

/** The same with a smoother so weak that 16 iterations leave an error far above rounding. */
const hard: SampleSet = { ...set, degree: 1, smoother: float64(2 * count).map((_, i) => (i % 2) * 0.15) }

function losses(theta: Float64Array, iterations: number, wanted = false, from = set) {
  const batch = int32(count).map((_, s) => s) as Int32Array
  const all = int32(count)
  all.set(batch)
  const [found, gradients] = [float64(count), float64(wanted ? count * theta.length : 0)]
  runSync(run(prolongationLoss, from, all, smallShape, theta, iterations, found, gradients), makeControl('test', {}))
  return { found, gradients }
}

describe('the loss of a prolongation', () => {
  it('has levels of both kinds to learn from', () => {
    expect(count).toBeGreaterThanOrEqual(3)
  })

  it.each([
    [1, set],
    [3, set],
    [5, set],
    [7, set],
    [12, hard],
    [16, hard],
  ] as const)('has the gradient of central differences, %i iterations', (iterations, from) => {
    const theta = sharedFloat64(normal(3, 2 * size).map(value => 0.4 * value))
    const { gradients } = losses(theta, iterations, true, from)
    // along random directions, so that all parameters count
    for (let d = 0; d < 3; d++) {
      const direction = normal(10 + d, theta.length)
      const at = (h: number) =>
        losses(sharedFloat64(theta.map((value, i) => value + h * direction[i]!)), iterations, false, from).found
      const h = 1e-5
      const [up, down] = [at(h), at(-h)]
      for (let s = 0; s < count; s++) {
        const gradient = gradients.subarray(s * theta.length, (s + 1) * theta.length)
        const slope = gradient.reduce((sum, g, i) => sum + g * direction[i]!, 0)
        const difference = (up[s]! - down[s]!) / (2 * h)
        // relative to the gradient: a slope along one direction may be small by chance
        expect(Math.abs(slope - difference)).toBeLessThanOrEqual(1e-5 * Math.hypot(...gradient))
      }
    }
  })

  it('does not know the last layers where these are zero', () => {
    const theta = sharedFloat64(normal(4, 2 * size))
    for (const network of [0, 1])
      for (let i = size - smallShape.second - 1; i < size; i++) theta[network * size + i] = 0
    const other = sharedFloat64(theta.map((value, i) => (value === 0 ? 0 : value * (1 + (i % 3)))))
    expect(Array.from(losses(theta, 7).found)).toEqual(Array.from(losses(other, 7).found))
  })

  it('keeps to smoothed aggregation where parameters are no numbers', () => {
    const theta = float64(2 * size).fill(Number.NaN)
    const { found, gradients } = losses(theta, 2, true)
    expect(found.every(Number.isFinite)).toBe(true)
    expect(gradients.every(g => g === 0)).toBe(true)
  })
})
