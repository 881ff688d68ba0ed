import { KrylovError } from '../core/errors.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { applyCholesky, choleskyOf } from '../dense/cholesky.ts'
import { applyDenseLu, denseLuOf } from '../dense/lu.ts'
import { fromIdentity, product } from './lyapunov.ts'
import { symmetrised } from './square.ts'

/*
 * Square roots of one symmetric positive definite matrix by approximation or iteration, as they were published. All are
 * given A / c with c = ||A||_F, so that the eigenvalues of Z = I - A / c lie in [0, 1).
 */

/** What an approximation takes: A / c, n x n, whether the inverse root is wanted, its degree or number of steps. */
export type Approximant = (
  A: Float64Array,
  n: number,
  inverse: boolean,
  degree: number | undefined,
) => Steps<Float64Array>

const identity = (n: number, factor = 1): Float64Array => {
  const I = float64(n * n)
  for (let r = 0; r < n; r++) I[r * n + r] = factor
  return I
}

/** a A + b B */
const sum = (a: number, A: Float64Array, b: number, B: Float64Array): Float64Array => {
  const C = float64(A.length)
  for (let at = 0; at < C.length; at++) C[at] = a * A[at]! + b * B[at]!
  return C
}

function* solved(M: Float64Array, B: Float64Array, n: number): Steps<Float64Array> {
  const F = yield* denseLuOf({ rows: n, columns: n, values: M })
  const X = float64(B.length)
  X.set(B)
  if (F.failed < 0) yield* applyDenseLu(F, X, n)
  return X
}

const notDefinite = () => new KrylovError('ERR_INDEFINITE', 'square root: A is not positive definite to rounding')

/** M^-1 B of a symmetric positive definite M. */
function* solvedDefinite(M: Float64Array, B: Float64Array, n: number): Steps<Float64Array> {
  const lower = float64(n * n)
  lower.set(M)
  const F = yield* choleskyOf({ rows: n, columns: n, values: M }, lower)
  if (F.failed >= 0) throw notDefinite()
  const X = float64(B.length)
  X.set(B)
  yield* applyCholesky(F, X, n)
  return X
}

/** sum of a_k Z^k: the powers one after the other. */
function* polynomial(a: readonly number[], Z: Float64Array, n: number): Steps<Float64Array> {
  let X = sum(a[0]!, identity(n), a[1]!, Z)
  let power = Z
  for (let k = 2; k < a.length; k++) {
    power = yield* product(power, Z, n)
    X = sum(1, X, a[k]!, power)
  }
  return X
}

/** MTP, the Taylor polynomial of sqrt(1 - z) or 1 / sqrt(1 - z), of degree 10 unless said otherwise (Song, Sebe, Wang 2022). */
export function* taylor(A: Float64Array, n: number, inverse: boolean, degree = 10): Steps<Float64Array> {
  const a = [1]
  for (let k = 1; k <= degree; k++) a.push(a[k - 1]! * ((inverse ? k - 0.5 : k - 1.5) / k))
  return yield* polynomial(a, sum(1, identity(n), -1, A), n)
}

const P = [1, -11 / 4, 11 / 4, -77 / 64, 55 / 256, -11 / 1024]
const Q = [1, -9 / 4, 7 / 4, -35 / 64, 15 / 256, -1 / 1024]

/** MPA, the [5/5] Pade approximant P / Q of sqrt(1 - z), or Q / P (Song, Sebe, Wang 2022). */
export function* pade(A: Float64Array, n: number, inverse: boolean): Steps<Float64Array> {
  const Z = sum(1, identity(n), -1, A)
  const [p, q] = [yield* polynomial(P, Z, n), yield* polynomial(Q, Z, n)]
  return yield* inverse ? solved(p, q, n) : solved(q, p, n)
}

/**
 * The same approximant, of any degree N, by its partial fractions: 1 - sum a_j z / (1 - b_j z), every system definite
 * (Lu 1998). The inverse root is its inverse.
 */
export function* partialFraction(A: Float64Array, n: number, inverse: boolean, N = 5): Steps<Float64Array> {
  const Z = sum(1, identity(n), -1, A)
  let X = identity(n)
  for (let j = 1; j <= N; j++) {
    const angle = (j * Math.PI) / (2 * N + 1)
    const weight = (2 / (2 * N + 1)) * Math.sin(angle) ** 2
    const M = sum(1, identity(n), -(Math.cos(angle) ** 2), Z)
    X = sum(1, X, -weight, yield* solvedDefinite(M, Z, n))
  }
  return inverse ? yield* solvedDefinite(X, identity(n), n) : X
}

const MOST = 100

/** Newton-Schulz: T = (3 I - Z Y) / 2, Y <- Y T, Z <- T Z, as many steps as are said or until Z Y = I to rounding. */
export function* newtonSchulz(A: Float64Array, n: number, inverse: boolean, steps?: number): Steps<Float64Array> {
  let [Y, Z, last] = [A, identity(n), Number.POSITIVE_INFINITY]
  for (let step = 0; step < (steps ?? MOST); step++) {
    const ZY = yield* product(Z, Y, n)
    const far = fromIdentity(ZY, n)
    if (steps === undefined && (far <= 1e-15 || (far < 1e-6 && !(far < last / 2)))) break
    last = far
    const T = sum(1.5, identity(n), -0.5, ZY)
    Y = yield* product(Y, T, n)
    Z = yield* product(T, Z, n)
  }
  return inverse ? Z : Y
}

/** The product form of Denman and Beavers's iteration, scaled by determinants (Cheng, Higham, Kenney, Laub 2001). */
export function* denmanBeavers(A: Float64Array, n: number, inverse: boolean, steps?: number): Steps<Float64Array> {
  let M = A
  let X = inverse ? identity(n) : A
  let last = Number.POSITIVE_INFINITY
  for (let step = 0; step < (steps ?? MOST); step++) {
    const far = fromIdentity(M, n)
    if (steps === undefined && (far <= n * Number.EPSILON || (far < 1e-6 && !(far < last / 2)))) break
    last = far
    const lower = float64(n * n)
    lower.set(M)
    const F = yield* choleskyOf({ rows: n, columns: n, values: M }, lower)
    if (F.failed >= 0 && step === 0) throw notDefinite()
    if (F.failed >= 0) break // rounding has made M indefinite: X is as good as it gets
    let logarithm = 0
    for (let r = 0; r < n; r++) logarithm += Math.log(F.lower[r * n + r]!)
    // mu = |det M|^(-1 / 2n), of no use once M is near I
    const mu = far > 0.1 ? Math.exp(-logarithm / n) : 1
    const inverted = identity(n)
    yield* applyCholesky(F, inverted, n)
    const half = sum(0.5 * mu, identity(n), 0.5 / mu, inverted)
    X = yield* product(X, half, n)
    const mean = sum(0.25 * mu * mu, M, 0.25 / (mu * mu), inverted)
    const next = sum(1, mean, 0.5, identity(n))
    symmetrised(next, n, next)
    M = next
  }
  return X
}
