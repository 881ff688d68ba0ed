import { int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Pattern } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'

/** Rows of a slice: eight doubles fill a cache line, and two registers of AVX2. */
export const LANES = 8

/** Rows of a colour that are sorted by length among themselves, so that slices hold rows of equal length. */
const WINDOW = 1024

/**
 * A symmetric pattern with its rows renumbered by colour, no two rows of a colour coupled, and stored without its
 * diagonal in slices of eight rows: entry e of the slice's lane l stands at offsets[s] + 8 e + l, rows that are shorter
 * than the longest of their slice are padded (SELL-8; Kreutzer et al. 2014).
 */
export interface Colouring {
  /** Position p holds row order[p]; -1 where a colour's last slice is padded. */
  readonly order: Int32Array
  /** Slices starts[c] .. starts[c + 1] - 1 are colour c. */
  readonly starts: Int32Array
  /** Per slice, where its entries begin, and the end. */
  readonly offsets: Int32Array
  /** Position that an entry multiplies; a padded one its own. */
  readonly columns: Int32Array
  /** Where the entry's value is in the matrix; -1 for a padded one. */
  readonly source: Int32Array
}

/**
 * Greedy colouring, rows met breadth first from the lowest row of each component: two colours wherever two suffice
 * (red-black), at most one more than the longest row has neighbours otherwise. Workspace: 4n integers.
 */
export function* colouringSteps(_k: Kernels, { rows, rowPointers, columnIndices }: Pattern): Steps<Colouring> {
  const colour = new Int32Array(rows).fill(-1)
  const queue = new Int32Array(rows)
  const taken = new Int32Array(rows + 1).fill(-1)
  let colours = 0
  for (let root = 0, head = 0, tail = 0; root < rows; root++) {
    if (colour[root]! !== -1) continue
    colour[root] = -2
    queue[tail++] = root
    while (head < tail) {
      const i = queue[head++]!
      for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) {
        const j = columnIndices[at]!
        if (colour[j]! >= 0) taken[colour[j]!] = i
        else if (colour[j]! === -1) {
          colour[j] = -2
          queue[tail++] = j
        }
      }
      let c = 0
      while (taken[c] === i) c++
      colour[i] = c
      if (c >= colours) colours = c + 1
    }
  }
  yield tick

  const starts = int32(colours + 1)
  const members = new Int32Array(colours + 1)
  for (let i = 0; i < rows; i++) members[colour[i]! + 1]!++
  for (let c = 0; c < colours; c++) {
    starts[c + 1] = starts[c]! + Math.ceil(members[c + 1]! / LANES)
    members[c + 1]! += members[c]!
  }
  const slices = starts[colours]!
  const order = int32(slices * LANES).fill(-1)
  const next = members.slice(0, colours)
  const byColour = queue
  for (let i = 0; i < rows; i++) byColour[next[colour[i]!]!++] = i
  yield tick

  // longest rows first inside a window; rows of equal length keep their order
  const place = colour
  const length = (i: number) => rowPointers[i + 1]! - rowPointers[i]!
  for (let c = 0; c < colours; c++)
    for (let from = members[c]!; from < members[c + 1]!; from += WINDOW) {
      const window = byColour.subarray(from, Math.min(from + WINDOW, members[c + 1]!))
      window.sort((i, j) => length(j) - length(i) || i - j)
      for (let m = 0; m < window.length; m++) {
        const p = starts[c]! * LANES + from - members[c]! + m
        order[p] = window[m]!
        place[window[m]!] = p
      }
    }
  yield tick

  const offsets = int32(slices + 1)
  for (let s = 0; s < slices; s++) {
    let longest = 0
    for (let l = 0; l < LANES; l++) {
      const i = order[s * LANES + l]!
      if (i >= 0) longest = Math.max(longest, others(i))
    }
    offsets[s + 1] = offsets[s]! + longest * LANES
  }
  const columns = int32(offsets[slices]!)
  const source = int32(offsets[slices]!).fill(-1)
  for (let p = 0; p < order.length; p++) {
    const slice = Math.floor(p / LANES)
    const end = offsets[slice + 1]!
    let to = offsets[slice]! + (p % LANES)
    const i = order[p]!
    if (i >= 0)
      for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) {
        if (columnIndices[at] === i) continue
        columns[to] = place[columnIndices[at]!]!
        source[to] = at
        to += LANES
      }
    for (; to < end; to += LANES) columns[to] = p
  }
  return { order, starts, offsets, columns, source }

  function others(i: number): number {
    let count = 0
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) if (columnIndices[at] !== i) count++
    return count
  }
}
