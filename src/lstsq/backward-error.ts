import { copied } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { columnNorms } from '../dense/column-norms.ts'
import type { Problem, Residual } from './problem.ts'
import { addMultipleOfIdentity, type Basis, inverseOf } from './triangle.ts'

/**
 * The backward error of each column of X, relative to ||A||_F: how much A has to change, at least, for x to be a least-squares
 * solution. The estimate of Karlson and Walden, ||(A^T A + phi^2 I)^(-1/2) A^T r|| / ||x|| with phi = ||r|| / ||x||, which is
 * within sqrt 2 of it. Three bounds of it cost nothing; where they are above `enough` the estimate itself is computed from
 * R with R^T R = A^T A, if there is one; one from a sketch gives a bound again. Never below the unit of rounding, since A^T r is
 * not known better.
 */
export function* backwardErrors(
  problem: Problem,
  X: Float64Array,
  { Y, whole }: Residual,
  basis: Basis,
  Z: Float64Array,
  R: Float64Array | undefined,
  enough: number,
): Steps<Float64Array> {
  const { m, n, s } = problem
  const size = yield* problem.norm()
  const [x, y, z] = [columnNorms(X, s), columnNorms(Y, s), columnNorms(Z, s)]
  const errors = new Float64Array(s)
  const stretch = 1 + basis.distortion
  for (let c = 0; c < s; c++) {
    const r = whole[c]!
    if (r === 0 || y[c] === 0) continue
    const inBasis = basis.rank === Math.min(m, n) ? (stretch * z[c]!) / x[c]! : Number.POSITIVE_INFINITY
    const bound = least(y[c]! / r, r / x[c]!, inBasis) / size
    errors[c] = bound
    if (!(bound > enough) || R === undefined || x[c] === 0) continue
    const estimated = yield* estimate(R, n, columnOf(Y, s, c), r / x[c]!)
    errors[c] = Math.min(bound, (stretch * estimated) / x[c]! / size)
  }
  return errors.map(error => (error > Number.EPSILON || Number.isNaN(error) ? error : Number.EPSILON))
}

/** ||(R^T R + phi^2 I)^(-1/2) y||. */
function* estimate(R: Float64Array, n: number, y: Float64Array, phi: number): Steps<number> {
  const damped = copied(R)
  yield* addMultipleOfIdentity(damped, n, 0, phi)
  return columnNorms(yield* inverseOf(damped, n).adjoint(y, 1), 1)[0]!
}

/** The smallest that is a number; NaN where none is. */
function least(...values: readonly number[]): number {
  const numbers = values.filter(value => !Number.isNaN(value))
  return numbers.length > 0 ? Math.min(...numbers) : Number.NaN
}

const columnOf = (Y: Float64Array, s: number, c: number): Float64Array => Y.filter((_, at) => at % s === c)
