import { log } from '../core/elementary.ts'
import { refuse } from '../core/errors.ts'
import { uniformAt } from '../core/random.ts'
import { numberOption } from '../precondition/recipe.ts'
import { checkArms, checkLoss, checkOptions, contextEntry, type Learner, type LearnerState } from './learner.ts'

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

interface State extends LearnerState {
  readonly learner: 'chebCb'
  readonly seed: number
  readonly stream: number
  readonly rounds: number
  readonly total: number
  readonly arms: readonly ArmState[]
}

interface ArmState extends LearnerState {
  readonly learner: 'chebCb arm'
  /** Coefficients of the predicted loss, right-hand sides, and the inverse of the normal equations (features x features). */
  readonly fit: Float64Array
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
  const phi = new Float64Array(m)
  const Pphi = new Float64Array(m)
  let predicted = new Float64Array(0)

  const lookAt = (context: ArrayLike<number> | undefined): void => {
    const c = (2 * (map(contextEntry(name, context, 0, low, high)) - from)) / width - 1
    phi[0] = 1
    if (m > 1) phi[1] = c
    for (let j = 2; j < m; j++) phi[j] = 2 * c * phi[j - 1]! - phi[j - 2]!
  }

  return {
    name,
    options,
    start(arms, seed = 0, stream = 0): State {
      const fit = new Float64Array(2 * m + m * m)
      for (let j = 0; j < m; j++) fit[2 * m + j * m + j] = j === 0 ? 100 : 1 / (j * j)
      const each = Array.from({ length: checkArms(name, arms) }, (): ArmState => ({ learner: 'chebCb arm', fit }))
      return { learner: name, seed, stream, rounds: 0, total: 0, arms: each }
    },
    choose(state, context) {
      const { seed, stream, rounds, total, arms } = state as State
      const d = arms.length
      lookAt(context)
      if (rounds < d) return rounds // each arm once
      if (predicted.length !== d) predicted = new Float64Array(d)
      let best = 0
      for (let a = 0; a < d; a++) {
        const { fit } = arms[a]!
        let sum = 0
        for (let j = 0; j < m; j++) sum += fit[j]! * phi[j]!
        predicted[a] = sum
        if (sum < predicted[best]!) best = a
      }
      const gamma = (greed * Math.sqrt(d * rounds) * rounds) / Math.max(total, 1e-300)
      let left = uniformAt(seed, stream, rounds)
      for (let a = 0; a < d; a++) {
        if (a === best) continue
        left -= 1 / (d + gamma * (predicted[a]! - predicted[best]!))
        if (left < 0) return a
      }
      return best
    },
    update(state, arm, loss, context): State {
      const { seed, stream, rounds, total, arms: before } = state as State
      checkLoss(name, before.length, arm, loss)
      lookAt(context)
      const fit = new Float64Array(before[arm]!.fit)
      const P = 2 * m
      // (G + phi phi^T)^-1 = P - (P phi)(P phi)^T / (1 + phi^T P phi), P = G^-1: Sherman and Morrison 1950
      let scalar = 1
      for (let i = 0; i < m; i++) {
        let sum = 0
        for (let j = 0; j < m; j++) sum += fit[P + i * m + j]! * phi[j]!
        Pphi[i] = sum
        scalar += phi[i]! * sum
        fit[m + i]! += loss * phi[i]!
      }
      for (let i = 0; i < m; i++) {
        let sum = 0
        for (let j = 0; j < m; j++) {
          const entry = fit[P + i * m + j]! - (Pphi[i]! * Pphi[j]!) / scalar
          fit[P + i * m + j] = entry
          sum += entry * fit[m + j]!
        }
        fit[i] = sum
      }
      const arms = before.slice()
      arms[arm] = { learner: 'chebCb arm', fit }
      return { learner: name, seed, stream, rounds: rounds + 1, total: total + loss, arms }
    },
  }
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
