import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { bind, run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { fillNormal } from '../core/random.ts'
import { float64, sharedFloat64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Pattern } from '../core/types.ts'
import { cgMethod } from '../krylov/cg.ts'
import { amg, finestOf, RATIO } from '../precondition/amg.ts'
import { LEVEL_FIELDS } from '../precondition/hierarchy.steps.ts'
import type { Amg, AmgNotes, Preconditioner } from '../precondition/kinds.ts'
import { type Recipe, recipe } from '../precondition/recipe.ts'
import type { Csr } from '../sparse/csr.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { learnedAmgSteps } from './setup.steps.ts'
import { shippedWeights } from './shipped.ts'
import { ratioOf } from './smoother-head.ts'
import { checkWeights, type PreconditionerWeights, shapeOf } from './weights.ts'

const learnedAmg = bind('learnedAmg', learnedAmgSteps)

/** Options of {@link learned}. */
export interface LearnedOptions {
  /** Default: those that come with krylov. */
  readonly weights?: PreconditionerWeights
  /** As in `amg`; default `'w'`. */
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
  readonly cycle: 'v' | 'w'
  readonly precision: 'single' | 'double' | undefined
  readonly probe: boolean
  readonly reuse: number
}

function check(method: string, options: LearnedOptions): Checked {
  const { weights = shippedWeights(), cycle = 'w', precision, probe = false, reuse = 1 } = options
  if (cycle !== 'v' && cycle !== 'w') throw refuse('ERR_OPTION', method, 'option cycle', "'v' or 'w'", cycle)
  if (precision !== undefined && precision !== 'single' && precision !== 'double')
    throw refuse('ERR_OPTION', method, 'option precision', "'single' or 'double'", precision)
  if (typeof probe !== 'boolean') throw refuse('ERR_OPTION', method, 'option probe', 'true or false', probe)
  integerOption(method, 'reuse', reuse, 1, 2 ** 31 - 1)
  return { weights: checkWeights(method, 'option weights', weights), cycle, precision, probe, reuse }
}

/** What `amg` has by default. */
const settings = {
  threshold: 0.08,
  damping: 4 / 3,
  coarsest: 256,
  blockSize: 1,
  columns: 0,
  l1: false,
  constant: false,
}

function* build(method: string, A: Csr, { weights, cycle, precision, probe, reuse }: Checked): Steps<Preconditioner> {
  yield* requireSymmetric(method, A)
  const bits = precision === undefined ? 0 : precision === 'single' ? 32 : 64
  const networks = { ...shapeOf(weights), numbers: weights.numbers }
  const { ok, ...built } = yield* run(learnedAmg, A, { ...settings, bits }, networks)
  const classical = amg({ cycle, ...(precision === undefined ? {} : { precision }) })
  if (!ok) return because(yield* classical.build(method, A), 'the learned hierarchy is not positive definite')
  const M: Amg & AmgNotes = {
    kind: 'amg',
    cycle,
    smoother: 'chebyshev',
    degree: 2,
    pattern: A.pattern,
    ...built,
    ...finestOf(A, built),
    ratios: ratiosOf(weights, built),
    blockSize: 1,
    near: float64(0),
    columns: 0,
    constant: false,
    damping: settings.damping,
    learned: weights.rate,
  }
  const known = verdicts.get(A.pattern)
  if (!probe && (reuse < REUSED || known === true)) return M
  const other = yield* classical.build(method, A)
  const kept = (probe ? undefined : known) ?? (yield* contractsAsWell(A, M, other))
  verdicts.set(A.pattern, kept)
  return kept ? M : because(other, 'a probe found the learned one slower')
}

const REUSED = 8 // solves, from which on a probe pays
const PROBE = 8 // iterations of one
const SLOWER = 1.05 // residuals, beyond which the learned one is not kept

/** What probes found, by pattern. */
const verdicts = new WeakMap<Pattern, boolean>()

/** Whether some iterations on a random system leave no more of the residual with M than with `other`. */
function* contractsAsWell(A: Csr, M: Preconditioner, other: Preconditioner): Steps<boolean> {
  const b = float64(A.rows)
  fillNormal(b, 0)
  const stopping = { rtol: 0, atol: 0, maxIterations: PROBE, warm: false, history: false, slow: 0 }
  const norms: number[] = []
  for (const one of [M, other])
    norms.push((yield* run(cgMethod, A, b, float64(A.rows), one, float64(0), stopping)).residualNorm)
  return norms[0]! <= SLOWER * norms[1]!
}

const because = (M: Preconditioner, why: string): Preconditioner => {
  const noted: (Amg & AmgNotes) | undefined = M.kind === 'amg' ? { ...M, why } : undefined
  return noted ?? M
}

/** The ratio of the smoother on each level. */
function ratiosOf({ smoother }: PreconditionerWeights, { levels, largest }: Pick<Amg, 'levels' | 'largest'>) {
  return sharedFloat64(
    Array.from(largest, (bound, l) => {
      const at = LEVEL_FIELDS * l
      if (l + 1 === largest.length) return RATIO
      const facts = {
        unknowns: levels[at]!,
        coarse: levels[at + LEVEL_FIELDS]!,
        entries: levels[at + 1]!,
        largest: bound,
      }
      return ratioOf(smoother, facts, RATIO)
    }),
  )
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
 * Smoothed aggregation whose prolongations and smoothers are weighed by trained networks: some 10% fewer iterations of `cg`
 * than `amg` at the same cost of each. Positive definite whatever the weights are. Where a solve contracts worse than
 * what the weights were trained for, it goes on with `amg`, and `solution.preconditioner` says so.
 */
export const learned: LearnedFunction = Object.assign(
  (first?: PreconditionerWeights | CsrData, options: LearnedOptions & ControlOptions = {}) => {
    if (isMatrix(first)) return made(first, options)
    return made(first === undefined ? options : { ...options, weights: first })
  },
  { recipe: 'learned', build: made.build, sync: made.sync },
) as LearnedFunction
