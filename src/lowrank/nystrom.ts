import { KrylovError, refuse } from '../core/errors.ts'
import { forms, run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed } from '../core/random.ts'
import { float64, sharedFloat64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { choleskyOf } from '../dense/cholesky.ts'
import { columnNorms } from '../dense/column-norms.ts'
import type { Eigh } from '../dense/eigh.ts'
import { checkDense } from '../dense/own.ts'
import { transposed } from '../dense/rows.ts'
import { svdOf } from '../dense/svd.ts'
import { columnsOf, times } from '../dense/times.ts'
import { solveTriangularIn } from '../dense/triangular.ts'
import { normals } from '../sketch/normals.ts'
import { blockMatrix, requireSquare } from './matrix.ts'
import { orthonormal } from './orthonormal.ts'
import { reduced } from './truncate.ts'

/** Options of {@link nystrom}. */
export interface NystromOptions {
  /** Eigenvalues to be kept. */
  readonly rank: number
  /** Columns of the sketch beyond the rank; default max(10, rank / 2). */
  readonly oversampling?: number
  /** An integer from 0 to 2^53 - 1; default 0. */
  readonly seed?: number
}

const SHIFTS = 8 // tenfold increases of the shift before A counts as not semidefinite

const { async, sync } = forms<[Dense | CsrData, NystromOptions], Eigh>(
  'nystrom',
  1,
  ['rank', 'oversampling', 'seed'],
  function* (call, given, options) {
    const name = call.name
    const rank = integerOption(name, 'rank', options?.rank, 1, 2 ** 31 - 1)
    const more = integerOption(name, 'oversampling', options.oversampling ?? Math.max(10, rank >> 1), 0, 2 ** 31 - 1)
    const seed = checkSeed(name, 'option seed', options.seed ?? 0)
    const A = yield* blockMatrix(call, 'A', given)
    requireSquare(name, A)
    const n = A.rows
    const l = Math.min(n, rank + more)
    if (n === 0 || A.norm === 0) return { values: float64(0), vectors: { rows: n, columns: 0, values: float64(0) } }
    const { Q: omega } = yield* orthonormal(yield* normals(n, l, seed, 0), 0)
    return yield* fromSketch(name, omega, yield* A.times(omega), Math.min(rank, n))
  },
)

/**
 * From Y = A Omega: with a shift nu of rounding size, B = (Y + nu Omega) C^-1 where C^T C = Omega^T (Y + nu Omega), and
 * A is near B B^T - nu (Tropp, Yurtsever, Udell and Cevher 2017, Algorithm 3).
 */
function* fromSketch(name: string, omega: Dense, Y: Dense, rank: number): Steps<Eigh> {
  const { rows: n, columns: l } = Y
  let shift = Math.sqrt(n) * Number.EPSILON * columnNorms(Y.values, 1)[0]!
  for (let attempt = 0; ; attempt++, shift *= 10) {
    const shifted = Y.values.map((y, at) => y + shift * omega.values[at]!)
    const G = yield* times(omega, { rows: n, columns: l, values: sharedFloat64(shifted) }, 'A')
    for (let i = 0; i < l; i++)
      for (let j = 0; j < i; j++)
        G.values[i * l + j] = G.values[j * l + i] = (G.values[i * l + j]! + G.values[j * l + i]!) / 2
    const { lower, failed } = yield* choleskyOf(G, G.values)
    if (failed >= 0) {
      if (attempt < SHIFTS) continue
      throw new KrylovError('ERR_UNSUPPORTED', `${name}: A is not positive semidefinite: use randomizedEigh`)
    }
    // B^T = L^-1 (Y + nu Omega)^T; its R is what is wanted of B = Q R
    const across = transposed(shifted, n, l)
    yield* run(solveTriangularIn, lower, l, across, n, true, false, false)
    const { q, r } = yield* reduced({ rows: n, columns: l, values: transposed(across, l, n) })
    const [u, s, v] = [float64(l * l), float64(l), float64(l * l)]
    yield* svdOf(r.values, l, l, u, s, v)
    const values = s.slice(0, rank).map(x => Math.max(0, x * x - shift))
    return { values, vectors: yield* times(q, columnsOf({ rows: l, columns: l, values: u }, 0, rank)) }
  }
}

/**
 * The Nystrom approximation of a symmetric positive semidefinite matrix: A is near vectors diag(values) vectors^T, `values`
 * descending, from one product with a block of random vectors. `nystromSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION; ERR_UNSUPPORTED where A is not semidefinite
 */
export const nystrom = async

/** {@link nystrom}, blocking. */
export const nystromSync = sync

/** What `cg` takes as a preconditioner: overwrites `z` with P^-1 `r`. */
export type NystromPreconditioner = (r: Float64Array, z: Float64Array) => void

/**
 * The preconditioner of A + shift I from a Nystrom approximation of A (Frangella, Tropp and Udell 2023): P^-1 = I +
 * U diag((l + shift) / (values + shift) - 1) U^T with l the smallest of the values. 4 n k flops an application.
 *
 * @throws KrylovError ERR_TYPE, ERR_SHAPE where the approximation is not one; ERR_OPTION where shift is not positive
 */
export function nystromPreconditioner(approximation: Eigh, shift: number): NystromPreconditioner {
  const { values, vectors } = checkApproximation('nystromPreconditioner', approximation)
  if (typeof shift !== 'number' || !(shift > 0) || shift === Number.POSITIVE_INFINITY)
    throw refuse('ERR_OPTION', 'nystromPreconditioner', 'shift', 'a finite number above 0', shift)
  const { rows: n, columns: k, values: U } = vectors
  const least = k === 0 ? 0 : values[k - 1]!
  const factors = values.map(w => (least + shift) / (w + shift) - 1)
  const c = new Float64Array(k)
  return (r, z) => {
    c.fill(0)
    for (let i = 0; i < n; i++) for (let j = 0, at = i * k; j < k; j++, at++) c[j]! += U[at]! * r[i]!
    for (let j = 0; j < k; j++) c[j]! *= factors[j]!
    for (let i = 0; i < n; i++) {
      let sum = r[i]!
      for (let j = 0, at = i * k; j < k; j++, at++) sum += U[at]! * c[j]!
      z[i] = sum
    }
  }
}

function checkApproximation(method: string, given: Eigh): Eigh {
  if (typeof given !== 'object' || given === null)
    throw refuse('ERR_TYPE', method, 'approximation', 'the record that nystrom returns', given)
  const vectors = checkDense(method, 'approximation.vectors', given.vectors)
  const values = checkVector(method, 'approximation.values', given.values, vectors.columns)
  checkFinite(method, 'approximation.values', values)
  checkFinite(method, 'approximation.vectors', vectors.values)
  return { values, vectors }
}
