import { applyBytes, factorBytes } from '../precondition/apply-bytes.ts'
import type { Preconditioner } from '../precondition/kinds.ts'
import type { Csr } from '../sparse/csr.ts'

/*
 * What a solve costs, counted: bytes moved, in units of one product with A in compressed rows. The same on every machine, so
 * that a run can be repeated to the bit. Set-ups are counted as so many passes over A's entries, as they were measured
 * on grids of 64^2 to 256^2 unknowns.
 */

/** Set-up and one iteration. */
export interface Cost {
  readonly setup: number
  readonly iteration: number
}

const productBytes = ({ rows, nonZeros }: Csr): number => 12 * nonZeros + 20 * rows

/** One sweep of SOR reads the matrix, b and x, and writes x. */
export function sorCost(A: Csr, symmetric = false): Cost {
  const sweep = (12 * A.nonZeros + 28 * A.rows) / productBytes(A)
  return { setup: 0, iteration: symmetric ? 2 * sweep : sweep }
}

const CHECKS = 5 // passes over A that every solve begins with

/** An iteration of CG, and what the preconditioner that was built adds to it. */
export function cgCost(A: Csr, M: Preconditioner): Cost {
  const { rows: n, nonZeros } = A
  const unit = productBytes(A)
  const eisenstat = M.kind === 'diagonals' && M.method === 'ssor' && M.upper.values.length > 0
  const iteration = eisenstat ? factorBytes(M) + 120 * n : 12 * nonZeros + 76 * n + applyBytes(M)
  return { setup: ((CHECKS + passes(A, M)) * 12 * nonZeros) / unit, iteration: iteration / unit }
}

/** Passes over A that a set-up takes. */
function passes(A: Csr, M: Preconditioner): number {
  switch (M.kind) {
    case 'identity':
      return 0
    case 'jacobi':
      return 1
    case 'chebyshev':
      return 10
    case 'two-level': {
      const products = M.coarse.values.length ** 2 / Math.max(1, M.coarse.order.length)
      return passes(A, M.base) + 130 + (30 * products) / Math.max(1, A.nonZeros)
    }
    case 'amg':
      return 80
    case 'ldlt':
      return 200
    default: {
      if (M.method === 'ssor') return 2
      if (M.method !== 'ict') return 6
      const kept =
        M.kind === 'diagonals' ? M.upper.values.length + M.upper.single.length : M.upper.pattern.columnIndices.length
      const fill = (2 * kept) / Math.max(1, A.nonZeros - A.rows)
      return 8 + 8 * fill + 2.5 * fill ** 2
    }
  }
}
