import { dense } from '../../src/dense/dense.ts'
import type { Dense } from '../../src/index.ts'
import { generator, randomVector } from './random.ts'

/* The tests' own dense arithmetic. */

export const randomDense = (m: number, n: number, seed = 1): Dense => dense(m, n, randomVector(generator(seed), m * n))

export const transposed = ({ rows, columns, values }: Dense): Dense =>
  dense(
    columns,
    rows,
    Float64Array.from(values, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)]!),
  )

export function times(A: Dense, B: Dense): Dense {
  const C = new Float64Array(A.rows * B.columns)
  for (let i = 0; i < A.rows; i++)
    for (let p = 0; p < A.columns; p++)
      for (let j = 0; j < B.columns; j++)
        C[i * B.columns + j]! += A.values[i * A.columns + p]! * B.values[p * B.columns + j]!
  return dense(A.rows, B.columns, C)
}

export const minus = (A: Dense, B: Dense): Dense =>
  dense(
    A.rows,
    A.columns,
    A.values.map((a, at) => a - B.values[at]!),
  )

/** ||A||_F, scaled. */
export function frobenius({ values }: Dense): number {
  const largest = values.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  return largest === 0 ? 0 : largest * Math.sqrt(values.reduce((sum, x) => sum + (x / largest) ** 2, 0))
}

export const identity = (n: number): Dense =>
  dense(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0)),
  )

/** ||Q^T Q - I||_F */
export const departure = (Q: Dense): number => frobenius(minus(times(transposed(Q), Q), identity(Q.columns)))

/** The columns of A in the order `pivots`. */
export const columnsOf = ({ rows, columns, values }: Dense, pivots: ArrayLike<number>): Dense =>
  dense(
    rows,
    pivots.length,
    Float64Array.from(
      { length: rows * pivots.length },
      (_, at) => values[Math.floor(at / pivots.length) * columns + pivots[at % pivots.length]!]!,
    ),
  )

/** A diag(s) */
export const scaled = ({ rows, columns, values }: Dense, s: Float64Array): Dense =>
  dense(
    rows,
    columns,
    values.map((x, at) => x * s[at % columns]!),
  )

/** The sum of the diagonal. */
export const trace = ({ rows, values }: Dense) =>
  Array.from({ length: rows }, (_, i) => values[i * (rows + 1)]!).reduce((a, b) => a + b, 0)
