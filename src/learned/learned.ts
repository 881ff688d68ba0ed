import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { integerOption } from '../core/options.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Preconditioner } from '../precondition/kinds.ts'
import { type Recipe, recipe } from '../precondition/recipe.ts'
import type { Csr } from '../sparse/csr.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { buildLearnedAmg } from './learned-amg.ts'
import { buildLearnedFactor, buildLearnedRelaxation } from './learned-factor.ts'
import { shippedWeights } from './shipped.ts'
import { checkWeights, type PreconditionerWeights } from './weights.ts'

/** Options of {@link learned}. All but the first are for weights of the model `'prolongation'`. */
export interface LearnedOptions {
  /** Default: those that come with krylov. */
  readonly weights?: PreconditionerWeights
  /** As in `amg`; default `'v'`, for which the shipped weights were trained. */
  readonly cycle?: 'v' | 'w'
  /** As in `amg`. */
  readonly precision?: 'single' | 'double'
  /**
   * Whether 8 steps of CG on a random system are run with it and with smoothed aggregation, and the learned one is kept
   * only where it leaves a residual that is no more than 5% larger. Default false.
   */
  readonly probe?: boolean
  /** Solves that it will serve; from 8 on, such a probe is run once for a pattern. Default 1. */
  readonly reuse?: number
}

interface Checked {
  readonly weights: PreconditionerWeights
  readonly cycle: 'v' | 'w' | undefined
  readonly precision: 'single' | 'double' | undefined
  readonly probe: boolean
  readonly reuse: number
}

function check(method: string, options: LearnedOptions): Checked {
  const { weights = shippedWeights(), cycle, precision, probe = false, reuse = 1 } = options
  if (cycle !== undefined && cycle !== 'v' && cycle !== 'w')
    throw refuse('ERR_OPTION', method, 'option cycle', "'v' or 'w'", cycle)
  if (precision !== undefined && precision !== 'single' && precision !== 'double')
    throw refuse('ERR_OPTION', method, 'option precision', "'single' or 'double'", precision)
  if (typeof probe !== 'boolean') throw refuse('ERR_OPTION', method, 'option probe', 'true or false', probe)
  integerOption(method, 'reuse', reuse, 1, 2 ** 31 - 1)
  return { weights: checkWeights(method, 'option weights', weights), cycle, precision, probe, reuse }
}

function* build(method: string, A: Csr, { weights, ...settings }: Checked): Steps<Preconditioner> {
  yield* requireSymmetric(method, A)
  if (weights.model === 'incompleteFactor') return yield* buildLearnedFactor(method, A, weights)
  if (weights.model === 'relaxation') return yield* buildLearnedRelaxation(method, A, weights)
  return yield* buildLearnedAmg(method, A, weights, settings)
}

const made = recipe<LearnedOptions, Checked>(
  'learned',
  ['weights', 'cycle', 'precision', 'probe', 'reuse'],
  check,
  build,
)

/** {@link learned}: a recipe. */
export interface LearnedFunction extends Recipe {
  /** The recipe with these weights, or those that come with krylov. */
  (weights?: PreconditionerWeights, options?: Omit<LearnedOptions, 'weights'>): Recipe
  /** Builds the preconditioner of A off the JavaScript thread. */
  (A: CsrData, options?: LearnedOptions & ControlOptions): Promise<Preconditioner>
  /** Builds the preconditioner of A, blocking. */
  readonly sync: (A: CsrData, options?: LearnedOptions & ControlOptions) => Preconditioner
}

const isMatrix = (value: unknown): value is CsrData => typeof value === 'object' && value !== null && 'pattern' in value

/**
 * A preconditioner that was trained. With the weights that come with krylov, smoothed aggregation whose prolongations,
 * smoothers and coarse corrections are weighed by networks: some 10% fewer iterations of `cg` than `amg` at the same cost
 * of each. Positive definite whatever the weights are. Where a solve contracts worse than what the weights were trained
 * for, it goes on with a classical one, and `solution.preconditioner` says so.
 */
export const learned: LearnedFunction = Object.assign(
  (first?: PreconditionerWeights | CsrData, options: LearnedOptions & ControlOptions = {}) => {
    if (isMatrix(first)) return made(first, options)
    return made(first === undefined ? options : { ...options, weights: first })
  },
  { recipe: 'learned', build: made.build, sync: made.sync },
) as LearnedFunction
