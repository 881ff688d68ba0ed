import { KrylovError, refuse } from '../core/errors.ts'
import { copied, float64 } from '../core/shared.ts'
import type { Dense } from '../core/types.ts'
import { checkFinite } from '../core/vector.ts'
import { checkDense } from '../dense/own.ts'
import { vectorOf } from './arguments.ts'
import { type Flow, got, type Methods, runLater, runNow } from './forms.ts'

/** A value and the gradient that it takes back to the matrix it came from. */
export interface Vjp<Value, Cotangent, Gradient = Dense> {
  readonly value: Value
  readonly pullback: (cotangent: Cotangent) => Promise<Gradient>
}

/** {@link Vjp}, blocking. */
export interface VjpSync<Value, Cotangent, Gradient = Dense> {
  /** See {@link Vjp}. */
  readonly value: Value
  /** See {@link Vjp}. */
  readonly pullback: (cotangent: Cotangent) => Gradient
}

const own = (name: string, argument: string, given: Dense): Dense => {
  const { rows, columns, values } = checkDense(name, argument, given)
  const copy = copied(values)
  checkFinite(name, `${argument}.values`, copy)
  return { rows, columns, values: copy }
}
const shaped = (argument: string, given: Dense, rows: number, columns: number): Dense => {
  const found = own('pullback', argument, given)
  if (found.rows !== rows || found.columns !== columns)
    throw refuse('ERR_SHAPE', 'pullback', argument, `${rows} x ${columns}`, `${found.rows} x ${found.columns}`)
  return found
}

/** op(A) op(B). */
export function* times(m: Methods, A: Dense, B: Dense, transpose: '' | 'A' | 'B' = ''): Flow<Dense> {
  return yield* got(m.gemm(A, B, { transposeA: transpose === 'A', transposeB: transpose === 'B' }))
}
/** Entry by entry. */
export const map = ({ rows, columns, values }: Dense, f: (x: number, r: number, c: number) => number): Dense => {
  const out = float64(values.length)
  for (let r = 0, at = 0; r < rows; r++) for (let c = 0; c < columns; c++, at++) out[at] = f(values[at]!, r, c)
  return { rows, columns, values: out }
}
/** Entry (r, c). */
export const at = ({ columns, values }: Dense, r: number, c: number): number => values[r * columns + c]!
const symmetric = (A: Dense): Dense => map(A, (x, r, c) => 0.5 * x + 0.5 * at(A, c, r))

/** What differentiates a factorization: its forward half, and what it takes the cotangent to. */
interface Rule<Value, Cotangent, Gradient> {
  readonly forward: (methods: Methods, A: Dense) => Flow<Value>
  readonly back: (methods: Methods, value: Value, cotangent: Cotangent, A: Dense) => Flow<Gradient>
}

/** The two forms of a rule. */
export function pair<Value, Cotangent, Gradient = Dense>(name: string, rule: Rule<Value, Cotangent, Gradient>) {
  const later = async (given: Dense): Promise<Vjp<Value, Cotangent, Gradient>> => {
    const A = own(name, 'A', given)
    const value = await runLater(methods => rule.forward(methods, A))
    return { value, pullback: async cotangent => await runLater(methods => rule.back(methods, value, cotangent, A)) }
  }
  const now = (given: Dense): VjpSync<Value, Cotangent, Gradient> => {
    const A = own(`${name}Sync`, 'A', given)
    const value = runNow(methods => rule.forward(methods, A))
    return { value, pullback: cotangent => runNow(methods => rule.back(methods, value, cotangent, A)) }
  }
  return { later, now }
}

/** 1 / gap, or 0 where there is none and nothing asks for it: a rotation within an eigenspace changes nothing that is smooth. */
function overGap(name: string, gap: number, size: number, wanted: number, most: number): number {
  if (Math.abs(gap) > 8 * Number.EPSILON * size) return wanted / gap
  if (Math.abs(wanted) <= 1e-10 * most) return 0
  throw new KrylovError(
    'ERR_UNSUPPORTED',
    `${name}: vectors of equal values have no derivative, and the cotangent asks for it`,
  )
}
const largest = (list: Float64Array): number => list.reduce((most, x) => Math.max(most, Math.abs(x)), 0)

const choleskyRule = pair<Dense, Dense>('choleskyVjp', {
  *forward(methods, A) {
    const F = yield* got(methods.cholesky(A))
    if (F.failed >= 0) throw new KrylovError('ERR_INDEFINITE', 'choleskyVjp: A must be positive definite')
    return { rows: A.rows, columns: A.rows, values: F.lower }
  },
  *back(methods, L, cotangent) {
    const G = shaped('cotangent', cotangent, L.rows, L.rows)
    // L^-T Phi(L^T G) L^-1, Phi the lower triangle with half of the diagonal (Murray 2016)
    const P = yield* times(
      methods,
      L,
      map(G, (x, r, c) => (c <= r ? x : 0)),
      'A',
    )
    const phi = map(P, (x, r, c) => (c < r ? x : c === r ? x / 2 : 0))
    const solve = (B: Dense) => got(methods.solveTriangular(L, B, { lower: true, transpose: true }))
    const left = yield* solve(symmetric(phi))
    return symmetric(yield* solve(map(left, (_, r, c) => at(left, c, r))))
  },
})

/** Eigenvalues, ascending, and eigenvectors as columns; or gradients with respect to either. */
export interface EigenPart {
  readonly values?: ArrayLike<number>
  readonly vectors?: Dense
}

const eighRule = pair<{ readonly values: Float64Array; readonly vectors: Dense }, EigenPart>('eighVjp', {
  *forward(methods, A) {
    return yield* got(methods.eigh(A))
  },
  *back(methods, { values: w, vectors: V }, { values, vectors }) {
    const n = w.length
    const diagonal = values === undefined ? float64(n) : vectorOf('pullback', 'cotangent.values', values, n)
    let M: Dense = { rows: n, columns: n, values: float64(n * n) }
    if (vectors !== undefined) {
      const P = yield* times(methods, V, shaped('cotangent.vectors', vectors, n, n), 'A')
      const [size, most] = [largest(w), largest(P.values)]
      M = map(P, (x, r, c) => (r === c ? 0 : overGap('eighVjp', w[c]! - w[r]!, size, (x - at(P, c, r)) / 2, most)))
    }
    const inner = map(M, (x, r, c) => (r === c ? diagonal[r]! : x))
    return symmetric(yield* times(methods, yield* times(methods, V, inner), V, 'B'))
  },
})

/** Gradients with respect to the parts of a singular value decomposition. */
export interface SvdPart {
  readonly u?: Dense
  readonly s?: ArrayLike<number>
  readonly v?: Dense
}

const svdRule = pair<{ readonly u: Dense; readonly s: Float64Array; readonly v: Dense }, SvdPart>('svdVjp', {
  *forward(methods, A) {
    return yield* got(methods.svd(A))
  },
  *back(methods, { u, s, v }, cotangent) {
    const k = s.length
    const sBar = cotangent.s === undefined ? float64(k) : vectorOf('pullback', 'cotangent.s', cotangent.s, k)
    const zero = (rows: number): Dense => ({ rows, columns: k, values: float64(rows * k) })
    const uBar = cotangent.u === undefined ? zero(u.rows) : shaped('cotangent.u', cotangent.u, u.rows, k)
    const vBar = cotangent.v === undefined ? zero(v.rows) : shaped('cotangent.v', cotangent.v, v.rows, k)
    const asks = largest(uBar.values) > 0 || largest(vBar.values) > 0
    if (asks && k > 0 && !(s[k - 1]! > 0))
      throw new KrylovError('ERR_SINGULAR', 'svdVjp: vectors of a zero singular value')
    const [pu, pv] = [yield* times(methods, u, uBar, 'A'), yield* times(methods, v, vBar, 'A')]
    const size = s[0] === undefined ? 0 : s[0] ** 2
    const most = Math.max(largest(pu.values), largest(pv.values)) * (s[0] ?? 0)
    // Townsend (2016): U (F o (U^T U' - U'^T U)) S V^T and its mirror, F_rc = 1 / (s_c^2 - s_r^2)
    const inner = map(pu, (_, r, c) => {
      if (r === c) return sBar[r]!
      const wanted = (at(pu, r, c) - at(pu, c, r)) * s[c]! + s[r]! * (at(pv, r, c) - at(pv, c, r))
      return asks ? overGap('svdVjp', s[c]! ** 2 - s[r]! ** 2, size, wanted, most) : 0
    })
    const out = yield* times(methods, yield* times(methods, u, inner), v, 'B')
    if (!asks) return out
    const [restU, restV] = [yield* times(methods, u, pu), yield* times(methods, v, pv)]
    const outsideU = map(uBar, (x, r, c) => (x - at(restU, r, c)) / s[c]!)
    const outsideV = map(vBar, (x, r, c) => (x - at(restV, r, c)) / s[c]!)
    const [left, right] = [yield* times(methods, outsideU, v, 'B'), yield* times(methods, u, outsideV, 'B')]
    return map(out, (x, r, c) => x + at(left, r, c) + at(right, r, c))
  },
})

/**
 * Cholesky's factor L of a symmetric positive definite A, and its gradient. `choleskyVjpSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_INDEFINITE
 */
export const choleskyVjp = choleskyRule.later
/** {@link choleskyVjp}, blocking. */
export const choleskyVjpSync = choleskyRule.now

/**
 * Eigenvalues and vectors of a symmetric A, and the gradient of a number made of them. Where eigenvalues are equal there is one
 * only if the number does not depend on the basis of their space. `eighVjpSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_NOT_SYMMETRIC, ERR_UNSUPPORTED
 */
export const eighVjp = eighRule.later
/** {@link eighVjp}, blocking. */
export const eighVjpSync = eighRule.now

/**
 * The singular value decomposition of A, and the gradient of a number made of it; see {@link eighVjp}. `svdVjpSync` is the same,
 * blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_SINGULAR, ERR_UNSUPPORTED
 */
export const svdVjp = svdRule.later
/** {@link svdVjp}, blocking. */
export const svdVjpSync = svdRule.now
