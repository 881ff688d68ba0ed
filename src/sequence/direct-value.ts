import { refuse } from '../core/errors.ts'
import { type Steps, tick } from '../core/steps.ts'
import { estimateGap } from '../relaxation/jacobi-gap.ts'
import type { Csr } from '../sparse/csr.ts'
import { type Direct, type FormulaOptions, ssorOmega, youngOmega } from './direct.ts'
import { WEAKEST } from './dominance.ts'
import type { Plan } from './options.ts'

/** The last estimate of the gap, and what it was made for and from. */
export interface DirectState {
  readonly gap: number
  /** Of the matrix it was made for: two numbers that hardly any change leaves as they are. */
  readonly weight: number
  readonly mark: number
  /** Products that it took, and iterations that were made since. */
  readonly products: number
  readonly since: number
}

export const startDirect = (): DirectState => ({ gap: -1, weight: -1, mark: 0, products: 0, since: 0 })

const MOVED = 0.1 // a change of the weight that asks for a new estimate at once
const PATIENCE = 10 // iterations per product of an estimate, after which any change asks for a new one
const ROWS = 1 << 14 // between ticks

/** The value of a parameter that is fixed, or known by formula. */
export function* directValue(
  method: string,
  learner: Direct,
  solver: Plan['method'],
  A: Csr,
  context: ArrayLike<number> | undefined,
  state: DirectState,
): Steps<readonly [value: number, state: DirectState]> {
  if (learner.name === 'fixed') return [(learner.options as { value: number }).value, state]
  const omegaOf = solver === 'sor' ? youngOmega : ssorOmega
  const { jacobiGap } = learner.options as FormulaOptions
  if (jacobiGap !== undefined) {
    const gap = jacobiGap(context ?? [])
    if (!(gap >= 0)) throw refuse('ERR_OPTION', 'formula', 'what jacobiGap answers', 'a number >= 0', gap)
    return [omegaOf(gap), state]
  }
  const [weight, mark] = yield* look(A)
  const moved = Math.abs(weight - state.weight) > MOVED * Math.max(state.weight, WEAKEST)
  const changed = weight !== state.weight || mark !== state.mark
  if (state.gap >= 0 && !moved && !(changed && state.since >= PATIENCE * state.products))
    return [omegaOf(state.gap), state]
  const { gap, products } = yield* estimateGap(method, A)
  return [omegaOf(gap), { gap, weight, mark, products, since: 0 }]
}

/**
 * 1 - the mean of sum |a_ij| / |a_ii| off the diagonal, and a sum over the rows of sum a_ij^2 / a_ii^2, each row with a
 * factor of its own: the first moves as the gap where all rows change alike, the second with any change that the first does not see,
 * such as that of a coefficient under a divergence.
 */
function* look({ pattern: { rows, rowPointers, columnIndices }, values }: Csr): Steps<readonly [number, number]> {
  let [sum, mark] = [0, 0]
  for (let i = 0; i < rows; i++) {
    if (i % ROWS === ROWS - 1) yield tick
    let [off, squares, diagonal] = [0, 0, 0]
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) {
      const a = values[at]!
      if (columnIndices[at] === i) diagonal = a
      else {
        off += Math.abs(a)
        squares += a * a
      }
    }
    if (diagonal === 0) continue
    sum += off / Math.abs(diagonal)
    mark += (1 + ((i * 0.6180339887498949) % 1)) * (squares / diagonal / diagonal)
  }
  return [1 - sum / Math.max(1, rows), mark]
}
