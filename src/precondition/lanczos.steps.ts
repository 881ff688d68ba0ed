import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { PlannedMatrix } from '../core/types.ts'
import { tridiagonalExtremes } from '../dense/tridiagonal.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { multiplyDot } from '../sparse/operator.steps.ts'

const SETTLED = 0.05

export interface Extremes {
  readonly smallest: number
  readonly largest: number
  /** Steps that were made: products with A. */
  readonly steps: number
}

/**
 * Extreme eigenvalues of D^-1/2 A D^-1/2 by `steps` of Lanczos (Golub and Van Loan, section 10.1) in the D-inner
 * product: v holds D^-1/2 times the Lanczos vector, so that only D^-1 is needed. `inverseDiagonal` may be all ones.
 * The largest is reached from below within a few per cent; the smallest only as the process converges: where `most` is
 * larger, steps go on, twice as many each time, until the gap that the spectrum leaves in (0, 2) moves by less than 5%.
 * Workspace: 4n.
 */
export function* lanczosSteps(
  k: Kernels,
  A: PlannedMatrix,
  inverseDiagonal: Float64Array,
  start: Float64Array,
  steps: number,
  most: number,
): Steps<Extremes> {
  const n = A.pattern.rows
  const v = float64(n)
  const w = float64(n)
  const u = float64(n)
  const previous = float64(n)
  const alphas: number[] = []
  const betas: number[] = []
  const found = () => ({
    ...tridiagonalExtremes(Float64Array.from(alphas), Float64Array.from(betas)),
    steps: alphas.length,
  })
  let [look, gap] = [steps, Number.POSITIVE_INFINITY]
  u.set(start)
  k.scale(inverseDiagonal, u, v)
  let beta = Math.sqrt(k.dot(u, v))
  for (let j = 0; j < most && j < n && beta > 0; j++) {
    if (j === look) {
      const before = gap
      gap = gapOf(found())
      if (gap >= (1 - SETTLED) * before) break
      look *= 2
    }
    k.axpby(1 / beta, v, 0, v)
    k.axpby(1 / beta, u, 0, u)
    const alpha = yield* multiplyDot(k, A, v, w)
    alphas.push(alpha)
    k.axpy(-alpha, u, w)
    if (j > 0) k.axpy(-beta, previous, w)
    previous.set(u)
    u.set(w)
    k.scale(inverseDiagonal, u, v)
    const square = k.dot(u, v)
    beta = square > 0 ? Math.sqrt(square) : 0
    if (!(beta > 1e-14 * Math.abs(alpha))) break
    betas.push(beta)
    yield tick
  }
  return found()
}

/** What a spectrum leaves of (0, 2) at its narrower end: 1 - the spectral radius of I - D^-1 A. At least 0. */
export const gapOf = ({ smallest, largest }: Pick<Extremes, 'smallest' | 'largest'>): number =>
  Math.max(0, Math.min(smallest, 2 - largest))

/** A fixed start vector with all frequencies in it: a Weyl sequence, the same on every machine. */
export function lanczosStart(n: number): Float64Array {
  const start = float64(n)
  for (let i = 0; i < n; i++) start[i] = (((i + 1) * 0.6180339887498949) % 1) - 0.5
  return start
}
