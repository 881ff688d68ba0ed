import { describe, expect, it } from 'vitest'
import { completeSync, type Dense } from '../../src/index.ts'
import { partial, unseenError } from '../support/completion.ts'
import { frobenius, minus, times, transposed } from '../support/dense.ts'

describe('other methods', () => {
  it.each([1, 10])('scaled gradient descent does not see the condition, %d', kappa => {
    const truth = partial(200, 150, 3, 0.4, kappa, 3)
    const found = completeSync(truth.observed, { rank: 3, method: 'scaledGd', maxSweeps: 120, tolerance: 0 })
    expect(unseenError(truth, found)).toBeLessThan(1e-7)
    const steps = Array.from(found.history.train).findIndex(error => error < 1e-6 * found.history.train[0]!)
    expect(steps).toBeGreaterThan(20)
    expect(steps).toBeLessThan(80)
  })

  it('softImpute ends where alternating ridge regressions end', () => {
    const truth = partial(60, 50, 3, 0.5, 2, 4)
    const options = { rank: 12, ridge: 0.02, maxSweeps: 5000, tolerance: 1e-13 }
    const [soft, als] = (['softImpute', 'als'] as const).map(method =>
      completeSync(truth.observed, { ...options, method }),
    )
    const product = ({ left, right }: { left: Dense; right: Dense }) => times(left, transposed(right))
    expect(frobenius(minus(product(soft!), product(als!)))).toBeLessThan(1e-4 * frobenius(product(als!)))
  })
})
