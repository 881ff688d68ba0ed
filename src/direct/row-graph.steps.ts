import { int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Pattern } from '../core/types.ts'

const PER_TICK = 500_000 // entries

/**
 * The pattern of A A^T: rows are neighbours that share a column. Whatever columns are pivots, L and U fit into its Cholesky
 * factor (George and Ng 1985). Columns that are nearly full, with more than max(16, 10 sqrt(n)) entries, are left out.
 * `byColumn` is the transposed pattern.
 */
export function* rowGraph(pattern: Pattern, byColumn: Pattern): Steps<Pattern> {
  const { rows: n, rowPointers, columnIndices } = pattern
  const most = Math.max(16, 10 * Math.sqrt(n))
  const seen = new Int32Array(n).fill(-1)
  const pointers = int32(n + 1)
  let list = new Int32Array(4 * columnIndices.length + n)
  let [count, work] = [0, 0]
  for (let i = 0; i < n; i++) {
    seen[i] = i
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) {
      const from = byColumn.rowPointers[columnIndices[e]!]!
      const to = byColumn.rowPointers[columnIndices[e]! + 1]!
      if (to - from > most) continue
      work += to - from
      for (let t = from; t < to; t++) {
        const j = byColumn.columnIndices[t]!
        if (seen[j] === i) continue
        seen[j] = i
        if (count === list.length) {
          const longer = new Int32Array(2 * count)
          longer.set(list)
          list = longer
        }
        list[count++] = j
      }
    }
    pointers[i + 1] = count
    if (work > PER_TICK) {
      work = 0
      yield tick
    }
  }
  const indices = int32(count)
  indices.set(list.subarray(0, count))
  for (let i = 0, done = 0; i < n; i++) {
    indices.subarray(pointers[i]!, pointers[i + 1]!).sort()
    if (pointers[i + 1]! - done < PER_TICK / 10) continue
    done = pointers[i + 1]!
    yield tick
  }
  return { rows: n, columns: n, rowPointers: pointers, columnIndices: indices }
}
