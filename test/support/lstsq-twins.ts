import { float64 } from '../../src/core/shared.ts'
import { normalPassSteps } from '../../src/dense/normal-pass.steps.ts'
import { tsqrSteps } from '../../src/dense/tsqr.steps.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { randomVector } from './random.ts'

const [COLUMNS, SIDES] = [13, 2]
const rowsOf = (A: Csr) => 5 * A.rows // enough for several parts

/** The twins of what least squares is made of, see `border/methods.test.ts`. */
export const lstsqTwins = {
  normalPass: {
    steps: normalPassSteps,
    args: (A: Csr, random: () => number) => {
      const m = rowsOf(A)
      const b = A.rows % 2 === 0 ? randomVector(random, m) : float64(0)
      return [
        randomVector(random, m * COLUMNS),
        COLUMNS,
        randomVector(random, COLUMNS),
        b,
        float64(m),
        float64(COLUMNS),
      ]
    },
    tolerance: 1e-12,
  },
  tsqr: {
    steps: tsqrSteps,
    args: (A: Csr, random: () => number) => {
      const m = rowsOf(A)
      const R = float64((COLUMNS + SIDES) ** 2)
      for (let i = 0; i < COLUMNS + SIDES; i++) R[i * (COLUMNS + SIDES) + i] = 1 + i
      return [randomVector(random, m * COLUMNS), COLUMNS, randomVector(random, m * SIDES), SIDES, R]
    },
    tolerance: 1e-12,
  },
}
