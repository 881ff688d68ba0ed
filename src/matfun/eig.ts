import type { ControlOptions } from '../core/control.ts'
import { KrylovError, refuse } from '../core/errors.ts'
import { forms } from '../core/method.ts'
import { normal } from '../core/random.ts'
import { copied, float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { eigenvectors } from '../dense/eigenvectors.steps.ts'
import { ownDense } from '../dense/own.ts'
import { svdOf } from '../dense/svd.ts'
import { frobenius } from './dense-steps.ts'
import { product } from './lyapunov.ts'

/** Options of {@link eig}. */
export interface EigOptions extends ControlOptions {
  /** A + E is diagonalised, E random with ||E||_2 = perturb ||A||_2, 0 to 1. Default 0. */
  readonly perturb?: number
  /** Of E, an integer from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number
}

/** Eigenvalues and vectors of a real matrix. */
export interface Eig {
  /** Real and imaginary parts of the eigenvalues; pairs stand side by side, the positive imaginary part first. */
  readonly real: Float64Array
  readonly imaginary: Float64Array
  /** n x n: eigenvectors of norm 1 as columns; of a pair, columns j and j + 1 are Re and Im of the first. */
  readonly vectors: Dense
  /** cond_2 of the complex matrix of eigenvectors; Infinity where it is singular. */
  readonly condition: number
  /** The largest ||A v - lambda v||_2 / ||A||_2, E included. */
  readonly backwardError: number
}

function* spectralNorm(A: Float64Array, n: number): Steps<number> {
  const s = float64(n)
  yield* svdOf(copied(A), n, n, float64(0), s, float64(0))
  return s[0] ?? 0
}

const { async, sync } = forms<[Dense, EigOptions?], Eig>(
  'eig',
  1,
  ['perturb', 'seed'],
  function* (call, given, options = {}) {
    const { perturb = 0, seed = 0 } = options
    if (typeof perturb !== 'number' || !(perturb >= 0 && perturb <= 1))
      throw refuse('ERR_OPTION', call.name, 'option perturb', 'a number from 0 to 1', perturb)
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw refuse('ERR_OPTION', call.name, 'option seed', 'an integer from 0 to 2^53 - 1', seed)
    const { rows: n, columns, values: A } = yield* ownDense(call, 'A', given)
    if (columns !== n) throw refuse('ERR_SHAPE', call.name, 'A', 'square', `${n} x ${columns}`)
    const moved = copied(A)
    const size = frobenius(A)
    if (!(size < 1e150)) throw refuse('ERR_NOT_FINITE', call.name, '||A||_F', 'below 1e150', size)
    const norm = yield* spectralNorm(A, n)
    if (perturb > 0 && n > 0) {
      const E = normal(seed, n * n)
      const factor = (perturb * norm) / (yield* spectralNorm(E, n))
      for (let at = 0; at < n * n; at++) moved[at]! += factor * E[at]!
    }
    const found = yield* eigenvectors(moved, n)
    if (found === undefined) throw new KrylovError('ERR_UNSUPPORTED', `${call.name}: the QR iteration did not converge`)
    const { real, imaginary, vectors: V } = found
    // columns sqrt(2) Re, sqrt(2) Im of a pair are a unitary combination of v and its conjugate: the same singular values
    const W = copied(V)
    for (let c = 0; c < n; c++) if (imaginary[c] !== 0) for (let r = 0; r < n; r++) W[r * n + c]! *= Math.SQRT2
    const s = float64(n)
    yield* svdOf(W, n, n, float64(0), s, float64(0))
    const condition = n === 0 ? 1 : s[n - 1]! > 0 ? s[0]! / s[n - 1]! : Number.POSITIVE_INFINITY
    const AV = yield* product(A, copied(V), n)
    let worst = 0
    for (let c = 0; c < n; c++) {
      const pair = imaginary[c]! > 0
      let far = 0
      for (let r = 0; r < n; r++) {
        const [x, y] = [V[r * n + c]!, pair ? V[r * n + c + 1]! : 0]
        far += (AV[r * n + c]! - real[c]! * x + imaginary[c]! * y) ** 2
        if (pair) far += (AV[r * n + c + 1]! - real[c]! * y - imaginary[c]! * x) ** 2
      }
      worst = Math.max(worst, Math.sqrt(far))
      if (pair) c++
    }
    const backwardError = norm === 0 ? 0 : worst / norm
    return { real, imaginary, vectors: { rows: n, columns: n, values: copied(V) }, condition, backwardError }
  },
)

/**
 * Eigenvalues and vectors of a general real matrix, with the condition of the vectors. With `perturb` those of a random
 * neighbour of A: where A cannot be diagonalised, or not usefully, a small backward error buys well-conditioned vectors
 * (perturb-then-diagonalize). `eigSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_UNSUPPORTED, ERR_OPTION
 */
export const eig = async

/** {@link eig}, blocking. */
export const eigSync = sync
