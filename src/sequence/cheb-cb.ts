import { log } from '../core/elementary.ts'
import { refuse } from '../core/errors.ts'
import { numberOption } from '../precondition/recipe.ts'
import { flatLearner } from './flat.ts'
import { checkOptions, contextEntry, type Learner } from './learner.ts'

/** Options of {@link chebCb}. */
export interface ChebCbOptions {
  /** Where the context lies; beyond it is clipped. */
  readonly range: readonly [low: number, high: number]
  /** Chebyshev polynomials per arm, default 6. */
  readonly features?: number
  /** Polynomials in the context (`'linear'`, default) or in its logarithm. */
  readonly scale?: 'linear' | 'log'
  /** How fast exploration fades: an arm that is predicted to cost a share g more has weight 1 / (d + greed sqrt(d t) g). */
  readonly greed?: number
}

/**
 * ChebCB (Khodak et al. 2024): the loss of each arm as a Chebyshev series in the first entry of the context, chosen from by
 * SquareCB (Foster and Rakhlin 2020). Normal equations are kept and their inverse updated, at a cost that does not grow
 * with the rounds; coefficient j is held back by a prior of width 1 / j in place of the paper's box.
 */
export function chebCb(options: ChebCbOptions): Learner {
  const name = 'chebCb'
  if (typeof options !== 'object' || options === null) throw refuse('ERR_OPTION', name, 'options', 'an object', options)
  checkOptions(name, options, ['range', 'features', 'scale', 'greed'])
  const { range, features: m = 6, scale = 'linear', greed = 8 } = options
  const [low, high] = checkRange(name, range, scale)
  if (!Number.isInteger(m) || m < 1 || m > 50) throw refuse('ERR_OPTION', name, 'option features', '1 to 50', m)
  numberOption(name, 'greed', greed, 0, 1e9)
  const map = scale === 'log' ? log : (c: number) => c
  const [from, width] = [map(low), map(high) - map(low)]
  return flatLearner(
    name,
    options,
    { kind: 'chebCb', features: m, greed },
    context => (2 * (map(contextEntry(name, context, 0, low, high)) - from)) / width - 1,
  )
}

/** Checks a range of contexts. */
export function checkRange(learner: string, range: unknown, scale: unknown): readonly [number, number] {
  if (scale !== 'linear' && scale !== 'log')
    throw refuse('ERR_OPTION', learner, 'option scale', "'linear' or 'log'", scale)
  const [low, high] = Array.isArray(range) ? (range as unknown[]) : []
  const ordered = typeof low === 'number' && typeof high === 'number' && low < high && Number.isFinite(high - low)
  if (!ordered || (scale === 'log' && !(low > 0)))
    throw refuse(
      'ERR_OPTION',
      learner,
      'option range',
      scale === 'log' ? '[low, high], 0 < low < high' : '[low, high], low < high',
      range,
    )
  return [low, high]
}
