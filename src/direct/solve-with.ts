import { KrylovError, refuse } from '../core/errors.ts'
import { forms } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { applyBunchKaufman, type BunchKaufman, isBunchKaufman, ownBunchKaufman } from '../dense/bunch-kaufman.ts'
import { applyCholesky, type Cholesky, isCholesky, ownCholesky } from '../dense/cholesky.ts'
import { isDense } from '../dense/dense.ts'

/** A factorization that can be solved with. */
export type Factored = Cholesky | BunchKaufman

/** What {@link solveWith} has to know of one kind of factorization. */
interface Kind<F> {
  /** Whether a record that may come from anywhere is what its kind says. */
  readonly fits: (F: F) => boolean
  /** The record with its arrays on shared memory. */
  readonly own: (F: F) => F
  /** Why it cannot be solved with, or undefined. */
  readonly failed: (F: F) => string | undefined
  /** X = A^-1 X in place, X rows x s, row-major. */
  readonly apply: (F: F, x: Float64Array, s: number) => Steps<void>
}

const kinds: { readonly [K in Factored['kind']]: Kind<Extract<Factored, { kind: K }>> } = {
  cholesky: {
    fits: isCholesky,
    own: ownCholesky,
    failed: ({ failed }) => (failed < 0 ? undefined : `A is not positive definite: the pivot of row ${failed}`),
    apply: applyCholesky,
  },
  'bunch-kaufman': {
    fits: isBunchKaufman,
    own: ownBunchKaufman,
    failed: ({ zero }) => (zero === 0 ? undefined : `A is singular: ${zero} pivots are zero`),
    apply: applyBunchKaufman,
  },
}

const checked = new WeakMap<object, Factored>()

function checkFactored(method: string, given: Factored): Factored {
  const kind = kinds[given?.kind] as Kind<Factored> | undefined
  if (kind === undefined) throw refuse('ERR_OPTION', method, 'F', `one of ${Object.keys(kinds).join(', ')}`, given)
  const known = checked.get(given)
  if (known !== undefined) return known
  if (!kind.fits(given)) throw refuse('ERR_SHAPE', method, 'F', 'as its factorization left it', given)
  const own = kind.own(given)
  checked.set(given, own)
  return own
}

/** X = A^-1 X in place, X rows x s, row-major. */
export function* applyFactored(F: Factored, x: Float64Array, s: number): Steps<void> {
  yield* (kinds[F.kind] as Kind<Factored>).apply(F, x, s)
}

/** Why a factorization cannot be solved with, or undefined. */
export const whyFailed = (F: Factored): string | undefined => (kinds[F.kind] as Kind<Factored>).failed(F)

const { async, sync } = forms<[Factored, ArrayLike<number> | Dense, object?], Float64Array | Dense>(
  'solveWith',
  2,
  [],
  function* (call, given, b) {
    const F = checkFactored(call.name, given)
    const why = whyFailed(F)
    if (why !== undefined) throw new KrylovError('ERR_SINGULAR', `${call.name}: ${why}`)
    const block = isDense(b)
    const s = block ? b.columns : 1
    if (block && (b.rows !== F.rows || !Number.isInteger(s) || s < 0))
      throw refuse('ERR_SHAPE', call.name, 'b', `${F.rows} x s`, `${b.rows} x ${s}`)
    const rhs = checkVector(call.name, block ? 'b.values' : 'b', block ? b.values : b, F.rows * s)
    checkFinite(call.name, block ? 'b.values' : 'b', rhs)
    const x = float64(rhs.length)
    x.set(rhs)
    if (x.length > 0) yield* applyFactored(F, x, s)
    return block ? { rows: F.rows, columns: s, values: x } : x
  },
)

/**
 * Solves A x = b with a factorization of A; `b` has as many entries as A rows, or is a dense block of right-hand sides.
 * The answer is fresh. No refinement: what comes is what the factors give. `solveWithSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SINGULAR where the factorization failed, ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const solveWith = async as {
  (F: Factored, b: Dense): Promise<Dense>
  (F: Factored, b: ArrayLike<number>): Promise<Float64Array>
}

/** {@link solveWith}, blocking. */
export const solveWithSync = sync as {
  (F: Factored, b: Dense): Dense
  (F: Factored, b: ArrayLike<number>): Float64Array
}
