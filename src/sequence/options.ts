import { refuse } from '../core/errors.ts'
import { unknownOption } from '../core/method.ts'
import { checkSeed } from '../core/random.ts'
import { numberOption, type Recipe } from '../precondition/recipe.ts'
import { ric0 } from '../precondition/ric0.ts'
import { type Arm, defaultArms, labelOf, recipeOf, ssorBySize } from './arms.ts'
import { binned } from './binned.ts'
import { isDirect } from './direct.ts'
import { WEAKEST } from './dominance.ts'
import type { Learner } from './learner.ts'
import { thompson } from './thompson.ts'

/** What is tuned: omega on a grid, or the whole preconditioner. */
export type Tune =
  | { readonly omega: Learner; readonly grid?: readonly number[] }
  | { readonly preconditioner: Learner; readonly arms?: readonly Arm[] }

/** Options of {@link sequence}. */
export interface SequenceOptions<Step = ArrayLike<number>> {
  /** Default `'cg'`. */
  readonly method?: 'sor' | 'ssor-cg' | 'cg'
  /**
   * `{ omega }`: SOR's, SSOR-CG's, or with `'cg'` that of relaxed incomplete Cholesky, among `grid`. `{ preconditioner }` (with
   * `'cg'`, the default): among `arms`, of which the first is the reference that takes over from one that costs too much. Default: `thompson()`
   * for each ratio of two in which the dominance of A's diagonal lies.
   */
  readonly tune?: Tune
  /** Makes the context of a solve from the value that `solve` is given as `context`. Default: that value itself. */
  readonly context?: (step: Step) => ArrayLike<number>
  /** Of all random choices. Default 0. */
  readonly seed?: number
  /** Counted work (`'cost'`, the default: the same on every machine) or measured time. */
  readonly loss?: 'cost' | 'time'
  /** Whether a solve without `x0` begins at the last solution. Default true. */
  readonly warmStart?: boolean
  readonly rtol?: number
  readonly atol?: number
  readonly maxIterations?: number
  /** Of SOR, as in `sor`. */
  readonly ordering?: 'natural' | 'multicolour'
  /** Of SOR, as in `sor`. */
  readonly relativeTo?: 'rhs' | 'initial'
}

const keys = [
  ...['method', 'tune', 'context', 'seed', 'loss', 'warmStart'],
  ...['rtol', 'atol', 'maxIterations', 'ordering', 'relativeTo'],
]

/** 20 values from 1 to 1.95, as in the paper. */
export const omegaGrid = (): number[] => Array.from({ length: 20 }, (_, i) => (20 + i) / 20)

/** 1 - omega falls by the square root of 10 from 1 to 1e-4; and 1. */
const ricGrid = (): number[] => [...Array.from({ length: 9 }, (_, i) => 1 - 10 ** (-i / 2)), 1]

/** What learns where nothing is said: by how dominant the diagonal is, in ratios of two. */
const byDominance = () => binned(thompson(), { bins: 12, scale: 'log', range: [WEAKEST, 1] })

/** Checked options, defaults filled in. */
export interface Plan {
  readonly method: 'sor' | 'ssor-cg' | 'cg'
  readonly tunes: 'omega' | 'preconditioner'
  readonly learner: Learner
  /** Whether the learner is given the dominance of the matrix as its context. */
  readonly automatic: boolean
  readonly grid: readonly number[]
  readonly arms: readonly Arm[]
  readonly recipes: readonly Recipe[]
  readonly labels: readonly string[]
  readonly seed: number
  readonly loss: 'cost' | 'time'
  readonly warmStart: boolean
  readonly solver: { readonly rtol?: number; readonly atol?: number; readonly maxIterations?: number }
  readonly relaxation: Pick<SequenceOptions, 'ordering' | 'relativeTo'>
}

export function checkSequence<Step>(options: SequenceOptions<Step>): Plan {
  const name = 'sequence'
  if (typeof options !== 'object' || options === null) throw refuse('ERR_OPTION', name, 'options', 'an object', options)
  for (const key of Object.keys(options)) if (!keys.includes(key)) throw unknownOption(name, key, new Set(keys))
  const { method = 'cg', context, seed = 0, loss = 'cost', warmStart = true } = options
  const automatic = options.tune === undefined
  const { tune = method === 'cg' ? { preconditioner: byDominance() } : { omega: byDominance() } } = options
  if (method !== 'sor' && method !== 'ssor-cg' && method !== 'cg')
    throw refuse('ERR_OPTION', name, 'option method', "'sor', 'ssor-cg' or 'cg'", method)
  if (context !== undefined && typeof context !== 'function')
    throw refuse('ERR_OPTION', name, 'option context', 'a function', context)
  if (loss !== 'cost' && loss !== 'time') throw refuse('ERR_OPTION', name, 'option loss', "'cost' or 'time'", loss)
  if (typeof warmStart !== 'boolean') throw refuse('ERR_OPTION', name, 'option warmStart', 'true or false', warmStart)
  checkSeed(name, 'option seed', seed)
  if (typeof tune !== 'object' || tune === null || 'omega' in tune === 'preconditioner' in tune)
    throw refuse('ERR_OPTION', name, 'option tune', '{ omega } or { preconditioner }', tune)
  const tunes = 'omega' in tune ? 'omega' : 'preconditioner'
  const learner = 'omega' in tune ? tune.omega : tune.preconditioner
  if (typeof learner?.choose !== 'function')
    throw refuse('ERR_OPTION', name, `option tune.${tunes}`, 'a learner', learner)
  if (tunes === 'preconditioner' && method !== 'cg')
    throw refuse('ERR_OPTION', name, 'option tune', '{ omega } for this method', tunes)
  if (learner.name === 'formula' && method === 'cg')
    throw refuse('ERR_OPTION', name, 'option tune.omega', 'a learner: there is no formula for this omega', 'formula')

  const { grid = method === 'cg' ? ricGrid() : omegaGrid() } = 'omega' in tune ? tune : {}
  const { arms = defaultArms } = 'preconditioner' in tune ? tune : {}
  if (!Array.isArray(grid) || grid.length === 0)
    throw refuse('ERR_OPTION', name, 'option tune.grid', 'a list of numbers', grid)
  for (const omega of grid) checkOmega(method, omega)
  if (!Array.isArray(arms) || arms.length === 0)
    throw refuse('ERR_OPTION', name, 'option tune.arms', 'a list of preconditioners', arms)
  const recipes =
    tunes === 'preconditioner'
      ? (arms as readonly Arm[]).map(arm => recipeOf(name, arm))
      : method === 'sor'
        ? []
        : grid.map(omega => omegaRecipe(method, omega))
  const labels = tunes === 'omega' ? grid.map(omega => `omega ${Number(omega.toPrecision(6))}`) : arms.map(labelOf)
  if (learner.name === 'fixed') {
    const { value } = learner.options as { value: number }
    if (tunes === 'omega') checkOmega(method, value)
    else if (!Number.isInteger(value) || value < 0 || value >= arms.length)
      throw refuse(
        'ERR_OPTION',
        name,
        'option tune.preconditioner',
        `the number of an arm, below ${arms.length}`,
        value,
      )
  }
  const { rtol, atol, maxIterations, ordering, relativeTo } = options
  return {
    method,
    tunes,
    learner,
    automatic,
    grid,
    arms,
    recipes,
    labels: isDirect(learner) ? [] : labels,
    seed,
    loss,
    warmStart,
    solver: defined({ rtol, atol, maxIterations }),
    relaxation: defined({ ordering, relativeTo }),
  }
}

/** The preconditioner that an omega stands for. */
export const omegaRecipe = (method: Plan['method'], omega: number): Recipe =>
  method === 'cg' ? ric0({ omega }) : ssorBySize({ omega })

export function checkOmega(method: Plan['method'], omega: unknown): number {
  return method === 'cg'
    ? numberOption('sequence', 'tune.omega', omega, 0, 1)
    : numberOption('sequence', 'tune.omega', omega, 0, 2, true)
}

/** Without the entries that are undefined. */
export const defined = <T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
