import { sharedInt32 } from '../core/shared.ts'
import type { Pattern } from '../core/types.ts'
import type { DiagonalPlan } from '../kernels/kernels.ts'
import type { DiagonalShape } from './diagonals.steps.ts'

/*
 * Cuts a triangular solve into tasks that several threads can do at a time, by counting alone. Rows come in periods (a
 * grid's lines, or its planes), periods are cut into lanes; a lane waits only for the rows that it needs, so that on a
 * grid one thread follows the other by a part of a line.
 */

const NONE = -1
const STEP = 1024 // rows of a step: what a thread does between two looks at the others

/**
 * Rows that a lane should have, so that waiting costs little beside them, for 4 and 2 lanes. With 8 the same work took a
 * fifth longer on two threads: each lane is read as streams of its own.
 */
const LANES = [
  [4, 100],
  [2, 64],
] as const

/** The plan in which most tasks can be done at a time; the longest period where several do the same. */
export function planDiagonals(pattern: Pattern, shape: DiagonalShape): DiagonalPlan {
  const { rows } = pattern
  const { offsets } = shape
  const forward = mirrored(shape, rows)
  const alone: Cut = { period: STEP, cuts: [0, STEP], needs: [0], speedup: 1 }
  let best = alone
  for (const period of offsets) {
    const lanes = LANES.find(([count, least]) => period >= count * least)?.[0]
    if (lanes === undefined || period * 4 > rows) continue
    const cut = cutInto(pattern, offsets, forward, period, lanes)
    if (cut.speedup > best.speedup * 1.01) best = cut
  }
  if (best.speedup < 1.9) best = alone
  const { period, cuts, needs } = best
  const lanes = cuts.length - 1
  const isUpward = needs.some((back, at) => back !== NONE && at % lanes > Math.floor(at / lanes))
  const group = lanes === 1 || isUpward ? 1 : Math.max(1, Math.floor((STEP * lanes) / period))
  return {
    rows,
    offsets,
    period,
    group,
    cuts: sharedInt32(cuts),
    // within a step of several periods, what was needed from an earlier one is needed from the same step
    needs: sharedInt32(needs.map(back => (back === NONE ? NONE : Math.max(0, Math.ceil((back - group + 1) / group))))),
    forwardStarts: forward.starts,
    forwardMasks: forward.masks,
    backwardStarts: shape.starts,
    backwardMasks: shape.masks,
  }
}

interface Cut {
  readonly period: number
  readonly cuts: readonly number[]
  readonly needs: readonly number[]
  /** Tasks that can be done at a time. */
  readonly speedup: number
}

interface Segments {
  readonly starts: Int32Array
  readonly masks: Int32Array
}

/** The far diagonals that each row of U^T has: row i has that at `offset` where row i - offset of U has it. */
function mirrored({ offsets, starts, masks }: DiagonalShape, rows: number): Segments {
  const flips = new Map<number, number>([[0, 0]])
  const flip = (row: number, bit: number) => void (row < rows && flips.set(row, (flips.get(row) ?? 0) ^ bit))
  offsets.forEach((offset, d) => {
    for (let s = 0; s < masks.length; s++) {
      if (((masks[s]! >> d) & 1) === 0) continue
      flip(starts[s]! + offset, 1 << d)
      flip(starts[s + 1]! + offset, 1 << d)
    }
  })
  const found: number[] = []
  const kept: number[] = []
  let mask = 0
  for (const [row, bits] of [...flips].sort(([a], [b]) => a - b)) {
    if (bits === 0 && row > 0) continue
    mask ^= bits
    found.push(row)
    kept.push(mask)
  }
  return { starts: sharedInt32([...found, rows]), masks: sharedInt32(kept) }
}

/** Periods cut into lanes of about the same size, between lines of the grid where it has them. */
function cutInto(
  { rows, rowPointers, columnIndices }: Pattern,
  offsets: Int32Array,
  forward: Segments,
  period: number,
  lanes: number,
): Cut {
  const line = offsets.find(offset => offset <= period / (2 * lanes)) ?? 8
  const cuts = Array.from({ length: lanes + 1 }, (_, l) =>
    l === lanes ? period : Math.floor((period * l) / lanes / line) * line,
  )
  const needs = Array<number>(lanes * lanes).fill(NONE)
  const laneOf = (row: number): number => {
    let lane = lanes - 1
    while (cuts[lane]! > row % period) lane--
    return lane
  }
  const need = (lane: number, k: number, row: number) => {
    const other = laneOf(row)
    const back = k - Math.floor(row / period)
    const at = lane * lanes + other
    if (other !== lane) needs[at] = needs[at] === NONE ? back : Math.min(needs[at]!, back)
  }
  let segment = 0
  for (let k = 0; k * period < rows; k++)
    for (let lane = 0; lane < lanes; lane++) {
      const from = k * period + cuts[lane]!
      const to = Math.min(k * period + cuts[lane + 1]!, rows)
      if (from >= to) break
      while (forward.starts[segment + 1]! <= from) segment++
      for (let s = segment; s < forward.masks.length && forward.starts[s]! < to; s++)
        offsets.forEach((offset, d) => {
          if (((forward.masks[s]! >> d) & 1) === 0) return
          const first = Math.max(from, forward.starts[s]!) - offset
          const last = Math.min(to, forward.starts[s + 1]!) - 1 - offset
          for (let row = first; row < last; row = nextCut(row)) need(lane, k, row)
          need(lane, k, last)
        })
      if (from > 0 && columnIndices[rowPointers[from - 1]!] === from && rowPointers[from - 1]! < rowPointers[from]!)
        need(lane, k, from - 1)
    }
  return { period, cuts, needs, speedup: speedupOf(needs, lanes) }

  function nextCut(row: number): number {
    return row - (row % period) + cuts[laneOf(row) + 1]!
  }
}

/** Tasks / the time that they take where each takes one turn, starts when it can, and threads do not run out. */
function speedupOf(needs: readonly number[], lanes: number): number {
  const steps = 16 * lanes
  const end = new Float64Array((steps + 1) * lanes)
  for (let step = 1; step <= steps; step++)
    for (let l = 0; l < lanes; l++) {
      let begin = end[(step - 1) * lanes + l]!
      for (let m = 0; m < lanes; m++) {
        const back = needs[l * lanes + m]!
        if (back !== NONE && back < step) begin = Math.max(begin, end[(step - back) * lanes + m]!)
      }
      end[step * lanes + l] = begin + 1
    }
  return (steps * lanes) / Math.max(...end)
}
