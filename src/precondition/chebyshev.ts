import { refuse } from '../core/errors.ts'
import { run } from '../core/method.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { inverseDiagonalOf } from './jacobi.ts'
import { lanczos, lanczosStart } from './lanczos.ts'
import { numberOption, recipe } from './recipe.ts'

/** Options of {@link chebyshev}. */
export interface ChebyshevOptions {
  /** Degree of the polynomial, 1 to 100; default 4. Each application costs degree - 1 products with A. */
  readonly degree?: number
  /** largest / smallest eigenvalue of the interval that is damped; default 30. */
  readonly ratio?: number
}

const LANCZOS_STEPS = 10
const SAFETY = 1.1 // Lanczos reaches the largest eigenvalue from below

/**
 * Chebyshev polynomial in D^-1 A on [largest / ratio, largest]; largest from 10 Lanczos steps times 1.1. No triangular
 * solve, no reductions: made of products with A alone.
 */
export const chebyshev = recipe<ChebyshevOptions, Required<ChebyshevOptions>>(
  'chebyshev',
  ['degree', 'ratio'],
  (method, { degree = 4, ratio = 30 }) => {
    if (!Number.isInteger(degree)) throw refuse('ERR_OPTION', method, 'option degree', 'an integer', degree)
    return {
      degree: numberOption(method, 'degree', degree, 1, 100),
      ratio: numberOption(method, 'ratio', ratio, 1, 1e12, true),
    }
  },
  function* (method, A, { degree, ratio }) {
    yield* requireSymmetric(method, A)
    const inverseDiagonal = yield* inverseDiagonalOf(A)
    const found = yield* run(lanczos, A, inverseDiagonal, lanczosStart(A.rows), LANCZOS_STEPS, LANCZOS_STEPS)
    const largest = SAFETY * Math.abs(found.largest) || 1
    return { kind: 'chebyshev', matrix: A, inverseDiagonal, degree, smallest: largest / ratio, largest }
  },
)
