import { refuse } from '../core/errors.ts'
import { flatLearner } from './flat.ts'
import { checkOptions, type Learner } from './learner.ts'

/** Options of {@link tsallisInf}. */
export interface TsallisInfOptions {
  /** Importance-weighted losses (`'iw'`) or their reduced-variance form (`'rv'`, the default). */
  readonly estimator?: 'iw' | 'rv'
}

/**
 * Tsallis-INF (Zimmert and Seldin 2021), with the constants of Khodak et al. (2024, 2025): regret of the order of the
 * square root of arms times rounds even where an adversary sets the losses. Its exploration never ends. Losses are in units
 * of their mean.
 */
export function tsallisInf(options: TsallisInfOptions = {}): Learner {
  checkOptions('tsallisInf', options, ['estimator'])
  const { estimator = 'rv' } = options
  if (estimator !== 'iw' && estimator !== 'rv')
    throw refuse('ERR_OPTION', 'tsallisInf', 'option estimator', "'iw' or 'rv'", estimator)
  const reduced = estimator === 'rv'
  const learner = flatLearner('tsallisInf', options, { kind: 'tsallisInf', rate: reduced ? 4 : 2, reduced })
  return { ...learner, onPolicy: true }
}
