import type { LdltFactor } from '../../src/direct/kinds.ts'
import type { Csr } from '../../src/sparse/csr.ts'

/** L as dense rows. */
export function rowsOfL({ order, starts, rowStarts, rows, values }: LdltFactor): number[][] {
  const L = Array.from(order, () => new Array<number>(order.length).fill(0))
  let at = 0
  for (let s = 0; s + 1 < starts.length; s++)
    for (let j = starts[s]!; j < starts[s + 1]!; j++)
      for (let k = rowStarts[s]!; k < rowStarts[s + 1]!; k++, at++) if (rows[k]! >= j) L[rows[k]!]![j] = values[at]!
  return L
}

/** Entries per column of the factor, by eliminating sets. */
export function filledColumns(A: Csr, order: Int32Array): number[] {
  const place = new Int32Array(order.length)
  order.forEach((i, k) => {
    place[i] = k
  })
  const columns = Array.from(order, () => new Set<number>())
  for (let i = 0; i < A.rows; i++)
    for (let k = A.pattern.rowPointers[i]!; k < A.pattern.rowPointers[i + 1]!; k++) {
      const [p, q] = [place[i]!, place[A.pattern.columnIndices[k]!]!]
      if (p > q) columns[q]!.add(p)
    }
  return columns.map(column => {
    const parent = Math.min(...column)
    for (const i of column) if (i > parent) columns[parent]!.add(i)
    return column.size + 1
  })
}

/** Negative pivots of dense elimination with symmetric choice of the largest 1 x 1 or 2 x 2 pivot: Sylvester. */
export function negativeEigenvalues(A: Csr): number {
  const n = A.rows
  const { values } = A.toDense()
  const a = Array.from({ length: n }, (_, i) => Array.from(values.subarray(i * n, (i + 1) * n)))
  let count = 0
  const left = new Set(a.keys())
  while (left.size > 0) {
    let [p, q, best] = [-1, -1, 0]
    let [d, largest] = [-1, 0]
    for (const i of left) {
      if (Math.abs(a[i]![i]!) > largest) [d, largest] = [i, Math.abs(a[i]![i]!)]
      for (const j of left) if (i !== j && Math.abs(a[i]![j]!) > best) [p, q, best] = [i, j, Math.abs(a[i]![j]!)]
    }
    const pivots = largest >= 0.64 * best ? [d] : [p, q]
    for (const i of pivots) left.delete(i)
    if (pivots.length === 1) {
      if (a[d]![d]! < 0) count++
      for (const i of left) for (const j of left) a[i]![j]! -= (a[i]![d]! * a[d]![j]!) / a[d]![d]!
      continue
    }
    count++ // the determinant of such a pair is negative
    const [e, f, g] = [a[p]![p]!, a[p]![q]!, a[q]![q]!]
    const det = e * g - f * f
    const rows = [...left].map(i => [i, a[i]![p]!, a[i]![q]!] as const)
    for (const [i, x, y] of rows)
      for (const [j, u, v] of rows) a[i]![j]! -= (x * (g * u - f * v) + y * (e * v - f * u)) / det
  }
  return count
}
