import { float64, int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { aggregateSteps } from './aggregate.steps.ts'
import type { NodeGraph } from './strength.steps.ts'

/** The rows of each column of a piecewise constant P: those of column c are members[starts[c]] .. members[starts[c + 1] - 1]. */
export interface Members {
  readonly starts: Int32Array
  readonly members: Int32Array
}

export function membersOf(aggregates: Int32Array, count: number): Members {
  const starts = int32(count + 1)
  for (const c of aggregates) if (c >= 0) starts[c + 1]!++
  for (let c = 0; c < count; c++) starts[c + 1]! += starts[c]!
  const next = starts.slice(0, count)
  const members = int32(starts[count]!)
  aggregates.forEach((c, i) => {
    if (c >= 0) members[next[c]!++] = i
  })
  return { starts, members }
}

/**
 * Aggregates of about `size` unknowns of the graph of A: neighbourhoods, then neighbourhoods of those, as long as that
 * comes nearer. -1 for an unknown without couplings.
 */
export function* aggregatesOfSize(
  grain: number,
  A: CsrData,
  size: number,
): Steps<{ aggregates: Int32Array; count: number }> {
  const n = A.pattern.rows
  let matrix = A
  let aggregates = int32(n)
  let count = n
  for (let i = 0; i < n; i++) aggregates[i] = i
  for (;;) {
    const found = yield* aggregateSteps(grain, everyCoupling(matrix))
    const before = Math.log(n / count / size)
    const after = Math.log(n / Math.max(1, found.count) / size)
    if (found.count === 0 || found.count === count || Math.abs(after) > Math.abs(before)) {
      if (count === n) return found
      return { aggregates, count }
    }
    const next = int32(n)
    for (let i = 0; i < n; i++) next[i] = aggregates[i]! < 0 ? -1 : found.aggregates[aggregates[i]!]!
    aggregates = next
    count = found.count
    if (after >= 0) return { aggregates, count }
    matrix = yield* coarseMatrix(grain, matrix, found.aggregates, found.count)
  }
}

function everyCoupling({ pattern, values }: CsrData): NodeGraph {
  const { rows: nodes, rowPointers, columnIndices } = pattern
  const strong = new Uint8Array(values.length)
  for (let i = 0; i < nodes; i++)
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++)
      strong[k] = columnIndices[k] !== i && values[k] !== 0 ? 1 : 0
  return { nodes, rowPointers, columnIndices, weights: values, strong }
}

/** P^T A P for a piecewise constant P. A column without rows gets a one on the diagonal. */
export function* coarseMatrix(grain: number, A: CsrData, aggregates: Int32Array, count: number): Steps<CsrData> {
  const { rowPointers, columnIndices } = A.pattern
  const { starts, members } = membersOf(aggregates, count)
  const pointers = int32(count + 1)
  const sums = new Float64Array(count)
  const seen = new Int32Array(count).fill(-1)
  const rows: Int32Array[] = []
  const parts: Float64Array[] = []
  for (let c = 0, work = 0; c < count; c++) {
    const columns = [c]
    seen[c] = c
    sums[c] = starts[c] === starts[c + 1] ? 1 : 0
    for (let m = starts[c]!; m < starts[c + 1]!; m++) {
      const i = members[m]!
      for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
        const d = aggregates[columnIndices[k]!]!
        if (d < 0) continue
        if (seen[d] !== c) {
          seen[d] = c
          sums[d] = 0
          columns.push(d)
        }
        sums[d]! += A.values[k]!
      }
      work += rowPointers[i + 1]! - rowPointers[i]!
    }
    const sorted = Int32Array.from(columns).sort()
    rows.push(sorted)
    parts.push(Float64Array.from(sorted, d => sums[d]!))
    pointers[c + 1] = pointers[c]! + sorted.length
    if (work > grain) {
      work = 0
      yield tick
    }
  }
  const indices = int32(pointers[count]!)
  const values = float64(pointers[count]!)
  rows.forEach((row, c) => {
    indices.set(row, pointers[c]!)
    values.set(parts[c]!, pointers[c]!)
  })
  return { pattern: { rows: count, columns: count, rowPointers: pointers, columnIndices: indices }, values }
}
