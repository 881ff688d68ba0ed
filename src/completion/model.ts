import type { Dense } from '../core/types.ts'

/** What makes predictions: entry (i, j) is near mean + rowBiases[i] + columnBiases[j] + left_i . right_j. */
export interface CompletionModel {
  /** rows x rank */
  readonly left: Dense
  /** columns x rank */
  readonly right: Dense
  readonly mean?: number
  readonly rowBiases?: Float64Array
  readonly columnBiases?: Float64Array
  /** Bounds that predictions are brought into. */
  readonly range?: readonly [low: number, high: number]
  readonly ridge: number
  readonly biasRidge: number
  readonly ridgeScaling: RidgeScaling
  /** Where the observations were counts of implicit feedback: see `CompleteOptions`. */
  readonly confidence?: number
  readonly nonnegative: boolean
  /** Observations of each row and of each column that the model has learnt from. */
  readonly rowCounts: Int32Array
  readonly columnCounts: Int32Array
}

/** `'none'`: the ridge as it is for each row; `'count'`: times the number of its observations. */
export type RidgeScaling = 'none' | 'count'

export type CompletionMethod = 'altMin' | 'als' | 'scaledGd' | 'softImpute' | 'gnmr'

/** Why a completion ended: see `Completion`. */
export type CompletionReason = 'converged' | 'max-iterations' | 'time-limit' | 'stagnated' | 'diverged'

/** A completed matrix, and how it came about. */
export interface Completion extends CompletionModel {
  readonly method: CompletionMethod
  /** Root mean (weighted) square of the errors on the observations that were fitted. */
  readonly trainError: number
  /** Root mean square of the errors on the validation entries, where there are some. */
  readonly validationError?: number
  readonly sweeps: number
  readonly converged: boolean
  /**
   * `'converged'`: the objective settled; `'stagnated'`: the validation error did not fall any more, and the factors are
   * those of its least; `'diverged'`: the objective grew beyond bounds, and the factors are the last that were finite.
   */
  readonly reason: CompletionReason
  /** Errors after each sweep. */
  readonly history: { readonly train: Float64Array; readonly validation?: Float64Array }
  /** How unevenly the factors' columns are spread over rows: n / rank times the largest leverage; 1 at best. */
  readonly coherence: { readonly left: number; readonly right: number }
  /** Rows and columns with fewer observations than the rank. */
  readonly thin: { readonly rows: Int32Array; readonly columns: Int32Array }
}

/** Factors while they are worked on; biases are empty where there are none. */
export interface Factors {
  readonly rank: number
  left: Float64Array
  right: Float64Array
  readonly rowBiases: Float64Array
  readonly columnBiases: Float64Array
}
