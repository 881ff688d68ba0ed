import { log } from '../core/elementary.ts'
import { refuse } from '../core/errors.ts'
import { integerOption } from '../core/options.ts'
import { checkRange } from './cheb-cb.ts'
import { checkOptions, contextEntry, type Learner, type LearnerState } from './learner.ts'

/** Options of {@link binned}. */
export interface BinnedOptions {
  /** Bins per entry of the context. Default 8. */
  readonly bins?: number
  /** Bins of equal width (`'linear'`, the default) or of equal ratio. */
  readonly scale?: 'linear' | 'log'
  /** Where the context lies; beyond it is clipped. */
  readonly range: readonly [low: number, high: number]
}

interface State extends LearnerState {
  readonly learner: 'binned'
  readonly bins: readonly LearnerState[]
}

/** A learner of its own for each bin of the first entry of the context. */
export function binned(learner: Learner, options: BinnedOptions): Learner {
  const name = 'binned'
  if (typeof learner?.choose !== 'function') throw refuse('ERR_OPTION', name, 'learner', 'a learner', learner)
  if (typeof options !== 'object' || options === null) throw refuse('ERR_OPTION', name, 'options', 'an object', options)
  checkOptions(name, options, ['bins', 'scale', 'range'])
  const { bins = 8, scale = 'linear', range } = options
  integerOption(name, 'bins', bins, 1, 1e4)
  const [low, high] = checkRange(name, range, scale)
  const map = scale === 'log' ? log : (c: number) => c
  const [from, width] = [map(low), map(high) - map(low)]
  const binOf = (context: ArrayLike<number> | undefined): number => {
    const c = map(contextEntry(name, context, 0, low, high))
    return Math.min(bins - 1, Math.floor((bins * (c - from)) / width))
  }
  return {
    name,
    bin: binOf,
    inner: learner,
    ...(learner.onPolicy && { onPolicy: true }),
    options: { ...options, learner: { name: learner.name, options: learner.options } },
    start: (arms, seed = 0, stream = 0): State => ({
      learner: name,
      bins: Array.from({ length: bins }, (_, bin) => learner.start(arms, seed, stream * bins + bin)),
    }),
    choose: (state, context) => learner.choose((state as State).bins[binOf(context)]!, context),
    update(state, arm, loss, context): State {
      const parts = (state as State).bins.slice()
      const bin = binOf(context)
      parts[bin] = learner.update(parts[bin]!, arm, loss, context)
      return { learner: name, bins: parts }
    },
    ...(learner.learn && {
      learn: (state, arm, loss, context) => learner.learn!((state as State).bins[binOf(context)]!, arm, loss, context),
    }),
  }
}
