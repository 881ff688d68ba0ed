import type { Diagonals } from './kernels.ts'

/*
 * Triangular solves with U^T D U kept by diagonals, in the order of the rows. Traffic of either: (8 or 4) bytes per
 * kept value and 24 or 32 per row.
 */

/** The rows of steps [from, to). */
const rowsOf = ({ plan }: Diagonals, from: number, to: number): [first: number, end: number] => {
  const step = plan.period * plan.group
  return [Math.min(from * step, plan.rows), Math.min(to * step, plan.rows)]
}

const valuesOf = ({ values, single }: Diagonals): Float64Array | Float32Array => (values.length > 0 ? values : single)

export function diagonalForward(U: Diagonals, r: Float64Array, z: Float64Array, from: number, to: number): void {
  const { rows, offsets, forwardStarts, forwardMasks } = U.plan
  const values = valuesOf(U)
  const chain = offsets.length * rows
  const [first, end] = rowsOf(U, from, to)
  let segment = 0
  for (let i = first; i < end; i++) {
    while (forwardStarts[segment + 1]! <= i) segment++
    const mask = forwardMasks[segment]!
    let sum = r[i]!
    for (let d = 0; d < offsets.length; d++) {
      if (((mask >> d) & 1) === 0) continue
      const j = i - offsets[d]!
      sum -= values[d * rows + j]! * z[j]!
    }
    const u = values[chain + i]!
    z[i] = u === 0 ? sum : sum - u * z[i - 1]!
  }
}

export function diagonalBackward(
  U: Diagonals,
  inverseDiagonal: Float64Array,
  z: Float64Array,
  from: number,
  to: number,
): number {
  const { rows, offsets, backwardStarts, backwardMasks } = U.plan
  const values = valuesOf(U)
  const chain = offsets.length * rows
  const [first, end] = rowsOf(U, from, to)
  let segment = backwardMasks.length - 1
  let dot = 0
  for (let i = end - 1; i >= first; i--) {
    while (backwardStarts[segment]! > i) segment--
    const mask = backwardMasks[segment]!
    const y = z[i]!
    let sum = y * inverseDiagonal[i]!
    dot += y * sum
    for (let d = 0; d < offsets.length; d++)
      if (((mask >> d) & 1) === 1) sum -= values[d * rows + i]! * z[i + offsets[d]!]!
    const u = values[chain + i + 1]!
    z[i] = u === 0 ? sum : sum - u * z[i + 1]!
  }
  return dot
}
