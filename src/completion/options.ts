import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed } from '../core/random.ts'
import { flagOption } from '../dense/own.ts'
import type { CompletionMethod, RidgeScaling } from './model.ts'
import type { Duplicates, Observed } from './observations.ts'

/** Options of `complete`. */
export interface CompleteOptions extends ControlOptions {
  /** Columns of the factors; 0, with `biases`, is the biases alone. */
  readonly rank: number
  /** Of ||left||^2 + ||right||^2; default 0. */
  readonly ridge?: number
  /** Whether each row's ridge is multiplied by the number of its observations; default `'none'`. */
  readonly ridgeScaling?: RidgeScaling
  /** Default: `'als'` up to rank 16, `'altMin'` above. */
  readonly method?: CompletionMethod
  /** A mean, and a bias for each row and each column; default false. */
  readonly biases?: boolean
  /** Of the squares of the biases; default: `ridge`. */
  readonly biasRidge?: number
  /** Of the start; default 0. */
  readonly seed?: number
  /** Entries to judge by, which are not fitted: a share of the observations, or others. */
  readonly validation?: number | Observed
  /** Sweeps without a lower validation error after which it ends; default 5. */
  readonly patience?: number
  /** Default 100; of `'scaledGd'` and `'softImpute'` 500. */
  readonly maxSweeps?: number
  /** It ends when a sweep takes less than this share off the objective; default 1e-5. */
  readonly tolerance?: number
  /** Steps of conjugate gradients for each row and half sweep of `'altMin'`, twice as many in the first 6 sweeps; default 3. */
  readonly steps?: number
  /** Entries that are given twice; default `'refuse'`. */
  readonly duplicates?: Duplicates
  /**
   * Rows and columns with fewer observations than the rank: `'ridge'`, the default, gives them the ridge's factors or, without
   * one, the shortest; `'drop'` leaves them out, with factors of zero; `'error'` refuses them.
   */
  readonly thin?: 'ridge' | 'drop' | 'error'
  /** Implicit feedback (Hu, Koren and Volinsky 2008): values are counts above 0, weights 1 + confidence x count, of entries 1. */
  readonly confidence?: number
  /** Factors without a negative entry; of `'als'`. Default false. */
  readonly nonnegative?: boolean
  /** What predictions, and the validation error, are kept within. */
  readonly range?: readonly [low: number, high: number]
  /** `'single'`: factors are read in single precision, half the bytes. Default `'double'`. */
  readonly precision?: 'double' | 'single'
}

export const completeKeys = [
  'rank',
  'ridge',
  'ridgeScaling',
  'method',
  'biases',
  'biasRidge',
  'seed',
  'validation',
  'patience',
  'maxSweeps',
  'tolerance',
  'steps',
  'duplicates',
  'thin',
  'confidence',
  'nonnegative',
  'range',
  'precision',
] as const

export interface Settings {
  readonly rank: number
  readonly ridge: number
  readonly ridgeScaling: RidgeScaling
  readonly method: CompletionMethod
  readonly biases: boolean
  readonly biasRidge: number
  readonly seed: number
  readonly patience: number
  readonly maxSweeps: number
  readonly tolerance: number
  readonly steps: number
  readonly duplicates: Duplicates
  readonly thin: 'ridge' | 'drop' | 'error'
  readonly confidence: number | undefined
  readonly nonnegative: boolean
  readonly range: readonly [number, number] | undefined
  readonly single: boolean
}

const EXACT = 16 // columns up to which normal equations, whose sums stay in registers, cost less than three steps

/** One of a list of names. */
export function oneOf<T extends string>(method: string, name: string, value: unknown, list: readonly T[]): T {
  if (!list.includes(value as T))
    throw refuse('ERR_OPTION', method, `option ${name}`, `one of ${list.map(text => `'${text}'`).join(', ')}`, value)
  return value as T
}

/** A finite number, at least or above 0. */
export function numberOption(method: string, name: string, value: unknown, above = false): number {
  if (typeof value !== 'number' || !(above ? value > 0 : value >= 0) || value === Number.POSITIVE_INFINITY)
    throw refuse('ERR_OPTION', method, `option ${name}`, `a number ${above ? 'above' : 'of at least'} 0`, value)
  return value
}

/** Checks a range of values. */
export function rangeOption(method: string, range: unknown): readonly [number, number] | undefined {
  if (range === undefined) return undefined
  const [low, high] = Array.isArray(range) ? range : [Number.NaN, Number.NaN]
  if (
    !Array.isArray(range) ||
    range.length !== 2 ||
    typeof low !== 'number' ||
    typeof high !== 'number' ||
    !(low < high)
  )
    throw refuse('ERR_OPTION', method, 'option range', '[low, high] with low < high', range)
  return [low, high]
}

/** The rank of a rows x columns matrix's factors. */
export function rankOption(method: string, rank: unknown, rows: number, columns: number, least: number): number {
  return integerOption(method, 'rank', rank, least, Math.max(least, Math.min(rows, columns, 4096)))
}

/** Checks the options of a completion of a rows x columns matrix. */
export function checkComplete(name: string, options: CompleteOptions, rows: number, columns: number): Settings {
  if (options === undefined) throw refuse('ERR_OPTION', name, 'options', 'an object with a rank', options)
  const { biases = false, nonnegative = false, confidence, precision = 'double' } = options
  for (const [key, value] of Object.entries({ biases, nonnegative })) flagOption(name, key, value)
  const rank = rankOption(name, options.rank, rows, columns, biases ? 0 : 1)
  const ridge = numberOption(name, 'ridge', options.ridge ?? 0)
  const fallback = nonnegative || rank <= EXACT ? 'als' : 'altMin'
  const methods = ['altMin', 'als', 'scaledGd', 'softImpute', 'gnmr'] as const
  const method = oneOf(name, 'method', options.method ?? fallback, methods)
  const biasRidge = numberOption(name, 'biasRidge', options.biasRidge ?? ridge)
  if (biases && ridge > 0 && biasRidge === 0 && rank > 0)
    throw refuse('ERR_OPTION', name, 'option biasRidge', 'above 0 where the ridge is', biasRidge)
  if (confidence !== undefined) numberOption(name, 'confidence', confidence, true)
  const least = ['altMin', 'als'].includes(method)
  for (const [key, value] of Object.entries({ biases, nonnegative, confidence: confidence !== undefined }))
    if (value && !least) throw refuse('ERR_OPTION', name, `option ${key}`, `of 'altMin' or 'als'`, method)
  if (nonnegative && method !== 'als') throw refuse('ERR_OPTION', name, 'option nonnegative', "of 'als'", method)
  if (nonnegative && biases) throw refuse('ERR_OPTION', name, 'option biases', 'false of nonnegative factors', biases)
  if (confidence !== undefined && (biases || nonnegative))
    throw refuse('ERR_OPTION', name, 'option confidence', 'without biases and bounds', confidence)
  if (method === 'softImpute' && ridge === 0)
    throw refuse('ERR_OPTION', name, 'option ridge', "above 0 of 'softImpute'", ridge)
  if (method === 'scaledGd' && ridge !== 0) throw refuse('ERR_OPTION', name, 'option ridge', `0 of '${method}'`, ridge)
  const scaling = oneOf(name, 'ridgeScaling', options.ridgeScaling ?? 'none', ['none', 'count'] as const)
  if (scaling === 'count' && !least) throw refuse('ERR_OPTION', name, 'option ridgeScaling', "'none'", scaling)
  const tolerance = numberOption(name, 'tolerance', options.tolerance ?? 1e-5)
  const many = method === 'scaledGd' || method === 'softImpute' ? 500 : 100
  return {
    rank,
    ridge,
    ridgeScaling: scaling,
    method,
    biases,
    biasRidge: biases ? biasRidge : 0,
    seed: checkSeed(name, 'option seed', options.seed ?? 0),
    patience: integerOption(name, 'patience', options.patience ?? 5, 1, 1e6),
    maxSweeps: integerOption(name, 'maxSweeps', options.maxSweeps ?? many, 1, 1e6),
    tolerance,
    steps: integerOption(name, 'steps', options.steps ?? 3, 1, 1000),
    duplicates: oneOf(name, 'duplicates', options.duplicates ?? 'refuse', ['refuse', 'average'] as const),
    thin: oneOf(name, 'thin', options.thin ?? 'ridge', ['ridge', 'drop', 'error'] as const),
    confidence,
    nonnegative,
    range: rangeOption(name, options.range),
    single: oneOf(name, 'precision', precision, ['double', 'single'] as const) === 'single',
  }
}
