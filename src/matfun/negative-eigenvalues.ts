import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { times } from '../dense/times.ts'
import { apart, blockOf, placeBlock } from './blocks.ts'
import { combined } from './dense-steps.ts'
import { quasiLog } from './general-log.ts'
import { product } from './lyapunov.ts'
import { fromSchur, quasiRoot, quasiSylvester } from './schur.ts'
import type { GeneralKind } from './state.ts'

/** A = Z T Z^T, n x n by rows; the first `leading` eigenvalues are negative, the others are not. */
interface Schur {
  readonly T: Float64Array
  readonly Z: Float64Array
  readonly leading: number
}

interface Complex {
  readonly real: Float64Array
  readonly imaginary: Float64Array
  readonly residual: number
}

/**
 * T = [[N, C], [0, P]] with the negative eigenvalues in N: f(N) = i sqrt(-N), or log(-N) + i pi I, and with N Y - Y P = -C
 * f(T) = [[f(N), Y f(P) - f(N) Y], [0, f(P)]], real and imaginary parts of which need no complex arithmetic.
 */
export function* withNegatives(
  method: string,
  kind: GeneralKind,
  A: Float64Array,
  n: number,
  schur: Schur,
): Steps<Complex> {
  const { T, Z, leading: k } = schur
  const rest = n - k
  const minus = (X: Float64Array) => combined(-1, X, 0, X)
  const [N, C, P] = [blockOf(T, n, 0, 0, k, k), blockOf(T, n, 0, k, k, rest), blockOf(T, n, k, k, rest, rest)]
  const Y = yield* quasiSylvester(N, k, minus(P), rest, minus(C))
  const f = (X: Float64Array, order: number) => (kind === 'root' ? quasiRoot(X, order) : quasiLog(method, X, order))
  const [low, high] = [yield* f(minus(N), k), yield* f(P, rest)]
  const dense = (values: Float64Array, rows: number, columns: number): Dense => ({ rows, columns, values })
  const right = (yield* times(dense(Y, k, rest), dense(high, rest, rest))).values
  const left = (yield* times(dense(low, k, k), dense(Y, k, rest))).values
  const [real, imaginary] = [float64(n * n), float64(n * n)]
  placeBlock(real, n, k, k, high, rest)
  if (kind === 'root') {
    placeBlock(real, n, 0, k, right, rest)
    placeBlock(imaginary, n, 0, 0, low, k)
    placeBlock(imaginary, n, 0, k, left, rest, -1)
  } else {
    placeBlock(real, n, 0, 0, low, k)
    placeBlock(real, n, 0, k, combined(1, right, -1, left), rest)
    for (let r = 0; r < k; r++) imaginary[r * n + r] = Math.PI
    placeBlock(imaginary, n, 0, k, Y, rest, -Math.PI)
  }
  const [X, W] = [yield* fromSchur(Z, real, n), yield* fromSchur(Z, imaginary, n)]
  if (kind !== 'root') return { real: X, imaginary: W, residual: apart(A, yield* fromSchur(Z, T, n)) }
  const square = combined(1, yield* product(X, X, n), -1, yield* product(W, W, n))
  const mixed = combined(1, yield* product(X, W, n), 1, yield* product(W, X, n))
  const residual = Math.hypot(apart(A, square), apart(A, combined(1, A, -1, mixed)))
  return { real: X, imaginary: W, residual }
}
