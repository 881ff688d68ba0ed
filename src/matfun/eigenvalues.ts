import { KrylovError, refuse } from '../core/errors.ts'
import { float64 } from '../core/shared.ts'

/**
 * What happens to eigenvalues that are not above n eps max |w|, where f wants positive ones: `'error'` throws, `'clamp'`
 * puts that bound in their place, `'pseudo'` leaves them out: f is zero on their eigenvectors.
 */
export type EigenvaluePolicy = 'error' | 'clamp' | 'pseudo'

const POLICIES: readonly unknown[] = ['error', 'clamp', 'pseudo']

/** Checks the option. */
export function policyOption(method: string, value: unknown): EigenvaluePolicy {
  if (!POLICIES.includes(value))
    throw refuse('ERR_OPTION', method, 'option eigenvalues', "'error', 'clamp' or 'pseudo'", value)
  return value as EigenvaluePolicy
}

/** The eigenvalues that f is computed at, n of each matrix: positive, or NaN where they are left out. */
export function policed(method: string, w: Float64Array, n: number, policy: EigenvaluePolicy): Float64Array {
  const kept = float64(w.length)
  kept.set(w)
  for (let from = 0; from < w.length; from += n) {
    let largest = 0
    for (let j = from; j < from + n; j++) largest = Math.max(largest, Math.abs(w[j]!))
    const least = n * Number.EPSILON * largest
    for (let j = from; j < from + n; j++) {
      if (w[j]! > least) continue
      if (policy === 'error') throw notPositive(method, from / n, w[j]!, least)
      kept[j] = policy === 'clamp' && least > 0 ? least : Number.NaN
    }
  }
  return kept
}

const notPositive = (method: string, matrix: number, found: number, least: number) =>
  new KrylovError(
    found < -least ? 'ERR_INDEFINITE' : 'ERR_SINGULAR',
    `${method}: matrix ${matrix} must be positive definite, but has the eigenvalue ${found}, not above ` +
      `n eps max|w| = ${least}; the option eigenvalues takes 'clamp' or 'pseudo' for that`,
  )
