import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Pattern } from '../core/types.ts'
import type { Kernels, Levels } from '../kernels/kernels.ts'
import type { LuFactor } from './kinds.ts'

/** z = Q U^-1 D^-1 L^-1 P r; z may be r. Traffic: both factors once. */
export function solveLu(k: Kernels, F: LuFactor, r: Float64Array, z: Float64Array): Steps<number> {
  return solveByLevels(k, F, { order: F.rows, starts: none }, { order: F.columns, starts: none }, r, z)
}

/** Each row is a level of its own. */
const none = new Int32Array(0)

/**
 * Forwards in one numbering and backwards in another, in pieces of about as much work; z may be r. Returns y . D^-1 y
 * for y = L^-1 P r.
 */
export function* solveByLevels(
  k: Kernels,
  { lower, upper, inverseDiagonal }: Pick<LuFactor, 'lower' | 'upper' | 'inverseDiagonal'>,
  forwards: Levels,
  backwards: Levels,
  r: Float64Array,
  z: Float64Array,
): Steps<number> {
  const y = float64(r.length)
  const down = pieces(lower.pattern, forwards.starts, k.grain)
  for (let c = 1; c < down.length; c++) {
    if (c > 1) yield tick
    k.levelForward(lower, forwards, r, y, down[c - 1]!, down[c]!)
  }
  const up = pieces(upper.pattern, backwards.starts, k.grain)
  if (up.length + down.length > 4) yield tick
  let dot = 0
  for (let c = up.length - 1; c > 0; c--) {
    if (c < up.length - 1) yield tick
    dot += k.levelBackward(upper, inverseDiagonal, backwards, y, z, up[c - 1]!, up[c]!)
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
