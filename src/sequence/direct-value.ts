import { refuse } from '../core/errors.ts'
import { jacobiGapSync } from '../relaxation/jacobi-gap.ts'
import type { Csr } from '../sparse/csr.ts'
import { type Direct, type FormulaOptions, ssorOmega, youngOmega } from './direct.ts'
import { dominance } from './dominance.ts'
import type { Plan } from './options.ts'

/** The last estimate of the gap, and the matrix it was made for in one number. */
export interface DirectState {
  readonly gap: number
  readonly weight: number
}

export const startDirect = (): DirectState => ({ gap: -1, weight: -1 })

const MOVED = 0.1 // a change of the off-diagonal weight that asks for a new estimate

/** The value of a parameter that is fixed, or known by formula. */
export function directValue(
  learner: Direct,
  method: Plan['method'],
  A: Csr,
  context: ArrayLike<number> | undefined,
  state: DirectState,
): readonly [value: number, state: DirectState] {
  if (learner.name === 'fixed') return [(learner.options as { value: number }).value, state]
  const omegaOf = method === 'sor' ? youngOmega : ssorOmega
  const { jacobiGap } = learner.options as FormulaOptions
  if (jacobiGap !== undefined) {
    const gap = jacobiGap(context ?? [])
    if (!(gap >= 0)) throw refuse('ERR_OPTION', 'formula', 'what jacobiGap answers', 'a number >= 0', gap)
    return [omegaOf(gap), state]
  }
  const weight = dominance(A)
  if (state.gap >= 0 && Math.abs(weight - state.weight) <= MOVED * state.weight) return [omegaOf(state.gap), state]
  const gap = jacobiGapSync(A)
  return [omegaOf(gap), { gap, weight }]
}
