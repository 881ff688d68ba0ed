import { bind, run } from '../core/method.ts'
import { naturalOrder } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Pattern } from '../core/types.ts'
import type { Csr } from '../sparse/csr.ts'
import { transpositionOf } from '../sparse/transposed.ts'
import type { LuArrays } from './kinds.ts'
import { amd } from './ldlt.ts'
import { type LuSettings, luSteps } from './lu.steps.ts'
import { rowGraph } from './row-graph.steps.ts'

const lu = bind('lu', luSteps)

/**
 * In which order rows are eliminated: as they are, by minimum degree on A + A^T, for which pivots should stay on the diagonal,
 * or on A A^T, for which they need not; `auto`: the second where the diagonal has no zeros and half of the entries have a
 * partner across it.
 */
export type LuOrdering = 'auto' | 'natural' | 'symmetric' | 'rows'

export const orderings: readonly LuOrdering[] = ['auto', 'natural', 'symmetric', 'rows']

const PARTNERED = 0.5 // share of the off-diagonal entries
const PER_TICK = 500_000 // entries

/** Orders the rows of A, once per pattern, and factors it. Without a pivot tolerance that of the ordering serves. */
export function* factorLu(
  A: Csr,
  ordering: LuOrdering,
  settings: Omit<LuSettings, 'pivotTolerance'> & { readonly pivotTolerance: number | undefined },
): Steps<LuArrays> {
  const { pattern } = A
  const chosen = ordering !== 'auto' ? ordering : (yield* symmetry(A)) >= PARTNERED ? 'symmetric' : 'rows'
  const order = yield* orderOf(pattern, chosen)
  const { pivotTolerance = chosen === 'symmetric' ? 0.01 : 1 } = settings
  return yield* run(lu, A, order, { ...settings, maxFill: Math.min(settings.maxFill, pattern.rows), pivotTolerance })
}

/** What is known of a pattern: the orders that were asked for, and the share of entries that have a partner. */
interface Known {
  readonly orders: Map<LuOrdering, Int32Array>
  partnered: number | undefined
}

const known = new WeakMap<Pattern, Known>()

function knownOf(pattern: Pattern): Known {
  const found = known.get(pattern) ?? { orders: new Map(), partnered: undefined }
  known.set(pattern, found)
  return found
}

function* orderOf(pattern: Pattern, ordering: LuOrdering): Steps<Int32Array> {
  const { orders } = knownOf(pattern)
  const order = orders.get(ordering) ?? (yield* newOrder(pattern, ordering))
  orders.set(ordering, order)
  return order
}

function* newOrder(pattern: Pattern, ordering: LuOrdering): Steps<Int32Array> {
  if (ordering === 'symmetric') return yield* run(amd, pattern)
  if (ordering === 'rows') return yield* run(amd, yield* rowGraph(pattern, (yield* transpositionOf(pattern)).pattern))
  return naturalOrder(pattern.rows)
}

/** Share of the off-diagonal entries that have a partner across the diagonal; 0 where the diagonal has a zero. */
function* symmetry(A: Csr): Steps<number> {
  if (A.diagonal().includes(0)) return 0
  const facts = knownOf(A.pattern)
  facts.partnered ??= yield* partnered(A.pattern)
  return facts.partnered
}

function* partnered(pattern: Pattern): Steps<number> {
  const { rows: n, rowPointers, columnIndices } = pattern
  const across = (yield* transpositionOf(pattern)).pattern
  const mark = new Int32Array(n).fill(-1)
  let [pairs, off, done] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    for (let t = across.rowPointers[i]!; t < across.rowPointers[i + 1]!; t++) mark[across.columnIndices[t]!] = i
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) {
      if (columnIndices[e] === i) continue
      off++
      if (mark[columnIndices[e]!] === i) pairs++
    }
    if (rowPointers[i + 1]! - done < PER_TICK) continue
    done = rowPointers[i + 1]!
    yield tick
  }
  return off === 0 ? 1 : pairs / off
}
