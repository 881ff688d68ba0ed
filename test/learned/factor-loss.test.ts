import { describe, expect, it } from 'vitest'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { run } from '../../src/core/method.ts'
import { normal } from '../../src/core/random.ts'
import { float64, sharedFloat64 } from '../../src/core/shared.ts'
import { FACTOR_LOSSES } from '../../src/learned/factor-loss.steps.ts'
import { graphParameters } from '../../src/learned/graph-network.steps.ts'
import { MATRIX_FEATURES } from '../../src/learned/omega-network.ts'
import { factorLoss } from '../../src/learned/train-factor.ts'
import { curveAt, omegaLoss, SHIFTS } from '../../src/learned/train-relaxation.ts'
import { smallFactor, smallGraph } from '../support/learned-twins.ts'

const control = () => makeControl('test', {})

/** Slopes along random directions against central differences. */
function compare(length: number, loss: (theta: Float64Array, gradient: Float64Array) => number): void {
  const theta = sharedFloat64(normal(3, length).map(value => 0.1 * value))
  const gradient = float64(length)
  loss(theta, gradient)
  for (let d = 0; d < 3; d++) {
    const direction = normal(10 + d, length)
    const h = 1e-5
    const at = (step: number) => loss(sharedFloat64(theta.map((v, i) => v + step * direction[i]!)), float64(0))
    const slope = gradient.reduce((sum, g, i) => sum + g * direction[i]!, 0)
    const difference = (at(h) - at(-h)) / (2 * h)
    expect(Math.abs(slope - difference)).toBeLessThanOrEqual(1e-4 * Math.abs(difference) + 1e-9)
  }
}

describe('the losses of a factor', () => {
  const cases = FACTOR_LOSSES.flatMap(loss =>
    (loss === 'envelope' ? [1, 8, 16] : [1]).flatMap(k =>
      (['ic0', 'ric'] as const).map(start => [loss, k, start] as const),
    ),
  )
  it.each(cases)('have the gradient of central differences: %s, %i iterations, from %s', (loss, iterations, start) => {
    const sample = smallFactor(start, loss, 40) // on smaller ones 16 iterations leave nothing but rounding
    compare(graphParameters(smallGraph), (theta, gradient) =>
      runSync(run(factorLoss, sample, smallGraph, theta, loss, iterations, gradient), control()),
    )
  })

  it('are of the incomplete factor itself where the last layers are zero', () => {
    const sample = smallFactor('ic0', 'inverse')
    const found = (theta: Float64Array) =>
      runSync(run(factorLoss, sample, smallGraph, theta, 'inverse', 1, float64(0)), control())
    const theta = sharedFloat64(normal(3, graphParameters(smallGraph)))
    theta.fill(0, theta.length - 2 * (smallGraph.hidden + 1))
    expect(found(theta)).toBe(found(float64(theta.length)))
  })

  it('are no number, without a gradient, where parameters are none', () => {
    const theta = float64(graphParameters(smallGraph)).fill(Number.NaN)
    const gradient = float64(theta.length)
    const sample = smallFactor('ic0', 'envelope')
    expect(runSync(run(factorLoss, sample, smallGraph, theta, 'envelope', 3, gradient), control())).toBeNaN()
    expect(gradient.every(g => g === 0)).toBe(true)
  })
})

describe('the loss of omega', () => {
  const curve = SHIFTS.map(shift => 0.3 * (shift - 0.4) ** 2 + 0.1 * Math.sin(3 * shift))

  it('has the gradient of central differences', () => {
    const x = normal(5, MATRIX_FEATURES.length)
    compare((MATRIX_FEATURES.length + 2) * 4 + 1, (theta, gradient) => omegaLoss(4, x, curve, theta, gradient))
  })

  it('goes through what was measured', () => {
    for (const [i, shift] of SHIFTS.entries()) expect(curveAt(curve, shift)[0]).toBeCloseTo(curve[i]!, 12)
  })
})
