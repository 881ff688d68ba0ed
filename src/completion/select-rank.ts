import { refuse } from '../core/errors.ts'
import { forms } from '../core/method.ts'
import { uniformAt } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import { completed } from './complete.ts'
import type { Completion, Factors } from './model.ts'
import { type Observed, ownObserved, selected } from './observations.ts'
import { type CompleteOptions, checkComplete, completeKeys } from './options.ts'
import { prepare } from './prepare.ts'
import { spectralStart } from './start.ts'

const FOLD = 4 // stream of the seed that deals observations out to folds

/** Options of {@link selectRank}: those of `complete`, and what is tried. */
export interface SelectRankOptions extends Omit<CompleteOptions, 'rank' | 'ridge' | 'validation'> {
  readonly ranks: readonly number[]
  /** Default: 0 alone. */
  readonly ridges?: readonly number[]
  /** Parts of the observations, each of which is held out once, or so many of them as `repeats` says; default 10. */
  readonly folds?: number
  /** How many of the folds are held out; default 1. */
  readonly repeats?: number
}

/** One choice, and how it did on what was held out. */
export interface RankTrial {
  readonly rank: number
  readonly ridge: number
  /** Root mean square over the folds. */
  readonly error: number
  /** Sweeps up to the least error, rounded mean of the folds. */
  readonly sweeps: number
}

/** The best of what was tried. */
export interface SelectedRank extends RankTrial {
  readonly trials: readonly RankTrial[]
}

const { async, sync } = forms<[Observed, SelectRankOptions], SelectedRank>(
  'selectRank',
  1,
  [
    ...completeKeys.filter(key => !['rank', 'ridge', 'validation'].includes(key)),
    'ranks',
    'ridges',
    'folds',
    'repeats',
  ],
  function* (call, given, options) {
    const { name } = call
    const { ranks, ridges = [0], folds = 10, repeats = 1, ...others } = options ?? {}
    for (const [key, list] of Object.entries({ ranks, ridges }))
      if (!Array.isArray(list) || list.length === 0 || list.length > 1000)
        throw refuse('ERR_OPTION', name, `option ${key}`, 'a list of 1 to 1000 numbers', list)
    for (const [key, value, least] of [
      ['folds', folds, 2],
      ['repeats', repeats, 1],
    ] as const)
      if (!Number.isInteger(value) || value < least || value > (key === 'repeats' ? folds : 1000))
        throw refuse('ERR_OPTION', name, `option ${key}`, `an integer of at least ${least}`, value)
    const { A, weights } = yield* ownObserved(call, 'observed', given, others.duplicates)
    const checked = ridges.map(ridge =>
      ranks!.map(rank => checkComplete(name, { ...others, rank, ridge }, A.rows, A.columns)),
    )
    const { seed, method } = checked[0]![0]!
    const descending = [...checked].sort((a, b) => b[0]!.ridge - a[0]!.ridge)
    const paths = method === 'softImpute' ? ranks!.map((_, at) => descending.map(row => row[at]!)) : checked
    const sums = new Map<string, { square: number; sweeps: number }>()
    for (let fold = 0; fold < repeats; fold++) {
      const isHeld = (e: number) => Math.floor(uniformAt(seed, FOLD, e) * folds) === fold
      const fitted = yield* selected(A, weights, e => !isHeld(e))
      const held = yield* selected(A, weights, isHeld)
      for (const path of paths) {
        let begun: Completion | undefined
        for (const settings of path) {
          const prepared = yield* prepare(call, fitted, settings, undefined)
          const problem = { ...prepared.problem, held: held.A.nonZeros > 0 ? held.A : undefined }
          // the leading columns are those of the rank before, or all those of the ridge before
          const start = yield* spectralStart(name, problem, settings.rank, seed)
          if (begun !== undefined && begun.left.columns <= settings.rank) warm(start, begun)
          begun = yield* completed(call, { ...prepared, problem }, settings, start)
          const errors = begun.history.validation ?? float64(0)
          const least = errors.reduce((best, error, at) => (error < errors[best]! ? at : best), 0)
          const key = `${settings.rank} ${settings.ridge}`
          const sum = sums.get(key) ?? { square: 0, sweeps: 0 }
          sums.set(key, { square: sum.square + (begun.validationError ?? 0) ** 2, sweeps: sum.sweeps + least + 1 })
        }
      }
    }
    const trials = checked.flat().map(({ rank, ridge }) => {
      const { square, sweeps } = sums.get(`${rank} ${ridge}`)!
      return { rank, ridge, error: Math.sqrt(square / repeats), sweeps: Math.round(sweeps / repeats) }
    })
    return { ...trials.reduce((best, trial) => (trial.error < best.error ? trial : best)), trials }
  },
)

/** Copies the factors of a lower rank, or the same, whose columns descend, into the leading columns of a start. */
function warm(start: Factors, { left, right, rowBiases, columnBiases }: Completion): void {
  for (const [factor, from] of [
    [start.left, left],
    [start.right, right],
  ] as const)
    for (let i = 0; i < from.rows; i++)
      for (let c = 0; c < from.columns; c++) factor[i * start.rank + c] = from.values[i * from.columns + c]!
  if (rowBiases !== undefined) start.rowBiases.set(rowBiases)
  if (columnBiases !== undefined) start.columnBiases.set(columnBiases)
}

/**
 * The rank and ridge that predict best what was held out of the observations: for each ridge a path over the ranks, in the
 * order given, from the factors of the rank before; of `'softImpute'` for each rank a path over the ridges, the largest first, from
 * the factors of the ridge before. `selectRankSync` is the same, blocking.
 *
 * @throws KrylovError as `complete`
 */
export const selectRank = async

/** {@link selectRank}, blocking. */
export const selectRankSync = sync
