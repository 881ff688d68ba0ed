import { float64, int32, sharedFloat64, sharedInt32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData, Pattern, RunPattern, Runs } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { rowsPerBlock } from './blocks.ts'
import { follows } from './pattern-shape.steps.ts'

const REMEMBERED = 32 // stencils that a new one is compared with: a grid in space has 27
const BLOCK = 8

/** Finds the runs of a pattern. Traffic: 4 nnz bytes. */
export function* runPatternSteps(k: Kernels, pattern: Pattern): Steps<RunPattern> {
  const { rows, rowPointers, columnIndices } = pattern
  const block = rowsPerBlock(pattern, k.grain)
  const starts: number[] = []
  const stencils: number[] = []
  const pointers = [0]
  const offsets: number[] = []
  let length = -1
  for (let i = 0; i < rows; i++) {
    if (i % block === block - 1) yield tick
    const at = rowPointers[i]!
    const end = rowPointers[i + 1]!
    const same = end - at === length && follows(columnIndices, at, end)
    length = end - at
    if (same) continue
    starts.push(i)
    const known = pointers.length - 1
    let s = known - 1
    while (s >= Math.max(0, known - REMEMBERED) && !isStencil(s, i, at, end)) s--
    if (s < Math.max(0, known - REMEMBERED)) {
      s = known
      for (let c = at; c < end; c++) offsets.push(columnIndices[c]! - i)
      pointers.push(offsets.length)
    }
    stencils.push(s)
  }
  starts.push(rows)
  return {
    starts: sharedInt32(starts),
    stencils: sharedInt32(stencils),
    pointers: sharedInt32(pointers),
    offsets: sharedInt32(offsets),
  }

  function isStencil(s: number, i: number, at: number, end: number): boolean {
    const first = pointers[s]!
    if (pointers[s + 1]! - first !== end - at) return false
    for (let c = at; c < end; c++) if (offsets[first + c - at] !== columnIndices[c]! - i) return false
    return true
  }
}

/**
 * The values of a matrix in the order of its runs; where all rows of a run have the same ones they are kept once, and
 * not again where the last run with that stencil had them too. Traffic: 24 nnz bytes, 8 where all is constant.
 */
export function* runValuesSteps(
  k: Kernels,
  A: CsrData,
  { starts, stencils, pointers }: RunPattern,
): Steps<Pick<Runs, 'at' | 'constants' | 'values'>> {
  const { rowPointers } = A.pattern
  const at = int32(stencils.length)
  const latest = new Int32Array(pointers.length).fill(-1)
  const constants: number[] = []
  let total = 0
  let work = 0
  for (let r = 0; r < stencils.length; r++) {
    const s = stencils[r]!
    const m = pointers[s + 1]! - pointers[s]!
    const from = rowPointers[starts[r]!]!
    const to = rowPointers[starts[r + 1]!]!
    if (!(yield* isConstant(k, A.values, from, to, m))) {
      at[r] = total
      total += to - from
    } else {
      if (latest[s]! < 0 || !sameRow(A.values, from, constants, latest[s]!, m)) {
        latest[s] = constants.length
        for (let c = 0; c < m; c++) constants.push(A.values[from + c]!)
      }
      at[r] = ~latest[s]!
    }
    work += to - from
    if (work > k.grain) {
      work = 0
      yield tick
    }
  }
  const values = float64(total)
  for (let r = 0; r < stencils.length; r++) {
    if (at[r]! < 0) continue
    const m = pointers[stencils[r]! + 1]! - pointers[stencils[r]!]!
    let out = at[r]!
    for (let row = starts[r]!, end = starts[r + 1]!; row < end; row += BLOCK) {
      const wide = Math.min(BLOCK, end - row)
      const from = rowPointers[row]!
      for (let c = 0; c < m; c++) for (let l = 0; l < wide; l++) values[out++] = A.values[from + l * m + c]!
      work += m * wide
      if (work > k.grain) {
        work = 0
        yield tick
      }
    }
  }
  return { at, constants: sharedFloat64(constants), values }
}

/** Whether all rows of a run have the same values; looks no further than the first that has not. */
function* isConstant(k: Kernels, values: Float64Array, from: number, to: number, m: number): Steps<boolean> {
  for (let first = from + m; first < to; first += k.grain) {
    if (first > from + m) yield tick
    for (let c = first, end = Math.min(first + k.grain, to); c < end; c++)
      if (!Object.is(values[c], values[c - m])) return false
  }
  return true
}

function sameRow(values: Float64Array, from: number, constants: readonly number[], at: number, m: number): boolean {
  for (let c = 0; c < m; c++) if (!Object.is(values[from + c], constants[at + c])) return false
  return true
}
