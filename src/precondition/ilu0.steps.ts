import { float64, int32, naturalOrder } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { LuArrays } from '../direct/kinds.ts'
import type { Kernels } from '../kernels/kernels.ts'

/** Share of a row's largest entry that a pivot has at least: what is smaller is replaced. */
const SMALLEST = 1e-8

/**
 * A ~ L D U on the pattern of A, row by row (Saad 2003, Algorithm 10.4): fill is dropped where A has no entry. A pivot that is
 * smaller than its row allows is replaced by that bound, and counted. Workspace: 2n.
 */
export function* ilu0Steps(k: Kernels, { pattern, values: a }: CsrData): Steps<LuArrays> {
  const { rows: n, rowPointers, columnIndices } = pattern
  const order = naturalOrder(n)
  const below = int32(n + 1)
  const above = int32(n + 1)
  let [replaced, work] = [0, 0]
  const spent = (entries: number) => {
    work += entries
    if (work <= k.grain) return false
    work = 0
    return true
  }
  for (let i = 0; i < n; i++) {
    let [left, right] = [0, 0]
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) {
      if (columnIndices[e]! < i) left++
      if (columnIndices[e]! > i) right++
    }
    below[i + 1] = below[i]! + left
    above[i + 1] = above[i]! + right
    if (spent(rowPointers[i + 1]! - rowPointers[i]! + 1)) yield tick
  }
  const [lowerColumns, upperColumns] = [int32(below[n]!), int32(above[n]!)]
  const [l, u, inverseDiagonal] = [float64(below[n]!), float64(above[n]!), float64(n)]
  const w = new Float64Array(n)
  const mark = new Int32Array(n).fill(-1)
  for (let i = 0; i < n; i++) {
    w[i] = 0 // for a row that stores no diagonal
    mark[i] = i
    let largest = 0
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) {
      const j = columnIndices[e]!
      mark[j] = i
      w[j] = a[e]!
      largest = Math.max(largest, Math.abs(a[e]!))
    }
    let [left, right] = [below[i]!, above[i]!]
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) {
      const j = columnIndices[e]!
      if (j >= i) break
      const f = w[j]!
      lowerColumns[left] = j
      l[left++] = f * inverseDiagonal[j]!
      for (let t = above[j]!; t < above[j + 1]!; t++)
        if (mark[upperColumns[t]!] === i) w[upperColumns[t]!]! -= f * u[t]!
      if (spent(above[j + 1]! - above[j]!)) yield tick
    }
    const bound = largest > 0 ? SMALLEST * largest : 1
    if (!(Math.abs(w[i]!) >= bound)) {
      w[i] = w[i]! < 0 ? -bound : bound
      replaced++
    }
    const d = 1 / w[i]!
    inverseDiagonal[i] = d
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) {
      const j = columnIndices[e]!
      if (j <= i) continue
      upperColumns[right] = j
      u[right++] = w[j]! * d
    }
    if (spent(rowPointers[i + 1]! - rowPointers[i]! + 1)) yield tick
  }
  const triangle = (pointers: Int32Array, indices: Int32Array, values: Float64Array): CsrData => ({
    pattern: { rows: n, columns: n, rowPointers: pointers, columnIndices: indices },
    values,
  })
  const [lower, upper] = [triangle(below, lowerColumns, l), triangle(above, upperColumns, u)]
  return { rows: order, columns: order, lower, upper, inverseDiagonal, replaced }
}
