import { float64, int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { type FactorReport, shiftLadder } from './shift-ladder.ts'

interface Factor {
  readonly upper: CsrData
  readonly inverseDiagonal: Float64Array
}

/** A threshold factor, U^T D U ~ A, and how it came about. Not `ok`: the arrays are empty. */
export type ThresholdFactor = Factor & FactorReport

/**
 * Incomplete Cholesky with threshold, column by column (Lin and More 1999; Saad 2003, section 10.8.3), of A scaled to a
 * unit diagonal. Column j of L keeps entries above dropTolerance ||A(j:n, j)||_1, and of these the largest, at most
 * `maxFill` more than A has there; `omega` times what is dropped moves onto the two diagonals. A failed pivot restarts
 * with a larger shift. Workspace: 6n.
 */
export function* ictSteps(
  k: Kernels,
  A: CsrData,
  dropTolerance: number,
  maxFill: number,
  omega: number,
  shift: number,
): Steps<ThresholdFactor> {
  const empty = { rows: 0, columns: 0, rowPointers: int32(1), columnIndices: int32(0) }
  let made: Factor | undefined
  const report = yield* shiftLadder(omega, shift, function* (relaxation, s) {
    made = yield* factor(k, A, dropTolerance, maxFill, relaxation, s)
    return made !== undefined
  })
  return { ...report, ...(made ?? { upper: { pattern: empty, values: float64(0) }, inverseDiagonal: float64(0) }) }
}

function* factor(
  k: Kernels,
  { pattern, values: a }: CsrData,
  dropTolerance: number,
  maxFill: number,
  omega: number,
  shift: number,
): Steps<Factor | undefined> {
  const { rows: n, rowPointers, columnIndices } = pattern
  const floor = omega > 0 ? 1e-2 * (1 - omega) + 1e-10 : 1e-10
  const d = new Float64Array(n).fill(1 + shift)
  const root = rootsOfDiagonal(pattern, a)
  if (root === undefined) return undefined
  let indices = new Int32Array(columnIndices.length + n)
  let values = new Float64Array(indices.length)
  const pointers = int32(n + 1)
  const next = new Int32Array(n) // per column, its first entry in rows not reached yet
  const head = new Int32Array(n).fill(-1) // columns whose next entry is in row j
  const link = new Int32Array(n)
  const w = new Float64Array(n)
  const touched = new Int32Array(n)
  const stamp = new Int32Array(n).fill(-1)
  let work = 0
  for (let j = 0; j < n; j++) {
    let count = 0
    let size = 1 + shift
    for (let at = rowPointers[j]!; at < rowPointers[j + 1]!; at++) {
      const i = columnIndices[at]!
      if (i <= j) continue
      w[i] = a[at]! / (root[i]! * root[j]!)
      size += Math.abs(w[i]!)
      stamp[i] = j
      touched[count++] = i
    }
    const own = count
    for (let c = head[j]!; c !== -1; ) {
      const following = link[c]!
      const from = next[c]!
      const end = pointers[c + 1]!
      const f = values[from]! * d[c]!
      d[j]! -= f * values[from]!
      for (let at = from + 1; at < end; at++) {
        const i = indices[at]!
        if (stamp[i] !== j) {
          stamp[i] = j
          touched[count++] = i
          w[i] = 0
        }
        w[i]! -= f * values[at]!
      }
      work += end - from
      if (from + 1 < end) push(c, from + 1)
      c = following
    }
    const threshold = d[j]! > 0 ? dropTolerance * size * Math.sqrt(d[j]!) : 0
    const kept = keep(touched.subarray(0, count), w, threshold, own + maxFill)
    for (let at = kept; at < count; at++) {
      const i = touched[at]!
      const moved = omega * w[i]!
      d[i]! += (moved * root[j]!) / root[i]! // in the units of A, so that its row sums are what is kept
      d[j]! += (moved * root[i]!) / root[j]!
    }
    if (!(d[j]! > floor && d[j]! < Number.POSITIVE_INFINITY)) return undefined
    const start = pointers[j]!
    if (start + kept > indices.length) {
      const longer = Math.max(start + kept, 2 * indices.length)
      indices = enlarged(indices, new Int32Array(longer))
      values = enlarged(values, new Float64Array(longer))
    }
    touched.subarray(0, kept).sort()
    for (let at = 0; at < kept; at++) {
      indices[start + at] = touched[at]!
      values[start + at] = w[touched[at]!]! / d[j]!
    }
    pointers[j + 1] = start + kept
    if (kept > 0) push(j, start)
    work += count
    if (work > k.grain) {
      work = 0
      yield tick
    }
  }
  return unscaled(pointers, indices, values, d, root)

  function push(c: number, at: number): void {
    next[c] = at
    link[c] = head[indices[at]!]!
    head[indices[at]!] = c
  }
}

function enlarged<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** Square roots of A's diagonal; undefined where an entry is not positive. */
function rootsOfDiagonal({ rows, rowPointers, columnIndices }: CsrData['pattern'], a: Float64Array) {
  const root = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++)
      if (columnIndices[at] === i) root[i] = Math.sqrt(a[at]!)
    if (!(root[i]! > 0 && root[i]! < Number.POSITIVE_INFINITY)) return undefined
  }
  return root
}

/** Brings the rows whose |w| is above the threshold to the front, of these the `most` largest; returns how many. */
function keep(rows: Int32Array, w: Float64Array, threshold: number, most: number): number {
  let count = 0
  for (let at = 0; at < rows.length; at++) {
    const i = rows[at]!
    if (!(Math.abs(w[i]!) > threshold)) continue
    rows[at] = rows[count]!
    rows[count++] = i
  }
  if (count <= most) return count
  rows.subarray(0, count).sort((i, j) => Math.abs(w[j]!) - Math.abs(w[i]!) || i - j)
  return most
}

/** The factor of A itself: l_ij root_i / root_j, D_j root_j^2. */
function unscaled(pointers: Int32Array, from: Int32Array, l: Float64Array, d: Float64Array, root: Float64Array) {
  const n = d.length
  const columnIndices = int32(pointers[n]!)
  const values = float64(pointers[n]!)
  const inverseDiagonal = float64(n)
  for (let j = 0; j < n; j++) {
    inverseDiagonal[j] = 1 / d[j]! / root[j]! / root[j]!
    for (let at = pointers[j]!; at < pointers[j + 1]!; at++) {
      columnIndices[at] = from[at]!
      values[at] = l[at]! * (root[from[at]!]! / root[j]!)
    }
  }
  return { upper: { pattern: { rows: n, columns: n, rowPointers: pointers, columnIndices }, values }, inverseDiagonal }
}
