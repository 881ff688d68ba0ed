import { int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Pattern } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { symmetrised } from '../sparse/graph.ts'
import { QuotientGraph } from './quotient-graph.steps.ts'

/**
 * Approximate minimum degree ordering of A + A^T (Amestoy, Davis and Duff, SIAM J. Matrix Anal. Appl. 17 (1996)):
 * element absorption, also aggressive; mass elimination; supervariables; rows denser than 10 sqrt(n) last. Returns the
 * elimination order: row k of the ordered matrix is row order[k] of A. Workspace: 2.4 nnz + 10 n integers.
 */
export function* amdSteps(k: Kernels, pattern: Pattern): Steps<Int32Array> {
  const graph = new QuotientGraph(pattern.rows, symmetrised(pattern))
  yield tick
  let work = 0
  while (graph.remaining > 0) {
    work += graph.eliminate()
    if (work > k.grain) {
      work = 0
      yield tick
    }
  }
  const order = int32(pattern.rows)
  graph.writeOrder(order)
  return order
}
