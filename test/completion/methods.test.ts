import { describe, expect, it } from 'vitest'
import { complete, completeSync, type Dense, normal, selectRankSync } from '../../src/index.ts'
import { both } from '../support/both.ts'
import { partial, scarce, unseenError } from '../support/completion.ts'
import { frobenius, minus, times, transposed } from '../support/dense.ts'

const product = ({ left, right }: { left: Dense; right: Dense }) => times(left, transposed(right))

describe('other methods', () => {
  it.each([1, 10])('scaled gradient descent does not see the condition, %d', kappa => {
    const truth = partial(200, 150, 3, 0.4, kappa, 3)
    const found = completeSync(truth.observed, { rank: 3, method: 'scaledGd', maxSweeps: 120, tolerance: 0 })
    expect(unseenError(truth, found)).toBeLessThan(1e-7)
    const steps = Array.from(found.history.train).findIndex(error => error < 1e-6 * found.history.train[0]!)
    expect(steps).toBeGreaterThan(20)
    expect(steps).toBeLessThan(80)
  })

  it('Gauss-Newton recovers from half as many entries again as the matrix has of freedom', async () => {
    const seeds = Number(process.env.KRYLOV_PHASE_SEEDS ?? 2)
    let [found, als] = [0, 0]
    for (let seed = 1; seed <= seeds; seed++) {
      const truth = scarce(100, 120, 3, 1.5, 1, seed)
      const answer = completeSync(truth.observed, { rank: 3, method: 'gnmr' })
      if (unseenError(truth, answer) < 1e-4) found++
      if (unseenError(truth, completeSync(truth.observed, { rank: 3, method: 'als' })) < 1e-4) als++
    }
    expect(found).toBeGreaterThanOrEqual(0.45 * seeds)
    expect(als).toBeLessThanOrEqual(0.1 * seeds)
    const truth = scarce(100, 120, 3, 2, 10, 1)
    const answer = await both(completeSync, complete, truth.observed, { rank: 3, method: 'gnmr' })
    expect(unseenError(truth, answer)).toBeLessThan(1e-10)
    expect(answer.converged).toBe(true)
  })

  it('and with a ridge and weights it ends where alternating ridge regressions end', () => {
    const truth = partial(60, 50, 3, 0.5, 2, 4)
    const weights = Array.from(truth.observed.values, (_, e) => 1 + (e % 3))
    const options = { rank: 3, ridge: 0.02, maxSweeps: 2000, tolerance: 1e-13 }
    const [newton, als] = (['gnmr', 'als'] as const).map(method =>
      completeSync({ ...truth.observed, weights }, { ...options, method }),
    )
    expect(newton!.sweeps).toBeLessThan(40)
    expect(frobenius(minus(product(newton!), product(als!)))).toBeLessThan(1e-5 * frobenius(product(als!)))
    const unfit = { rank: 2, method: 'gnmr', biases: true } as const
    expect(() => completeSync(truth.observed, unfit)).toThrow(/option biases must be of 'altMin' or 'als'/)
  })

  it('softImpute ends where alternating ridge regressions end', () => {
    const truth = partial(60, 50, 3, 0.5, 2, 4)
    const options = { rank: 12, ridge: 0.02, maxSweeps: 5000, tolerance: 1e-13 }
    const [soft, als] = (['softImpute', 'als'] as const).map(method =>
      completeSync(truth.observed, { ...options, method }),
    )
    expect(frobenius(minus(product(soft!), product(als!)))).toBeLessThan(1e-4 * frobenius(product(als!)))
  })

  it('softImpute along a path of ridges, each from the factors of the one before', () => {
    const truth = partial(60, 50, 3, 0.5, 2, 4)
    const noise = normal(9, truth.observed.values.length)
    const noisy = { ...truth.observed, values: noise.map((x, e) => truth.observed.values[e]! + 0.005 * x) }
    const options = { ranks: [10], folds: 5, maxSweeps: 3000, tolerance: 1e-9, patience: 3000 }
    const path = selectRankSync(noisy, { ...options, ridges: [0.02, 0.3, 0.08], method: 'softImpute' })
    const als = selectRankSync(noisy, { ...options, ridges: [0.02, 0.3, 0.08], method: 'als' })
    expect(path.ridge).toBe(als.ridge)
    path.trials.forEach(({ ridge, error }, at) => {
      expect(ridge).toBe(als.trials[at]!.ridge)
      expect(Math.abs(error - als.trials[at]!.error)).toBeLessThan(1e-3 * error)
    })
    const alone = selectRankSync(noisy, { ...options, ridges: [0.02], method: 'softImpute' })
    expect(path.trials[0]!.sweeps).toBeLessThan(0.9 * alone.sweeps)
  })
})
