import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Pattern } from '../core/types.ts'
import type { Kernels, Levels } from '../kernels/kernels.ts'
import type { LuFactor } from './kinds.ts'

/** z = Q U^-1 D^-1 L^-1 P r; z may be r. Traffic: both factors once. */
export function solveLu(k: Kernels, F: LuFactor, r: Float64Array, z: Float64Array): Steps<number> {
  return solveByLevels(k, F, unscheduled(F.rows), unscheduled(F.columns), r, z)
}

const none = new Int32Array(0)

/** Each row is a level of its own. */
export const unscheduled = (order: Int32Array): Levels => ({ order, starts: none })

type Triangles = Pick<LuFactor, 'lower' | 'upper' | 'inverseDiagonal'>

/**
 * Forwards in one numbering and backwards in another, in pieces of about as much work; z may be r. Returns y . D^-1 y
 * for y = L^-1 P r.
 */
export function* solveByLevels(
  k: Kernels,
  M: Triangles,
  forwards: Levels,
  backwards: Levels,
  r: Float64Array,
  z: Float64Array,
): Steps<number> {
  const y = float64(r.length)
  yield* levelsForward(k, M, forwards, r, y)
  return yield* levelsBackward(k, M, backwards, y, z)
}

/** y = L^-1 P r */
export function* levelsForward(
  k: Kernels,
  { lower }: Triangles,
  levels: Levels,
  r: Float64Array,
  y: Float64Array,
): Steps<void> {
  const cuts = pieces(lower.pattern, levels.starts, k.grain)
  for (let c = 1; c < cuts.length; c++) {
    if (c > 1) yield tick
    k.levelForward(lower, levels, r, y, cuts[c - 1]!, cuts[c]!)
  }
  if (cuts.length > 2) yield tick
}

/** z = Q U^-1 D^-1 y, which is written to; returns y . D^-1 y. */
export function* levelsBackward(
  k: Kernels,
  { upper, inverseDiagonal }: Triangles,
  levels: Levels,
  y: Float64Array,
  z: Float64Array,
): Steps<number> {
  const cuts = pieces(upper.pattern, levels.starts, k.grain)
  let dot = 0
  for (let c = cuts.length - 1; c > 0; c--) {
    if (c < cuts.length - 1) yield tick
    dot += k.levelBackward(upper, inverseDiagonal, levels, y, z, cuts[c - 1]!, cuts[c]!)
  }
  return dot
}

/** Where to cut the levels of a triangle into pieces of at most `grain` entries and rows, or of one level. */
function pieces({ rows, rowPointers }: Pattern, starts: Int32Array, grain: number): number[] {
  const levels = starts.length > 0 ? starts.length - 1 : rows
  const work = (level: number) => {
    const row = starts.length > 0 ? starts[level]! : level
    return rowPointers[row]! + row
  }
  const cuts = [0]
  for (let from = 0; from < levels; ) {
    let [first, last] = [from + 1, levels] // the piece ends at one of these
    while (first < last) {
      const middle = (first + last + 1) >> 1
      if (work(middle) - work(from) <= grain) first = middle
      else last = middle - 1
    }
    from = first
    cuts.push(from)
  }
  return cuts
}
