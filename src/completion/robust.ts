import { forms } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import { sweep } from './alt-min.ts'
import { completed } from './complete.ts'
import type { Completion, Factors } from './model.ts'
import { bothWays, type Observed, ownObserved, selected } from './observations.ts'
import { type CompleteOptions, checkComplete, numberOption } from './options.ts'
import { prepare } from './prepare.ts'
import { type Problem, residual } from './problem.ts'
import { spectralStart } from './start.ts'

const keys = ['rank', 'ridge', 'seed', 'maxSweeps', 'tolerance', 'duplicates', 'threshold', 'rounds'] as const
const SWEEPS = 2 // between two looks at the errors
const [WIDE, NARROWING] = [5, 0.9] // the threshold begins so many times as wide, and narrows: large entries are fitted last
const LEAST = 1e-13 // of the size of the values: errors below that are rounding, and make no outliers

/** Options of {@link robustComplete}: those of `complete` that it knows, and two more. */
export interface RobustOptions
  extends Pick<
    CompleteOptions,
    | 'rank'
    | 'ridge'
    | 'seed'
    | 'maxSweeps'
    | 'tolerance'
    | 'duplicates'
    | 'signal'
    | 'timeLimit'
    | 'onProgress'
    | 'threads'
  > {
  /** How many times the median error an entry may err by; default 6. */
  readonly threshold?: number
  /** Looks at the errors; default 40. */
  readonly rounds?: number
}

/** A completion, and the observations that it took for outliers. */
export interface RobustCompletion extends Completion {
  /** Of each observation, in the order of rows and then columns, whether it was left out: 1 or 0. */
  readonly outliers: Int32Array
}

const { async, sync } = forms<[Observed, RobustOptions], RobustCompletion>(
  'robustComplete',
  1,
  keys,
  function* (call, given, options) {
    const { threshold = 6, rounds = 40, ...others } = options ?? ({} as RobustOptions)
    const { name } = call
    numberOption(name, 'threshold', threshold, true)
    numberOption(name, 'rounds', rounds, true)
    const { A, weights } = yield* ownObserved(call, 'observed', given, others.duplicates)
    const settings = checkComplete(name, { ...others, method: 'als' }, A.rows, A.columns)
    const whole = (yield* prepare(call, { A, weights }, settings, undefined)).problem
    const errors = float64(A.nonZeros)
    let keep = within(A.values, threshold * WIDE)
    let problem: Problem = whole
    let factors: Factors | undefined
    for (let round = 0; round < rounds; round++) {
      const kept = yield* selected(A, weights, e => keep[e] === 1)
      problem = { ...whole, observed: yield* bothWays(kept.A, kept.weights), weight: kept.A.nonZeros }
      factors ??= yield* spectralStart(name, problem, settings.rank, settings.seed)
      for (let done = 0; done < SWEEPS; done++) yield* sweep(name, problem, factors, 0)
      yield* residual(whole, factors, errors)
      const bound = Math.max(threshold, threshold * WIDE * NARROWING ** round)
      const next = within(errors, bound, LEAST * whole.size)
      const same = next.every((value, e) => value === keep[e])
      keep = next
      if (same && bound === threshold) break
    }
    const kept = yield* selected(A, weights, e => keep[e] === 1)
    const prepared = yield* prepare(call, kept, settings, undefined)
    const done = yield* completed(call, prepared, settings, factors)
    return { ...done, outliers: keep.map(value => 1 - value) }
  },
)

/** Entries that are not larger than `threshold` times the median of all. */
function within(list: Float64Array, threshold: number, least = 0): Int32Array {
  const sorted = list.map(Math.abs).sort()
  const bound = Math.max(least, threshold * sorted[sorted.length >> 1]!)
  return Int32Array.from(list, x => (Math.abs(x) <= bound ? 1 : 0))
}

/**
 * Completes a matrix of which some observations are arbitrarily wrong: sweeps of alternating least squares over the entries
 * that err by at most `threshold` times the median, which are chosen anew after every two sweeps, until the choice stays. The
 * result's errors are those on the entries that were kept. `robustCompleteSync` is the same, blocking.
 *
 * @throws KrylovError as `complete`
 */
export const robustComplete = async

/** {@link robustComplete}, blocking. */
export const robustCompleteSync = sync
