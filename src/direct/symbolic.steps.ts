import { int32, sharedInt32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Pattern } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { type Elimination, eliminate } from './elimination-tree.steps.ts'

/** What a pattern and an ordering say of the factor: all that does not need values. */
export interface Symbolic {
  /** Row k of the factor is row order[k] of A. */
  readonly order: Int32Array
  /** Columns starts[s] .. starts[s + 1] - 1 are supernode s: they share their rows below. */
  readonly starts: Int32Array
  /** Rows of supernode s: rows[rowStarts[s] .. rowStarts[s + 1] - 1], ascending, its own columns first. */
  readonly rowStarts: Int32Array
  readonly rows: Int32Array
  /** Entries of L, the diagonal included, without the zeros that merged supernodes store. */
  readonly entries: number
  /** Doubles that the panels of all supernodes take. */
  readonly panelEntries: number
  /** Doubles of the largest stack of update matrices. */
  readonly stackEntries: number
  /** Floating-point operations of a factorization. */
  readonly flops: number
}

/** Elimination tree, column counts, supernodes and their rows. Workspace: 2 nnz + 10 n integers. */
export function* symbolicSteps(_: Kernels, pattern: Pattern, given: Int32Array): Steps<Symbolic> {
  const tree = eliminate(pattern, given)
  yield tick
  const starts = supernodes(tree)
  const rowStarts = int32(starts.length)
  const count = starts.length - 1
  let total = 0
  for (let s = 0; s < count; s++) {
    total += length(tree, starts, s)
    rowStarts[s + 1] = total
  }
  const rows = int32(total)
  yield tick
  fillRows(tree, starts, rowStarts, rows)
  yield tick
  const entries = tree.counts.reduce((sum, c) => sum + c, 0)
  return { order: sharedInt32(tree.order), starts, rowStarts, rows, entries, ...cost(starts, rowStarts, rows) }
}

/** Rows of supernode s: its columns, and what its last column has below the diagonal. */
const length = ({ counts }: Elimination, starts: Int32Array, s: number): number =>
  starts[s + 1]! - starts[s]! - 1 + counts[starts[s + 1]! - 1]!

/**
 * Ashcraft and Grimes, The influence of relaxed supernode partitions (1989): a supernode joins its parent where few
 * zeros come in, or where both are narrow. Widths and shares of zeros as in CHOLMOD.
 */
const joins = (width: number, zeros: number, size: number): boolean =>
  zeros === 0 ||
  width <= 4 ||
  (width <= 16 && zeros < 0.8 * size) ||
  (width <= 48 && zeros < 0.1 * size) ||
  zeros < 0.05 * size

function supernodes({ parent, counts }: Elimination): Int32Array {
  const n = parent.length
  const first: number[] = []
  const zeros: number[] = []
  let begin = 0
  for (let j = 0; j < n; j++) {
    if (parent[j] === j + 1 && counts[j] === counts[j + 1]! + 1) continue // the next column has the same rows
    let blank = 0
    // the supernode before ends with a child of this one
    while (first.length > 0 && parent[begin - 1]! >= begin && parent[begin - 1]! <= j) {
      const child = first[first.length - 1]!
      const merged = j - child + counts[j]!
      const added = (begin - child) * (merged - (begin - child - 1 + counts[begin - 1]!))
      const sum = zeros[zeros.length - 1]! + blank + added
      if (!joins(j + 1 - child, sum, (j + 1 - child) * merged)) break
      blank = sum
      zeros.pop()
      begin = first.pop()!
    }
    first.push(begin)
    zeros.push(blank)
    begin = j + 1
  }
  const starts = int32(first.length + 1)
  starts.set(first)
  starts[first.length] = n
  return starts
}

function fillRows(tree: Elimination, starts: Int32Array, rowStarts: Int32Array, rows: Int32Array): void {
  const { order, place, graph } = tree
  const n = order.length
  const count = starts.length - 1
  const owner = new Int32Array(n)
  const child = new Int32Array(count).fill(-1)
  const sibling = new Int32Array(count).fill(-1)
  const seen = new Int32Array(n).fill(-1)
  for (let s = 0; s < count; s++) owner.fill(s, starts[s]!, starts[s + 1]!)
  for (let s = 0; s < count; s++) {
    const [begin, end] = [starts[s]!, starts[s + 1]!]
    let at = rowStarts[s]!
    for (let j = begin; j < end; j++) rows[at++] = j
    const below = at
    const add = (i: number) => {
      if (i < end || seen[i] === s) return
      seen[i] = s
      rows[at++] = i
    }
    for (let j = begin; j < end; j++)
      for (let k = graph.pointers[order[j]!]!; k < graph.pointers[order[j]! + 1]!; k++)
        add(place[graph.neighbours[k]!]!)
    for (let c = child[s]!; c !== -1; c = sibling[c]!)
      for (let k = rowStarts[c]! + starts[c + 1]! - starts[c]!; k < rowStarts[c + 1]!; k++) add(rows[k]!)
    rows.subarray(below, at).sort()
    if (at === below) continue
    const parent = owner[rows[below]!]!
    sibling[s] = child[parent]!
    child[parent] = s
  }
}

/** Sizes and work, with the update matrices of children on one stack below their parent's. */
function cost(starts: Int32Array, rowStarts: Int32Array, rows: Int32Array) {
  const count = starts.length - 1
  const owner = new Int32Array(starts[count]!)
  for (let s = 0; s < count; s++) owner.fill(s, starts[s]!, starts[s + 1]!)
  const waiting = new Float64Array(count) // doubles of the children's update matrices
  let [panelEntries, stackEntries, flops, stack] = [0, 0, 0, 0]
  for (let s = 0; s < count; s++) {
    const width = starts[s + 1]! - starts[s]!
    const height = rowStarts[s + 1]! - rowStarts[s]!
    const below = height - width
    panelEntries += width * height
    for (let j = 0; j < width; j++) flops += (height - j) * (height - j)
    stackEntries = Math.max(stackEntries, stack + below * below)
    stack += below * below - waiting[s]!
    if (below === 0) continue
    const parent = owner[rows[rowStarts[s]! + width]!]!
    waiting[parent]! += below * below
  }
  return { panelEntries, stackEntries, flops }
}
