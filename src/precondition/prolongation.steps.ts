import { float64, int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { LevelMatrix } from './hierarchy.steps.ts'
import type { NodeGraph } from './strength.steps.ts'

/** The tentative prolongation T: row i holds `columns` values, for the unknowns of the aggregate of its node. */
export interface Tentative {
  readonly columns: number
  /** Unknowns per node of the finer level. */
  readonly blockSize: number
  readonly values: Float64Array
  /** The near-null space on the coarser level, by rows. */
  readonly coarse: Float64Array
}

/** A column that loses all but this share of itself to those before it is dependent on them. */
const DEPENDENT = 1e-8

/**
 * T with orthonormal columns in each aggregate, by modified Gram-Schmidt, and R with T R = B: `near` holds B by rows,
 * `columns` vectors. A dependent column of an aggregate becomes zero. One constant vector needs no arithmetic: T = 1.
 */
export function* tentativeSteps(
  grain: number,
  aggregates: Int32Array,
  count: number,
  near: Float64Array,
  columns: number,
  blockSize: number,
): Steps<Tentative> {
  if (near.length === 0) return { columns: 1, blockSize, values: new Float64Array(0), coarse: new Float64Array(0) }
  const values = near.slice()
  const coarse = new Float64Array(count * columns * columns)
  const { starts, members } = membersOf(aggregates, count)
  for (let c = 0; c < count; c++) {
    const rows: number[] = []
    for (let m = starts[c]!; m < starts[c + 1]!; m++)
      for (let e = 0; e < blockSize; e++) rows.push((members[m]! * blockSize + e) * columns)
    for (let q = 0; q < columns; q++) {
      let size = 0
      for (const row of rows) size += values[row + q]! ** 2
      const before = Math.sqrt(size)
      for (let p = 0; p < q; p++) {
        let dot = 0
        for (const row of rows) dot += values[row + p]! * values[row + q]!
        for (const row of rows) values[row + q]! -= dot * values[row + p]!
        coarse[(c * columns + p) * columns + q] = dot
      }
      size = 0
      for (const row of rows) size += values[row + q]! ** 2
      const after = Math.sqrt(size)
      const scale = after > DEPENDENT * before ? 1 / after : 0
      coarse[(c * columns + q) * columns + q] = scale > 0 ? after : 0
      for (const row of rows) values[row + q]! *= scale
    }
    if (starts[c + 1]! % grain < rows.length) yield tick
  }
  return { columns, blockSize, values, coarse }
}

function membersOf(aggregates: Int32Array, count: number): { starts: Int32Array; members: Int32Array } {
  const starts = new Int32Array(count + 1)
  for (const c of aggregates) if (c >= 0) starts[c + 1]!++
  for (let c = 0; c < count; c++) starts[c + 1]! += starts[c]!
  const next = starts.slice()
  const members = new Int32Array(starts[count]!)
  aggregates.forEach((c, i) => {
    if (c >= 0) members[next[c]!++] = i
  })
  return { starts, members }
}

/** A row with more strong neighbours than this is not smoothed: each would meet all others in the coarse matrix. */
const MOST_NEIGHBOURS = 256

/** Where P may be non-zero: the aggregates of a node and of its strong neighbours, for each unknown of the node. */
export function* prolongationPattern(
  grain: number,
  { nodes, rowPointers, columnIndices, strong }: NodeGraph,
  aggregates: Int32Array,
  { columns, blockSize }: Pick<Tentative, 'columns' | 'blockSize'>,
): Steps<Omit<LevelMatrix, 'values'>> {
  const rows = nodes * blockSize
  const pointers = int32(rows + 1)
  let indices = new Int32Array(Math.max(16, 3 * rows * columns))
  let end = 0
  const own: number[] = []
  for (let I = 0, work = 0; I < nodes; I++) {
    own.length = 0
    if (aggregates[I]! >= 0) own.push(aggregates[I]!)
    let neighbours = 0
    for (let k = rowPointers[I]!; k < rowPointers[I + 1]!; k++) neighbours += strong[k]!
    if (neighbours <= MOST_NEIGHBOURS)
      for (let k = rowPointers[I]!; k < rowPointers[I + 1]!; k++) {
        const c = strong[k] === 1 ? aggregates[columnIndices[k]!]! : -1
        if (c >= 0 && !own.includes(c)) own.push(c)
      }
    own.sort((a, b) => a - b)
    const needed = end + own.length * columns * blockSize
    if (needed > indices.length) {
      const larger = new Int32Array(2 * needed)
      larger.set(indices)
      indices = larger
    }
    for (let e = 0; e < blockSize; e++) {
      for (const c of own) for (let q = 0; q < columns; q++) indices[end++] = c * columns + q
      pointers[I * blockSize + e + 1] = end
    }
    work += rowPointers[I + 1]! - rowPointers[I]!
    if (work > grain) {
      work = 0
      yield tick
    }
  }
  const columnsOfP = int32(end)
  columnsOfP.set(indices.subarray(0, end))
  return { rows, rowPointers: pointers, columnIndices: columnsOfP }
}

/** A lumped diagonal below this share of the diagonal is not used. */
const LEAST_LUMPED = 0.1

/**
 * P = (I - omega D_F^-1 A_F) T on its pattern; A_F is A with its weak entries dropped, and moved to the diagonal where
 * nodes are single unknowns. What does not fit the pattern is weak. Where `factors` are given, one per entry of A, each
 * term counts so much, and rows keep their sums; that is for T = 1.
 */
export function* prolongationValues(
  grain: number,
  A: LevelMatrix,
  diagonal: Float64Array,
  { strong, rowPointers: nodePointers, columnIndices: nodeColumns }: NodeGraph,
  aggregates: Int32Array,
  T: Tentative,
  pattern: Omit<LevelMatrix, 'values'>,
  omega: number,
  factors: ArrayLike<number> = [],
): Steps<Float64Array> {
  const { columns, blockSize } = T
  const values = float64(pattern.columnIndices.length)
  const weighed = new Float64Array(factors.length > 0 ? values.length : 0)
  const isStrong = blockSize === 1 ? strong : spread(A, blockSize, nodePointers, nodeColumns, strong)
  for (let i = 0, work = 0; i < A.rows; i++) {
    const start = pattern.rowPointers[i]!
    const end = pattern.rowPointers[i + 1]!
    let lumped = diagonal[i]!
    const place = (j: number): number => {
      const c = aggregates[blockSize === 1 ? j : Math.floor(j / blockSize)]! * columns
      if (c < 0) return -1
      for (let k = start; k < end; k += columns) if (pattern.columnIndices[k] === c) return k
      return -1
    }
    if (blockSize === 1)
      for (let k = A.rowPointers[i]!; k < A.rowPointers[i + 1]!; k++) {
        const j = A.columnIndices[k]!
        if (j !== i && (isStrong[k] === 0 || place(j) < 0)) lumped += A.values[k]!
      }
    if (!(lumped > LEAST_LUMPED * diagonal[i]!)) lumped = diagonal[i]!
    let magnitude = 0
    const smoothing = omega / lumped
    for (let k = A.rowPointers[i]!; k < A.rowPointers[i + 1]! && start < end; k++) {
      const j = A.columnIndices[k]!
      if (j !== i && isStrong[k] === 0) continue
      const at = place(j)
      if (at < 0) continue
      const factor = j === i ? 1 - omega : -smoothing * A.values[k]!
      if (weighed.length > 0) {
        weighed[at]! += factors[k]! * factor
        magnitude += Math.abs(factors[k]! * factor)
      }
      for (let q = 0; q < columns; q++)
        values[at + q]! += factor * (T.values.length === 0 ? 1 : T.values[j * columns + q]!)
    }
    if (weighed.length > 0) rescale(values, weighed, start, end, magnitude)
    work += 2 * (A.rowPointers[i + 1]! - A.rowPointers[i]!)
    if (work > grain) {
      work = 0
      yield tick
    }
  }
  return values
}

/** Weighed terms that cancel to less than this share of their magnitudes are not scaled to a row's sum. */
const LEAST_SUM = 0.2

/** Takes the weighed row of P, with the sum that the row had. */
function rescale(values: Float64Array, weighed: Float64Array, start: number, end: number, magnitude: number): void {
  let [sum, wanted] = [0, 0]
  for (let at = start; at < end; at++) {
    sum += weighed[at]!
    wanted += values[at]!
  }
  if (!(sum > LEAST_SUM * magnitude && wanted > 0 && magnitude < Number.POSITIVE_INFINITY)) return
  for (let at = start; at < end; at++) values[at] = (wanted / sum) * weighed[at]!
}

/** Strength per entry of A from strength per pair of nodes; entries inside a node are strong. */
function spread(
  A: LevelMatrix,
  size: number,
  nodePointers: Int32Array,
  nodeColumns: Int32Array,
  strong: Uint8Array,
): Uint8Array {
  const of = new Uint8Array(A.columnIndices.length)
  const flag = new Uint8Array(A.rows / size)
  for (let i = 0; i < A.rows; i++) {
    const I = Math.floor(i / size)
    for (let k = nodePointers[I]!; k < nodePointers[I + 1]!; k++)
      flag[nodeColumns[k]!] = nodeColumns[k] === I ? 1 : strong[k]!
    for (let k = A.rowPointers[i]!; k < A.rowPointers[i + 1]!; k++)
      of[k] = flag[Math.floor(A.columnIndices[k]! / size)]!
  }
  return of
}
