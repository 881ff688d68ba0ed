import { refuse } from '../core/errors.ts'
import { float64, naturalOrder } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { LuFactor } from '../direct/kinds.ts'
import { requireFinite } from '../sparse/examine.ts'
import { part } from './part.ts'
import { numberOption, recipe } from './recipe.ts'

/** Options of {@link gaussSeidel}. */
export interface GaussSeidelOptions {
  /** Relaxation in (0, 2); default 1. */
  readonly omega?: number
  /** One sweep in the order of the rows, against it, or one of either: default `'forward'`. */
  readonly sweep?: 'forward' | 'backward' | 'symmetric'
}

/**
 * A sweep of successive over-relaxation for any square matrix: M = (D + omega L) / omega, or (D + omega U) / omega, or
 * (D + omega L) D^-1 (D + omega U) / (omega (2 - omega)). Where the diagonal is zero, one is taken in its place. Set-up is one
 * pass over A.
 */
export const gaussSeidel = recipe<GaussSeidelOptions, Required<GaussSeidelOptions>>(
  'gaussSeidel',
  ['omega', 'sweep'],
  (method, { omega = 1, sweep = 'forward' }) => {
    if (sweep !== 'forward' && sweep !== 'backward' && sweep !== 'symmetric')
      throw refuse('ERR_OPTION', method, 'option sweep', "'forward', 'backward' or 'symmetric'", sweep)
    return { omega: numberOption(method, 'omega', omega, 0, 2, true), sweep }
  },
  function* (method, A, { omega, sweep }): Steps<LuFactor> {
    yield* requireFinite(method, A)
    const d = A.diagonal().map(value => (value === 0 ? 1 : value))
    const lower = yield* part(A, sweep === 'backward' ? never : below, (a, _, j) => (omega * a) / d[j]!)
    const upper = yield* part(A, sweep === 'forward' ? never : above, (a, i) => (omega * a) / d[i]!)
    const inverseDiagonal = float64(A.rows)
    const factor = sweep === 'symmetric' ? omega * (2 - omega) : omega
    for (let i = 0; i < A.rows; i++) inverseDiagonal[i] = factor / d[i]!
    const rows = naturalOrder(A.rows)
    return { kind: 'lu', method: 'gaussSeidel', rows, columns: rows, lower, upper, inverseDiagonal }
  },
)

const never = () => false
const below = (i: number, j: number): boolean => j < i
const above = (i: number, j: number): boolean => j > i
