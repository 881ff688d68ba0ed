import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { svdOf } from '../dense/svd.ts'
import { beside, columnsOf } from '../dense/times.ts'
import { normals } from '../sketch/normals.ts'
import { Basis } from './basis.ts'
import type { Triplets, Wanted } from './block-krylov.ts'
import type { BlockMatrix } from './matrix.ts'
import { orthonormal } from './orthonormal.ts'

/**
 * Randomized subspace iteration in blocks (Halko, Martinsson and Tropp 2011; Martinsson and Voronin 2016): Q spans
 * (A A^T)^q A times normals, orthonormalised at each half step, and B = Q^T A. Blocks of b columns are added until the
 * singular values of B say that it is enough. Products: 2 (q + 1) a column. Its accuracy is not estimated.
 */
export function* subspaceIteration(
  A: BlockMatrix,
  b: number,
  powers: number,
  seed: number,
  wanted: Wanted,
): Steps<Triplets> {
  const Q = new Basis(A.rows)
  const parts: Dense[] = [] // of B^T, one for each block of Q
  const floor = 4 * Number.EPSILON * A.norm
  let products = 0
  for (let stream = 0; ; stream++) {
    let Y = yield* A.times(yield* normals(A.columns, b, seed, stream))
    products += b
    for (let q = 0; q < powers; q++) {
      const left = yield* orthonormal(Y, floor)
      const right = yield* orthonormal(yield* A.transposeTimes(left.Q), floor)
      Y = yield* A.times(right.Q)
      products += left.Q.columns + right.Q.columns
    }
    const { Q: block } = yield* Q.extend(Y, floor)
    if (block.columns > 0) {
      parts.push(yield* A.transposeTimes(block))
      products += block.columns
    }
    const complete = block.columns < Y.columns || Q.columns === A.rows
    const ended = complete || Q.columns >= wanted.most
    const B = beside(A.columns, parts)
    const k = Math.min(B.rows, B.columns)
    const [v, s, u] = [float64(B.rows * k), float64(k), float64(B.columns * k)]
    yield* svdOf(B.values, B.rows, B.columns, v, s, u)
    const count = wanted.count(s) ?? (ended ? k : undefined)
    if (count === undefined) continue
    return {
      u: yield* Q.times(columnsOf({ rows: B.columns, columns: k, values: u }, 0, count)),
      s: s.slice(0, count),
      v: columnsOf({ rows: B.rows, columns: k, values: v }, 0, count),
      accuracy: Number.NaN,
      complete,
      products,
    }
  }
}
