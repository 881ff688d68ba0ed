import { int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { LevelMatrix } from './hierarchy.steps.ts'

/** The graph on which aggregates are formed: nodes of `blockSize` unknowns each, and which of their couplings count. */
export interface NodeGraph {
  readonly nodes: number
  readonly rowPointers: Int32Array
  readonly columnIndices: Int32Array
  /** Per entry: its value, or the square of the norm of the block of values. */
  readonly weights: ArrayLike<number>
  /** Per entry: 1 where it couples two different nodes strongly. */
  readonly strong: Uint8Array
}

/** The diagonal; NaN where a row stores none. */
export function diagonalOf({ rows, rowPointers, columnIndices, values }: LevelMatrix): Float64Array {
  const diagonal = new Float64Array(rows).fill(Number.NaN)
  for (let i = 0; i < rows; i++)
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) if (columnIndices[k] === i) diagonal[i] = values[k]!
  return diagonal
}

/**
 * Strength of connection of smoothed aggregation (Vanek, Mandel and Brezina 1996): a_ij^2 > theta^2 a_ii a_jj; for nodes
 * of several unknowns, the same of the Frobenius norms of blocks.
 */
export function* strengthSteps(
  grain: number,
  A: LevelMatrix,
  diagonal: Float64Array,
  blockSize: number,
  theta: number,
): Steps<NodeGraph> {
  if (blockSize > 1) return yield* blockGraph(grain, A, blockSize, theta)
  const { rows, rowPointers, columnIndices, values } = A
  const strong = new Uint8Array(values.length)
  for (let i = 0, work = 0; i < rows; i++) {
    const bound = theta * theta * diagonal[i]!
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      const j = columnIndices[k]!
      const a = values[k]!
      if (j !== i && a * a > bound * diagonal[j]!) strong[k] = 1
    }
    work += rowPointers[i + 1]! - rowPointers[i]!
    if (work > grain) {
      work = 0
      yield tick
    }
  }
  return { nodes: rows, rowPointers, columnIndices, weights: values, strong }
}

function* blockGraph(grain: number, A: LevelMatrix, size: number, theta: number): Steps<NodeGraph> {
  const nodes = A.rows / size
  const seen = new Int32Array(nodes).fill(-1)
  const place = new Int32Array(nodes)
  const rowPointers = int32(nodes + 1)
  for (let I = 0; I < nodes; I++) {
    let count = 0
    for (let k = A.rowPointers[I * size]!; k < A.rowPointers[(I + 1) * size]!; k++) {
      const J = Math.floor(A.columnIndices[k]! / size)
      if (seen[J] === I) continue
      seen[J] = I
      count++
    }
    rowPointers[I + 1] = rowPointers[I]! + count
    if (rowPointers[I + 1]! % grain < count) yield tick
  }
  const columnIndices = int32(rowPointers[nodes]!)
  const weights = new Float64Array(columnIndices.length)
  const own = new Float64Array(nodes)
  seen.fill(-1)
  for (let I = 0; I < nodes; I++) {
    let end = rowPointers[I]!
    for (let k = A.rowPointers[I * size]!; k < A.rowPointers[(I + 1) * size]!; k++) {
      const J = Math.floor(A.columnIndices[k]! / size)
      if (seen[J] !== I) {
        seen[J] = I
        place[J] = end
        columnIndices[end++] = J
      }
      weights[place[J]!]! += A.values[k]! * A.values[k]!
    }
    if (seen[I] === I) own[I] = Math.sqrt(weights[place[I]!]!)
    if (end % grain < end - rowPointers[I]!) yield tick
  }
  const strong = new Uint8Array(columnIndices.length)
  for (let I = 0; I < nodes; I++)
    for (let k = rowPointers[I]!; k < rowPointers[I + 1]!; k++) {
      const J = columnIndices[k]!
      if (J !== I && weights[k]! > theta * theta * own[I]! * own[J]!) strong[k] = 1
    }
  return { nodes, rowPointers, columnIndices, weights, strong }
}
