import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { inverse } from './elimination-tree.steps.ts'
import { equilibrate } from './equilibrate.steps.ts'
import { factorPanel, type Panel, type Signs, subtractOuter } from './panel.steps.ts'
import type { Symbolic } from './symbolic.steps.ts'

/** How a factorization went. */
export interface PivotReport extends Readonly<Signs> {
  /** Largest entry of |L| |D| |L|^T against the largest of A, both scaled: 1 where all pivots are positive. */
  readonly growth: number
}

/**
 * Multifrontal L D L^T of S A S in the order of `symbolic`, S = `scale` (Duff and Reid 1983; Liu, SIAM Review 34
 * (1992)). D is diagonal and no pivot is sought: one that is zero to rounding is replaced by sqrt(eps). Fills the
 * panels `values`, zero before, `diagonal` (of D) and `scale`. Workspace: the stack of update matrices + 2n integers.
 */
export function* ldltSteps(
  k: Kernels,
  A: CsrData,
  symbolic: Symbolic,
  values: Float64Array,
  diagonal: Float64Array,
  scale: Float64Array,
): Steps<PivotReport> {
  const { order, starts, rowStarts, rows } = symbolic
  const n = order.length
  equilibrate(A, scale)
  yield tick
  const place = inverse(order)
  const local = new Int32Array(n)
  const stack = new Float64Array(symbolic.stackEntries)
  const waiting: number[] = [] // supernodes whose update matrices lie on the stack
  const signs = { positive: 0, negative: 0, zero: 0 }
  let top = 0
  let base = 0
  let work = 0
  for (let s = 0; s + 1 < starts.length; s++) {
    const width = starts[s + 1]! - starts[s]!
    const height = rowStarts[s + 1]! - rowStarts[s]!
    const below = height - width
    const panel: Panel = { values, base, width, height }
    const update = { values: stack, base: top, height: below }
    for (let at = 0; at < height; at++) local[rows[rowStarts[s]! + at]!] = at
    for (let j = 0; j < width; j++) assemble(A, order, place, scale, local, starts[s]! + j, values, base + j * height)
    stack.fill(0, top, top + below * below)
    let free = top
    while (waiting.length > 0 && parentOf(symbolic, waiting[waiting.length - 1]!) < starts[s + 1]!) {
      const child = waiting.pop()!
      const from = rowStarts[child]! + starts[child + 1]! - starts[child]!
      const size = rowStarts[child + 1]! - from
      free -= size * size
      extendAdd(stack, free, rows.subarray(from, from + size), local, panel, update)
      work += size * size
    }
    work += factorPanel(panel, diagonal, starts[s]!, signs)
    for (let j = 0; j < below; j += 32) {
      work += subtractOuter(panel, diagonal, starts[s]!, update, j, Math.min(j + 32, below))
      if (work > k.grain) {
        work = 0
        yield tick
      }
    }
    stack.copyWithin(free, top, top + below * below)
    top = free + below * below
    if (below > 0) waiting.push(s)
    base += width * height
  }
  const growth = signs.positive === n ? 1 : yield* growthOf(k, symbolic, values, diagonal)
  return { ...signs, growth }
}

/** First row below supernode s: a column of its parent. */
const parentOf = ({ starts, rowStarts, rows }: Symbolic, s: number): number =>
  rows[rowStarts[s]! + starts[s + 1]! - starts[s]!]!

/** Column j of S A S, from the diagonal on. */
function assemble(
  { pattern, values: a }: CsrData,
  order: Int32Array,
  place: Int32Array,
  scale: Float64Array,
  local: Int32Array,
  j: number,
  values: Float64Array,
  column: number,
): void {
  const row = order[j]!
  for (let at = pattern.rowPointers[row]!; at < pattern.rowPointers[row + 1]!; at++) {
    const i = pattern.columnIndices[at]!
    if (place[i]! >= j) values[column + local[place[i]!]!] = a[at]! * scale[row]! * scale[i]!
  }
}

/** Adds a child's update matrix to its parent's front. */
function extendAdd(
  stack: Float64Array,
  from: number,
  rows: Int32Array,
  local: Int32Array,
  panel: Panel,
  update: { readonly base: number; readonly height: number },
): void {
  const size = rows.length
  for (let j = 0; j < size; j++) {
    const column = local[rows[j]!]!
    const inPanel = column < panel.width
    const target = inPanel ? panel.values : stack
    const offset = inPanel
      ? panel.base + column * panel.height
      : update.base + (column - panel.width) * update.height - panel.width
    for (let i = j; i < size; i++) target[offset + local[rows[i]!]!]! += stack[from + j * size + i]!
  }
}

/** Largest diagonal entry of |L| |D| |L|^T, and so largest entry. */
function* growthOf(
  k: Kernels,
  { starts, rowStarts, rows }: Symbolic,
  values: Float64Array,
  diagonal: Float64Array,
): Steps<number> {
  const sums = new Float64Array(diagonal.length)
  let base = 0
  let work = 0
  for (let s = 0; s + 1 < starts.length; s++) {
    const width = starts[s + 1]! - starts[s]!
    const height = rowStarts[s + 1]! - rowStarts[s]!
    for (let j = 0; j < width; j++) {
      const d = Math.abs(diagonal[starts[s]! + j]!)
      for (let i = j; i < height; i++) {
        const l = values[base + j * height + i]!
        sums[rows[rowStarts[s]! + i]!]! += l * l * d
      }
    }
    base += width * height
    work += width * height
    if (work > k.grain) {
      work = 0
      yield tick
    }
  }
  return sums.reduce((most, sum) => Math.max(most, sum), 1)
}
