import { bind, run } from '../core/method.ts'
import { int32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Pattern } from '../core/types.ts'
import { transposeArrays } from '../sparse/transpose.ts'
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

/** Orders the rows of A and factors it. Without a pivot tolerance that of the ordering serves. */
export function* factorLu(
  A: CsrData,
  ordering: LuOrdering,
  settings: Omit<LuSettings, 'pivotTolerance'> & { readonly pivotTolerance: number | undefined },
): Steps<LuArrays> {
  const { pattern } = A
  const chosen = ordering !== 'auto' ? ordering : symmetry(A) >= PARTNERED ? 'symmetric' : 'rows'
  const order = yield* orderOf(pattern, chosen)
  const { pivotTolerance = chosen === 'symmetric' ? 0.01 : 1 } = settings
  return yield* run(lu, A, order, { ...settings, maxFill: Math.min(settings.maxFill, pattern.rows), pivotTolerance })
}

function* orderOf(pattern: Pattern, ordering: LuOrdering): Steps<Int32Array> {
  if (ordering === 'symmetric') return yield* run(amd, pattern)
  if (ordering === 'rows') return yield* run(amd, yield* rowGraph(pattern))
  const order = int32(pattern.rows)
  for (let i = 0; i < order.length; i++) order[i] = i
  return order
}

/** Share of the off-diagonal entries that have a partner across the diagonal; 0 where the diagonal has a zero. */
function symmetry(A: CsrData): number {
  const { rows: n, rowPointers, columnIndices } = A.pattern
  const { pattern: transposed } = transposeArrays(A)
  const mark = new Int32Array(n).fill(-1)
  let [pairs, off] = [0, 0]
  for (let i = 0; i < n; i++) {
    let diagonal = 0
    for (let t = transposed.rowPointers[i]!; t < transposed.rowPointers[i + 1]!; t++)
      mark[transposed.columnIndices[t]!] = i
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) {
      const j = columnIndices[e]!
      if (j === i) diagonal = A.values[e]!
      else {
        off++
        if (mark[j] === i) pairs++
      }
    }
    if (diagonal === 0) return 0
  }
  return off === 0 ? 1 : pairs / off
}
