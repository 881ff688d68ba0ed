import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Csr } from './csr.ts'
import type { SparsityPattern } from './pattern.ts'

/** Some matrix on the transposed pattern, and where its entries stand in the given one. */
interface Transposition {
  readonly matrix: Csr
  readonly order: Int32Array
}

const known = new WeakMap<SparsityPattern, Transposition>()
const BLOCK = 1 << 19 // entries: 1 to 2 ms

/** A^T, whose pattern is found once for all matrices on A's. */
export function* transposed(A: Csr): Steps<Csr> {
  const { matrix, order } = known.get(A.pattern) ?? transpositionOf(A)
  const values = float64(order.length)
  for (let from = 0; from < order.length; from += BLOCK) {
    if (from > 0) yield tick
    const to = Math.min(from + BLOCK, order.length)
    for (let k = from; k < to; k++) values[k] = A.values[order[k]!]!
  }
  return matrix.withValues(values)
}

function transpositionOf(A: Csr): Transposition {
  const matrix = A.withValues(float64(A.nonZeros).map((_, k) => k)).transpose()
  const found = { matrix, order: Int32Array.from(matrix.values) }
  known.set(A.pattern, found)
  return found
}
