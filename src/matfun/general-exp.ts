import { refuse } from '../core/errors.ts'
import { run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { gemmInto } from '../dense/gemm.ts'
import { applyDenseLu, denseLuOf } from '../dense/lu.ts'
import { columnNorm } from './blocks.ts'
import { frobenius } from './dense-steps.ts'
import { product } from './lyapunov.ts'

/** x + e d with e^2 = 0, which is [[x, d], [0, x]]: what is computed with it carries the derivative along. */
export interface Jet {
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
const MOST = 1e30 // ||A||_1, whose tenth power is a number

/**
 * e^A by scaling and squaring: 2^s roots so near the identity that a Pade approximant is right to rounding, by norms of powers
 * of A, not of A alone (Al-Mohy and Higham 2009). `residual`: ||Q X - P||_F / ||P||_F of the approximant's system.
 */
export function* exponential(method: string, A: Jet, n: number): Steps<{ value: Jet; residual: number }> {
  const norm = columnNorm(A.x, n, A.d)
  if (!(norm < MOST)) throw refuse('ERR_NOT_FINITE', method, '||A||_1', `below ${MOST}`, norm)
  const A2 = yield* times(A, A, n)
  const A4 = yield* times(A2, A2, n)
  const A6 = yield* times(A4, A2, n)
  const size = (X: Jet, power: number) => columnNorm(X.x, n, X.d) ** (1 / power)
  const [four, six] = [size(A4, 4), size(A6, 6)]
  // ||A^8|| <= ||A^4||^2 and ||A^10|| <= ||A^4|| ||A^6|| stand for what else the method would estimate
  const effective = Math.min(Math.max(four, six), Math.max(four, (four ** 4 * six ** 6) ** (1 / 10)))
  const degree = DEGREES.find(([m, reach]) => Math.max(four, six) <= reach && tooFew(A, n, norm, m) === 0)?.[0]
  if (degree !== undefined) {
    const powers = degree === 9 ? [A2, A4, A6, yield* times(A4, A4, n)] : [A2, A4, A6]
    return yield* quotient(yield* smallPade(A, powers, degree, n), n)
  }
  let s = Math.max(0, Math.ceil(Math.log2(effective / REACH)))
  s += tooFew(scaled(A, 2 ** -s), n, norm * 2 ** -s, 13)
  const c = 2 ** -s
  const found = yield* quotient(
    yield* pade13(scaled(A, c), scaled(A2, c ** 2), scaled(A4, c ** 4), scaled(A6, c ** 6), n),
    n,
  )
  let value = found.value
  for (let step = 0; step < s; step++) value = yield* times(value, value, n)
  return { value, residual: found.residual }
}

/** How many more halvings make the first term of the error small that norms of powers do not see. */
function tooFew({ x, d }: Jet, n: number, norm: number, m: number): number {
  if (norm === 0) return 0
  let [v, w] = [new Float64Array(n).fill(1), new Float64Array(n).fill(1)]
  for (let power = 0; power < 2 * m + 1; power++) {
    const [next, beside] = [new Float64Array(n), new Float64Array(n)]
    for (let r = 0, at = 0; r < n; r++)
      for (let c = 0; c < n; c++, at++) {
        const a = Math.abs(x[at]!) / norm
        next[c]! += a * v[r]!
        if (d !== undefined) beside[c]! += a * w[r]! + (Math.abs(d[at]!) / norm) * v[r]!
      }
    ;[v, w] = [next, beside]
  }
  const most = Math.max(...v.map((a, c) => (d === undefined ? a : Math.max(a, w[c]!))))
  if (most === 0) return 0
  // 1 / (binomial(2 m, m) (2 m + 1)!) |A|^(2 m + 1) against the unit roundoff
  let log = Math.log2(most) + 2 * m * Math.log2(norm) + 53
  for (let j = 1; j <= m; j++) log -= Math.log2((m + j) / j)
  for (let j = 2; j <= 2 * m + 1; j++) log -= Math.log2(j)
  return Math.max(0, Math.ceil(log / (2 * m)))
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

function* smallPade(A: Jet, powers: readonly Jet[], m: number, n: number): Steps<Fraction> {
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
  return { odd: yield* times(A, odd, n), even }
}

function* pade13(A: Jet, A2: Jet, A4: Jet, A6: Jet, n: number): Steps<Fraction> {
  const b = coefficients(13) as [number, ...number[]]
  const at = (i: number, j: number, k: number): [number, Jet][] => [
    [b[i]!, A6],
    [b[j]!, A4],
    [b[k]!, A2],
  ]
  const high = yield* times(A6, sum(n, 0, at(13, 11, 9)), n)
  const odd = yield* times(A, sum(n, b[1]!, [[1, high], ...at(7, 5, 3)]), n)
  const top = yield* times(A6, sum(n, 0, at(12, 10, 8)), n)
  return { odd, even: sum(n, b[0]!, [[1, top], ...at(6, 4, 2)]) }
}

/** (even - odd)^-1 (even + odd) */
function* quotient({ odd, even }: Fraction, n: number): Steps<{ value: Jet; residual: number }> {
  const P = sum(n, 0, [
    [1, even],
    [1, odd],
  ])
  const Q = sum(n, 0, [
    [1, even],
    [-1, odd],
  ])
  const F = yield* denseLuOf({ rows: n, columns: n, values: Q.x })
  const x = float64(n * n)
  x.set(P.x)
  yield* applyDenseLu(F, x, n)
  const check = float64(n * n)
  check.set(P.x)
  yield* run(gemmInto, -1, Q.x, false, x, false, 1, check, n, n, n)
  const size = frobenius(P.x)
  const residual = size === 0 ? 0 : frobenius(check) / size
  if (P.d === undefined || Q.d === undefined) return { value: { x }, residual }
  const d = float64(n * n)
  d.set(P.d)
  yield* run(gemmInto, -1, Q.d, false, x, false, 1, d, n, n, n)
  yield* applyDenseLu(F, d, n)
  return { value: { x, d }, residual }
}

function* times(A: Jet, B: Jet, n: number): Steps<Jet> {
  const x = yield* product(A.x, B.x, n)
  if (A.d === undefined || B.d === undefined) return { x }
  const d = yield* product(A.x, B.d, n)
  yield* run(gemmInto, 1, A.d, false, B.x, false, 1, d, n, n, n)
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
