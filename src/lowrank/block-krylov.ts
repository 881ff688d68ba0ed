import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { svdOf } from '../dense/svd.ts'
import { across, columnsOf } from '../dense/times.ts'
import { normals } from '../sketch/normals.ts'
import { Basis } from './basis.ts'
import type { BlockMatrix } from './matrix.ts'

/** Singular triplets of a matrix from a subspace, and how good they are. */
export interface Triplets {
  readonly u: Dense
  readonly s: Float64Array
  readonly v: Dense
  /** max ||A^T u_j - s_j v_j|| / s_j, or an estimate of it. */
  readonly accuracy: number
  /** Whether nothing of A is left beside what the subspace holds. */
  readonly complete: boolean
  /** Products of A or A^T with a vector. */
  readonly products: number
}

/** When a subspace is enough. */
export interface Wanted {
  /** How many of these singular values, descending, are wanted; undefined: the subspace is too small to tell. */
  readonly count: (s: Float64Array) => number | undefined
  /** The accuracy that is wanted. */
  readonly accuracy: number
  /** Columns of the subspace at most. */
  readonly most: number
}

const ROUNDING = 10 * Number.EPSILON // of ||A||_F^2, for each vector, that counts as nothing left

/** S = U^T A V in blocks above one another's corners. */
class Bidiagonal {
  readonly blocks: { readonly row: number; readonly column: number; readonly block: Dense }[] = []

  /** The leading rows x columns part. */
  dense(rows: number, columns: number): Float64Array {
    const S = float64(rows * columns)
    for (const { row, column, block } of this.blocks)
      for (let i = 0; i < block.rows && row + i < rows; i++)
        for (let j = 0; j < block.columns && column + j < columns; j++)
          S[(row + i) * columns + column + j] = block.values[i * block.columns + j]!
    return S
  }
}

/**
 * Randomized block Golub-Kahan: A V = U S with S upper block bidiagonal, from a block of normals, all blocks kept (Musco and
 * Musco 2015; Golub, Luk and Overton 1981). Ritz values come from U^T A = [S, L] V^T, which is exact, their accuracy from the
 * square part, where A^T u - s v = V_next L u_last. Products: 2 b a step; the subspace of dimension d is worth
 * 2 (rows + columns) d^2 flops and (rows + columns) d doubles.
 */
export function* blockKrylov(A: BlockMatrix, b: number, seed: number, wanted: Wanted): Steps<Triplets> {
  const [U, V] = [new Basis(A.rows), new Basis(A.columns)]
  const S = new Bidiagonal()
  const floor = 4 * Number.EPSILON * A.norm
  let products = 0
  let captured = 0 // ||U^T A||_F^2
  yield* V.extend(yield* normals(A.columns, b, seed, 0), 0)
  for (let stream = 1; ; ) {
    const [row, column] = [U.columns, V.columns - V.blocks.at(-1)!.columns]
    const { Q, R } = yield* U.extend(yield* A.times(V.blocks.at(-1)!), floor)
    products += R.columns
    S.blocks.push({ row, column, block: R })
    captured += squareSum(R)
    const d = V.columns
    if (Q.columns > 0) {
      const next = yield* V.extend(yield* A.transposeTimes(Q), floor)
      products += Q.columns
      S.blocks.push({ row, column: d, block: across(next.R) })
      captured += squareSum(next.R)
    }
    const rows = U.columns
    const invariant = V.columns === d
    const whole = d === A.columns || captured >= (1 - ROUNDING * rows) * A.norm ** 2
    const complete = rows === A.rows || (invariant && whole)
    const ended = complete || rows >= wanted.most
    const ritz = yield* smallSvd(S.dense(rows, V.columns), rows, V.columns)
    const count = wanted.count(ritz.s) ?? (ended ? Math.min(rows, wanted.most) : undefined)
    const accuracy =
      count === undefined ? Number.POSITIVE_INFINITY : complete ? 0 : yield* residuals(S, rows, d, V.columns - d, count)
    if (count === undefined || (!ended && accuracy > wanted.accuracy)) {
      // a subspace that A maps into itself says nothing of the rest
      if (invariant) yield* V.extend(yield* normals(A.columns, b, seed, stream++), 0)
      continue
    }
    return {
      u: yield* U.times(columnsOf(ritz.u, 0, count)),
      s: ritz.s.slice(0, count),
      v: yield* V.times(columnsOf(ritz.v, 0, count)),
      accuracy,
      complete,
      products,
    }
  }
}

const squareSum = ({ values }: Dense): number => values.reduce((sum, x) => sum + x * x, 0)

function* smallSvd(S: Float64Array, m: number, n: number): Steps<{ u: Dense; s: Float64Array; v: Dense }> {
  const k = Math.min(m, n)
  const [u, s, v] = [float64(m * k), float64(k), float64(n * k)]
  yield* svdOf(S, m, n, u, s, v)
  return { u: { rows: m, columns: k, values: u }, s, v: { rows: n, columns: k, values: v } }
}

/** max ||L^T u_j|| / s_j over the leading triplets of the square part. */
function* residuals(S: Bidiagonal, rows: number, d: number, next: number, count: number): Steps<number> {
  const whole = S.dense(rows, d + next)
  const { u, s } = yield* smallSvd(S.dense(rows, d), rows, d)
  let worst = 0
  for (let j = 0; j < Math.min(count, s.length); j++) {
    let sum = 0
    for (let c = d; c < d + next; c++) {
      let dot = 0
      for (let i = 0; i < rows; i++) dot += whole[i * (d + next) + c]! * u.values[i * u.columns + j]!
      sum += dot * dot
    }
    worst = Math.max(worst, s[j]! > 0 ? Math.sqrt(sum) / s[j]! : sum > 0 ? Number.POSITIVE_INFINITY : 0)
  }
  return worst
}
