import { float64, int32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { gemmSteps } from '../dense/gemm.steps.ts'
import { denseLuSolveSteps, denseLuSteps } from '../dense/lu.steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { columnNorm, turned } from './blocks.ts'

/** x + e d with e^2 = 0, which is [[x, d], [0, x]]: what is computed with it carries the derivative along. */
interface Jet {
  readonly x: Float64Array
  readonly d?: Float64Array | undefined
}

/**
 * Degree m, and ||A|| up to which the [m/m] Pade approximant of e^A and its derivative are good to rounding: the smaller of table 3.1
 * of Al-Mohy and Higham (2010) and of table 6.1 of Al-Mohy and Higham (2009).
 */
const DEGREES = [
  [3, 1.08e-2],
  [5, 2.0e-1],
  [7, 7.83e-1],
  [9, 1.78],
] as const
const REACH = 4.25 // of m = 13
/** ||A||_1, whose tenth power is a number. */
export const MOST_NORM = 1e30

/**
 * X_i = e^A_i of general matrices, n x n by rows, one after the other, and where E is not empty instead of that D_i, the
 * derivative at A_i along E_i, or with `adjoint` at A_i^T. norms[i]: ||A_i||_1, beside E_i; NaN where an entry is not finite: beyond
 * MOST_NORM nothing is computed. residuals[i]: that of the system of the approximant. About 20 n^3 flops each, with the
 * derivative 60 n^3.
 */
export function* matrixExponentialSteps(
  k: Kernels,
  A: Float64Array,
  E: Float64Array,
  n: number,
  count: number,
  adjoint: boolean,
  X: Float64Array,
  residuals: Float64Array,
  norms: Float64Array,
): Steps<void> {
  for (let i = 0; i < count; i++) {
    const [a, e] = [A, E].map(list => list.subarray(i * n * n, (i + 1) * n * n)) as [Float64Array, Float64Array]
    const out = X.subarray(i * n * n, (i + 1) * n * n)
    const x = adjoint ? turned(a, n) : a.slice()
    norms[i] = 0
    residuals[i] = 0
    let [d, factor]: [Float64Array | undefined, number] = [undefined, 1]
    if (E.length > 0) {
      // the derivative is linear in E, the choice of degrees is not: as large as A
      const [size, beside] = [columnNorm(x, n), columnNorm(e, n)]
      if (beside === 0) {
        out.fill(0)
        continue
      }
      factor = (size > 0 ? size : 1) / beside
      d = e.map(v => factor * v)
    }
    const norm = x.every(Number.isFinite) ? columnNorm(x, n, d) : Number.NaN
    norms[i] = norm
    if (!(norm < MOST_NORM)) continue
    const found = yield* exponential(k, { x, d }, n, norm)
    residuals[i] = found.residual
    const value = found.value.d ?? found.value.x
    for (let at = 0; at < out.length; at++) out[at] = value[at]! / factor
  }
}

/**
 * e^A by scaling and squaring: 2^s roots so near the identity that a Pade approximant is right to rounding, by norms of powers
 * of A, not of A alone (Al-Mohy and Higham 2009). `norm`: ||A||_1. `residual`: ||Q X - P||_F / ||P||_F of the approximant's system.
 */
function* exponential(k: Kernels, A: Jet, n: number, norm: number): Steps<{ value: Jet; residual: number }> {
  const { m, s, powers } = yield* choose(k, A, n, norm)
  const parts =
    m < 13
      ? yield* smallPade(k, A, powers, m, n)
      : yield* pade13(
          k,
          [A, ...powers].map((P, i) => scaled(P, 2 ** (-s * Math.max(1, 2 * i)))),
          n,
        )
  const { value: first, residual } = yield* quotient(k, parts, n)
  let value = first
  for (let step = 0; step < s; step++) value = yield* times(k, value, value, n)
  return { value, residual }
}

interface Choice {
  readonly m: number
  /** Halvings of A, and squarings. */
  readonly s: number
  /** A^2, A^4, .. as many as degree m takes. */
  readonly powers: readonly Jet[]
}

function* choose(k: Kernels, A: Jet, n: number, norm: number): Steps<Choice> {
  const A2 = yield* times(k, A, A, n)
  if (norm <= DEGREES[0][1]) return { m: 3, s: 0, powers: [A2] }
  const A4 = yield* times(k, A2, A2, n)
  if (norm <= DEGREES[1][1]) return { m: 5, s: 0, powers: [A2, A4] }
  const A6 = yield* times(k, A4, A2, n)
  const size = (X: Jet, power: number) => columnNorm(X.x, n, X.d) ** (1 / power)
  const [four, six] = [size(A4, 4), size(A6, 6)]
  const both = Math.max(four, six)
  const m = DEGREES.find(([m, reach]) => both <= reach && tooFew(A, n, norm, norm, m) === 0)?.[0]
  if (m !== undefined) return { m, s: 0, powers: m === 9 ? [A2, A4, A6, yield* times(k, A4, A4, n)] : [A2, A4, A6] }
  // ||A^8|| <= ||A^4||^2 and ||A^10|| <= ||A^4|| ||A^6|| stand for what else the method would estimate
  const other = Math.max(four, (four ** 4 * six ** 6) ** (1 / 10))
  const s = Math.max(0, Math.ceil(Math.log2(Math.min(both, other) / REACH)))
  return { m: 13, s: s + tooFew(A, n, norm, norm * 2 ** -s, 13), powers: [A2, A4, A6] }
}

/**
 * How many more halvings make that part of the error small which norms of powers do not see; `scaled`: the norm after those that
 * there are. Products with |A| go on until the norm of what they have reached would do for all the rest.
 */
function tooFew({ x, d }: Jet, n: number, norm: number, scaled: number, m: number): number {
  if (norm === 0) return 0
  let [v, w] = [new Float64Array(n).fill(1), new Float64Array(n).fill(1)]
  let most = 1
  const wanted = halvings(m, scaled)
  for (let power = 0; power < 2 * m + 1 && wanted(most) > 0; power++) {
    const [next, beside] = [new Float64Array(n), new Float64Array(n)]
    for (let r = 0, at = 0; r < n; r++)
      for (let c = 0; c < n; c++, at++) {
        const a = Math.abs(x[at]!) / norm
        next[c]! += a * v[r]!
        if (d !== undefined) beside[c]! += a * w[r]! + (Math.abs(d[at]!) / norm) * v[r]!
      }
    ;[v, w] = [next, beside]
    most = 0
    for (let c = 0; c < n; c++) most = Math.max(most, v[c]!, d === undefined ? 0 : w[c]!)
  }
  return wanted(most)
}

/**
 * How many halvings of A bring 1 / (binomial(2 m, m) (2 m + 1)!) |A|^(2 m + 1), the first term of the error, under the unit
 * roundoff, where `most` is the norm of its power of A / norm.
 */
function halvings(m: number, norm: number): (most: number) => number {
  let term = 1
  for (let j = 1; j <= m; j++) term *= (m + j) / j
  for (let j = 2; j <= 2 * m + 1; j++) term *= j
  const log = 2 * m * Math.log2(norm) + 53 - Math.log2(term)
  return most => (most === 0 ? 0 : Math.max(0, Math.ceil((Math.log2(most) + log) / (2 * m))))
}

/** Coefficients of the numerator of the [m/m] approximant. */
function coefficients(m: number): number[] {
  const b = [1]
  for (let j = 0; j < m; j++) b.push((b[j]! * (m - j)) / ((2 * m - j) * (j + 1)))
  return b
}

interface Fraction {
  readonly odd: Jet
  readonly even: Jet
}

function* smallPade(k: Kernels, A: Jet, powers: readonly Jet[], m: number, n: number): Steps<Fraction> {
  const b = coefficients(m)
  const used = powers.slice(0, (m - 1) / 2)
  const odd = sum(
    n,
    b[1]!,
    used.map((P, i) => [b[2 * i + 3]!, P]),
  )
  const even = sum(
    n,
    b[0]!,
    used.map((P, i) => [b[2 * i + 2]!, P]),
  )
  return { odd: yield* times(k, A, odd, n), even }
}

/** Of A and its powers, six products in all. */
function* pade13(k: Kernels, powers: readonly Jet[], n: number): Steps<Fraction> {
  const [A, A2, A4, A6] = powers as readonly [Jet, Jet, Jet, Jet]
  const b = coefficients(13) as [number, ...number[]]
  const at = (i: number, j: number, k: number): [number, Jet][] => [
    [b[i]!, A6],
    [b[j]!, A4],
    [b[k]!, A2],
  ]
  const high = yield* times(k, A6, sum(n, 0, at(13, 11, 9)), n)
  const odd = yield* times(k, A, sum(n, b[1]!, [[1, high], ...at(7, 5, 3)]), n)
  const top = yield* times(k, A6, sum(n, 0, at(12, 10, 8)), n)
  return { odd, even: sum(n, b[0]!, [[1, top], ...at(6, 4, 2)]) }
}

/** (even - odd)^-1 (even + odd) */
function* quotient(k: Kernels, { odd, even }: Fraction, n: number): Steps<{ value: Jet; residual: number }> {
  const P = sum(n, 0, [
    [1, even],
    [1, odd],
  ])
  const Q = sum(n, 0, [
    [1, even],
    [-1, odd],
  ])
  const [F, pivots] = [float64(n * n), int32(n)]
  yield* denseLuSteps(k, Q.x, n, F, pivots)
  const x = P.x.slice()
  yield* denseLuSolveSteps(k, F, n, pivots, x, n)
  const check = P.x.slice()
  yield* gemmSteps(k, -1, Q.x, false, x, false, 1, check, n, n, n)
  const size = frobenius(P.x)
  const residual = size === 0 ? 0 : frobenius(check) / size
  if (P.d === undefined || Q.d === undefined) return { value: { x }, residual }
  // Q X = P, so that Q X' = P' - Q' X
  const d = P.d.slice()
  yield* gemmSteps(k, -1, Q.d, false, x, false, 1, d, n, n, n)
  yield* denseLuSolveSteps(k, F, n, pivots, d, n)
  return { value: { x, d }, residual }
}

const frobenius = (X: Float64Array) => Math.sqrt(X.reduce((sum, x) => sum + x * x, 0))

function* times(k: Kernels, A: Jet, B: Jet, n: number): Steps<Jet> {
  const x = float64(n * n)
  yield* gemmSteps(k, 1, A.x, false, B.x, false, 0, x, n, n, n)
  if (A.d === undefined || B.d === undefined) return { x }
  const d = float64(n * n)
  yield* gemmSteps(k, 1, A.x, false, B.d, false, 0, d, n, n, n)
  yield* gemmSteps(k, 1, A.d, false, B.x, false, 1, d, n, n, n)
  return { x, d }
}

function scaled({ x, d }: Jet, factor: number): Jet {
  const of = (X: Float64Array) => {
    const out = float64(X.length)
    for (let at = 0; at < X.length; at++) out[at] = factor * X[at]!
    return out
  }
  return { x: of(x), d: d && of(d) }
}

/** c I + sum c_i A_i */
function sum(n: number, c: number, terms: readonly (readonly [number, Jet])[]): Jet {
  const add = (parts: readonly (readonly [number, Float64Array])[]) => {
    const out = float64(n * n)
    for (const [factor, A] of parts) for (let at = 0; at < n * n; at++) out[at]! += factor * A[at]!
    return out
  }
  const x = add(terms.map(([factor, A]) => [factor, A.x]))
  for (let r = 0; r < n; r++) x[r * n + r]! += c
  if (terms.some(([, A]) => A.d === undefined)) return { x }
  return { x, d: add(terms.map(([factor, A]) => [factor, A.d!])) }
}
