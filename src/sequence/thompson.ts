import { exp } from '../core/elementary.ts'
import { numberOption } from '../precondition/recipe.ts'
import { flatLearner } from './flat.ts'
import { checkOptions, type Learner } from './learner.ts'

/** Options of {@link thompson}. */
export interface ThompsonOptions {
  /** Rounds after which a loss counts half; default Infinity, for costs that do not drift. */
  readonly halfLife?: number
}

/**
 * Thompson sampling with a normal posterior per arm (Thompson 1933; as in PCGBandit, Khodak et al. 2025): the arm of the
 * smallest sample from N(mean, variance / plays) with the mean of its losses. The variance is that of losses around the mean of
 * their own arm, and at least (1% of the mean)^2. An arm that was never played comes first.
 */
export function thompson(options: ThompsonOptions = {}): Learner {
  checkOptions('thompson', options, ['halfLife'])
  const { halfLife = Number.POSITIVE_INFINITY } = options
  if (halfLife !== Number.POSITIVE_INFINITY) numberOption('thompson', 'halfLife', halfLife, 1, 1e15)
  return flatLearner('thompson', options, { kind: 'thompson', keep: exp(-Math.LN2 / halfLife) })
}
