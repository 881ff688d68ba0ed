import { factorRowsSteps } from '../../src/completion/factor-rows.steps.ts'
import { sampledResidualSteps } from '../../src/completion/sampled-residual.steps.ts'
import { topRowsSteps } from '../../src/completion/top-rows.steps.ts'
import { float32, float64, int32 } from '../../src/core/shared.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { randomVector } from './random.ts'
import { shared } from './solver-twins.ts'

const positive = (list: Float64Array) => shared(list.map(x => Math.abs(x) + 0.1))
const RANKS = [1, 7, 8, 20, 33, 64]

/** The twins of the completion methods, see `border/methods.test.ts`. */
export const completionTwins = {
  factorRows: {
    steps: factorRowsSteps,
    args: (A: Csr, random: () => number) => {
      const n = A.rows
      const rank = RANKS[n % RANKS.length]!
      const nonnegative = n % 3 === 2
      const steps = n % 2 === 0 ? 3 : 0
      const V = randomVector(random, n * rank)
      const X = randomVector(random, n * rank)
      const single = n === 1024 ? float32(V.length) : undefined
      single?.set(V)
      const weights = n % 4 === 1 ? positive(randomVector(random, A.nonZeros)) : float64(0)
      const offsets = n % 2 === 1 ? randomVector(random, n) : float64(0)
      const base = n % 4 === 2 ? positive(randomVector(random, rank)) : float64(0)
      const settings = { rank, ridge: n === 1025 ? 0 : 0.3, scaled: n % 4 === 3, steps, nonnegative }
      const start = nonnegative ? positive(X) : X
      return [A, weights, offsets, single ?? V, start, positive(randomVector(random, rank)), base, settings]
    },
    tolerance: 1e-8,
  },
  sampledResidual: {
    steps: sampledResidualSteps,
    args: (A: Csr, random: () => number) => {
      const n = A.rows
      const rank = RANKS[n % RANKS.length]!
      const weights = n % 2 === 1 ? positive(randomVector(random, A.nonZeros)) : float64(0)
      const offsets = n % 4 === 1 ? randomVector(random, n) : float64(0)
      const [U, V] = [randomVector(random, n * rank), randomVector(random, n * rank)]
      return [A, weights, offsets, offsets, U, V, rank, float64(n % 3 === 0 ? 0 : A.nonZeros)]
    },
    tolerance: 1e-12,
  },
  topRows: {
    steps: topRowsSteps,
    args: (A: Csr, random: () => number) => {
      const n = 9 * A.rows
      const rank = RANKS[A.rows % RANKS.length]!
      const excluded = int32(Math.min(n, 5)).map((_, i) => i)
      const offsets = n % 2 === 1 ? randomVector(random, n) : float64(0)
      const shares = [randomVector(random, n * rank), randomVector(random, rank)]
      return [...shares, offsets, shared32(excluded), n, A.rows % 5 === 0 ? 3 : 40]
    },
    tolerance: 1e-12,
  },
}

function shared32(list: Int32Array): Int32Array {
  const copy = int32(list.length)
  copy.set(list)
  return copy
}
