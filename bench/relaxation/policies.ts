import {
  binned,
  chebCb,
  dense,
  goldenSection,
  type Learner,
  replaySync,
  thompson,
  tsallisInf,
} from '../../src/index.ts'
import { type Experiment, grid } from './counts.ts'

/** A learner's way through an experiment. */
export interface Run {
  readonly policy: string
  /** Total iterations, a mean over seeds. */
  readonly total: number
  readonly standardError: number
  readonly seeds: number
  /** Of the first seed: the sum of iterations after each step, and the omega chosen; where that is one. */
  readonly path: readonly number[]
  readonly omegas: readonly number[]
}

/** Every policy of an experiment. Contexts are clipped to `range`. */
export function policies(
  low: number,
  high: number,
  logLow: number,
  shift: number,
): readonly (readonly [string, Learner, number])[] {
  const log = [logLow, high + shift] as const
  const linear = [low, high] as const
  return [
    ['Tsallis-INF (IW)', tsallisInf({ estimator: 'iw' }), 0],
    ['Tsallis-INF (RV)', tsallisInf(), 0],
    ['Thompson', thompson(), 0],
    ['golden section', goldenSection(), 0],
    ['6-bin Tsallis-INF (RV)', binned(tsallisInf(), { bins: 6, range: linear }), 0],
    ['6-bin Thompson', binned(thompson(), { bins: 6, range: linear }), 0],
    ['ChebCB', chebCb({ range: linear }), 0],
    ['ChebCB, log context', chebCb({ range: log, scale: 'log' }), shift],
    ['8 log bins, Thompson', binned(thompson(), { bins: 8, range: log, scale: 'log' }), shift],
    ['16 log bins, Thompson', binned(thompson(), { bins: 16, range: log, scale: 'log' }), shift],
  ]
}

/** Plays a learner against the counts of an experiment, `seeds` times. */
export function play(
  { contexts, counts }: Experiment,
  [policy, learner, shift]: readonly [string, Learner, number],
  seeds: number,
): Run {
  const steps = contexts.length
  const losses = dense(
    steps,
    grid.length,
    Float64Array.from(
      { length: steps * grid.length },
      (_, at) => counts[at % grid.length]![Math.floor(at / grid.length)]!,
    ),
  )
  const runs = Array.from({ length: seeds }, (_, seed) =>
    replaySync(learner, losses, { contexts: contexts.map(c => c + shift), seed }),
  )
  const totals = runs.map(({ total }) => total)
  let sum = 0
  const path = Array.from(runs[0]!.losses, loss => (sum += loss))
  const omegas = Array.from(runs[0]!.chosen, arm => grid[arm]!)
  const mean = totals.reduce((sum, total) => sum + total, 0) / seeds
  const variance = totals.reduce((sum, total) => sum + (total - mean) ** 2, 0) / Math.max(1, seeds - 1)
  return { policy, total: mean, standardError: Math.sqrt(variance / seeds), seeds, path, omegas }
}

/** A setting that never changes. */
export function constant({ counts, settings, formula }: Experiment, setting: string): Run {
  const list = counts[settings.indexOf(setting)]!
  let total = 0
  const path = Array.from(list, count => (total += count))
  const omega = Number(setting)
  const omegas = setting === 'formula' ? [...formula] : Number.isNaN(omega) ? [] : [omega]
  return { policy: setting, total, standardError: 0, seeds: 1, path, omegas }
}
