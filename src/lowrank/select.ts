import { fillUniform } from '../core/random.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { exchangeRows } from '../dense/rows.ts'

/**
 * Rows of a tall matrix, as many as it has columns, that are far from dependent: pivots of its LU factorization with
 * partial pivoting. Of singular vectors that is the discrete empirical interpolation method (Sorensen and Embree 2016).
 */
export function* pivotRows({ rows: n, columns: k, values }: Dense): Steps<Int32Array> {
  const W = values.slice()
  const order = Int32Array.from({ length: n }, (_, i) => i)
  const count = Math.min(n, k)
  for (let j = 0; j < count; j++) {
    let best = j
    for (let i = j + 1; i < n; i++) if (Math.abs(W[i * k + j]!) > Math.abs(W[best * k + j]!)) best = i
    exchangeRows(W, k, j, best)
    const kept = order[j]!
    order[j] = order[best]!
    order[best] = kept
    const pivot = W[j * k + j]!
    if (pivot === 0) continue
    for (let i = j + 1; i < n; i++) {
      const l = W[i * k + j]! / pivot
      for (let c = j + 1; c < k; c++) W[i * k + c]! -= l * W[j * k + c]!
    }
    yield tick
  }
  return order.slice(0, count)
}

/** `count` different rows drawn with probabilities in proportion to their squared norms. */
export function sampleRowsByNorm({ rows, columns, values }: Dense, count: number, seed: number): Int32Array {
  // Efraimidis and Spirakis 2006: the largest of log(u) / weight are a sample without replacement
  const u = new Float64Array(rows)
  fillUniform(u, seed, 7)
  const keys = u.map((x, i) => {
    let weight = 0
    for (let c = 0; c < columns; c++) weight += values[i * columns + c]! ** 2
    return weight > 0 ? Math.log(x) / weight : Number.NEGATIVE_INFINITY
  })
  const order = Array.from({ length: rows }, (_, i) => i).sort((i, j) => keys[j]! - keys[i]! || i - j)
  return Int32Array.from(order.slice(0, count))
}
