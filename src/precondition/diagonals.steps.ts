import { int32, sharedInt32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData, Pattern } from '../core/types.ts'
import type { Diagonals, Kernels } from '../kernels/kernels.ts'
import { rowsPerBlock } from '../sparse/blocks.ts'

/** The diagonals of a strictly upper triangle; all lists are empty where it has too many. */
export interface DiagonalShape {
  /** Of all but the one next to the main diagonal, farthest first. */
  readonly offsets: Int32Array
  /** Rows from starts[s] to starts[s + 1] have the far diagonals of masks[s]. */
  readonly starts: Int32Array
  readonly masks: Int32Array
}

const MOST_OFFSETS = 16 // far diagonals
const ROWS_A_SEGMENT = 32 // rows with the same diagonals, on average at least

/**
 * Finds the diagonals of a triangle that has few: the one next to the main diagonal, and up to 16 that lie 16 rows off
 * or farther, kept in no more bytes than its rows take.
 */
export function* diagonalShapeSteps(k: Kernels, pattern: Pattern): Steps<DiagonalShape> {
  const { rows, rowPointers, columnIndices } = pattern
  const none = (): DiagonalShape => ({ offsets: int32(0), starts: int32(0), masks: int32(0) })
  const block = rowsPerBlock(pattern, k.grain)
  const found = new Set<number>()
  for (let i = 0; i < rows; i++) {
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) {
      const offset = columnIndices[at]! - i
      if (found.has(offset)) continue
      if (offset < 1 || (offset > 1 && offset < 16) || found.size > MOST_OFFSETS) return none()
      found.add(offset)
    }
    if (i % block === block - 1) yield tick
  }
  if (!found.has(1) || 2 * rows * found.size > 3 * columnIndices.length) return none()
  found.delete(1)
  const offsets = [...found].sort((a, b) => b - a)

  const starts: number[] = []
  const masks: number[] = []
  for (let i = 0; i < rows; i++) {
    let mask = 0
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) {
      const d = offsets.indexOf(columnIndices[at]! - i)
      if (d >= 0) mask |= 1 << d
    }
    if (i % block === block - 1) yield tick
    if (masks.length > 0 && masks.at(-1) === mask) continue
    if (starts.length > rows / ROWS_A_SEGMENT) return none()
    starts.push(i)
    masks.push(mask)
  }
  starts.push(rows)
  return { offsets: sharedInt32(offsets), starts: sharedInt32(starts), masks: sharedInt32(masks) }
}

/**
 * The values of a triangle by its diagonals, see `Diagonals`: in `values`, or in `single` precision. The other is
 * empty. Returns their number. Traffic: 28 bytes per entry.
 */
export function* fillDiagonalsSteps(
  k: Kernels,
  { pattern, values }: CsrData,
  offsets: Int32Array,
  double: Float64Array,
  single: Float32Array,
): Steps<number> {
  const { rows, rowPointers, columnIndices } = pattern
  const target = double.length > 0 ? double : single
  const block = rowsPerBlock(pattern, k.grain)
  target.fill(0)
  for (let i = 0; i < rows; i++) {
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) {
      const offset = columnIndices[at]! - i
      if (offset === 1) target[offsets.length * rows + i + 1] = values[at]!
      else target[offsets.indexOf(offset) * rows + i] = values[at]!
    }
    if (i % block === block - 1) yield tick
  }
  return target.length
}

const SHORTEST = 128 // rows of a run: in shorter ones as much is lost at its ends as there is gained

/**
 * Rows of a factor with the same coefficients, see `Diagonals`: where a grid has one material, a factor settles to the
 * last bit some 20 lines from the boundary. `backward`: rows of U, else of U^T. Empty where runs hold less than a
 * quarter of the rows. Traffic: what the values take.
 */
export function* diagonalRunsSteps(
  k: Kernels,
  offsets: Int32Array,
  double: Float64Array,
  single: Float32Array,
  inverseDiagonal: Float64Array,
  backward: boolean,
): Steps<Int32Array> {
  const values = double.length > 0 ? double : single
  const rows = inverseDiagonal.length
  const next = offsets.length * rows + (backward ? 1 : 0)
  const block = Math.max(1, Math.floor(k.grain / (offsets.length + 2)))
  const far = [...offsets].map((offset, d) => ({ at: d * rows - (backward ? 0 : offset), from: backward ? 0 : offset }))
  const edges: number[] = []
  let held = 0
  for (let i = 1, first = 0; i <= rows; i++) {
    if (i % block === 0) yield tick
    const same =
      i < rows &&
      inverseDiagonal[i] === inverseDiagonal[i - 1] &&
      values[next + i] === values[next + i - 1] &&
      far.every(({ at, from }) => (i < from ? 0 : values[at + i]) === (i <= from ? 0 : values[at + i - 1]))
    if (same) continue
    if (i - first >= SHORTEST) {
      edges.push(first, i)
      held += i - first
    }
    first = i
  }
  return sharedInt32(Int32Array.from(4 * held < rows ? [] : edges))
}

/** |U^T y| */
export function transposedNorm({ plan, values, single }: Diagonals, y: Float64Array): number {
  const { rows, offsets, forwardStarts, forwardMasks } = plan
  const u = values.length > 0 ? values : single
  let square = 0
  let segment = 0
  for (let i = 0; i < rows; i++) {
    while (forwardStarts[segment + 1]! <= i) segment++
    let sum = y[i]! + (i > 0 ? u[offsets.length * rows + i]! * y[i - 1]! : 0)
    for (let d = 0; d < offsets.length; d++) {
      const j = i - offsets[d]!
      if (((forwardMasks[segment]! >> d) & 1) === 1) sum += u[d * rows + j]! * y[j]!
    }
    square += sum * sum
  }
  return Math.sqrt(square)
}
