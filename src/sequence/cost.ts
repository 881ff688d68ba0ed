import type { Preconditioner } from '../precondition/kinds.ts'
import type { Csr } from '../sparse/csr.ts'

/*
 * What a solve costs, counted: bytes moved, in units of one product with A. The same on every machine, so that a run can be
 * repeated to the bit.
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

/** An iteration of CG, and what the preconditioner adds to it. A factor reads its triangle twice. */
export function cgCost(A: Csr, recipe: string, M?: Preconditioner): Cost {
  const { rows: n, nonZeros } = A
  const unit = productBytes(A)
  const plain = 12 * nonZeros + 4 * n + 72 * n
  const triangle = 12 * ((nonZeros - n) / 2) + 28 * n
  const passes = recipe === 'identity' ? 0 : recipe === 'jacobi' ? 1 : recipe === 'ssor' ? 2 : 6
  const apply = (): number => {
    if (recipe === 'identity') return 0
    if (recipe === 'jacobi') return 40 * n
    if (recipe !== 'chebyshev') return 2 * triangle + 16 * n
    const degree = M?.kind === 'chebyshev' ? M.degree : 4
    return degree * (12 * nonZeros + 60 * n)
  }
  return { setup: (passes * 12 * nonZeros) / unit, iteration: (plain + apply()) / unit }
}
