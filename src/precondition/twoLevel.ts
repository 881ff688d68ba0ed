import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { kernels } from '../core/kernels.ts'
import { sharedInt32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { LdltFactor } from '../direct/kinds.ts'
import { factorSteps } from '../direct/ldlt.ts'
import { trustFactor } from '../direct/validate.ts'
import { Csr } from '../sparse/csr.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { checkIndexArray, trust } from '../sparse/pattern.ts'
import { aggregatesOfSize, coarseMatrix, membersOf } from './coarse-space.steps.ts'
import { ic0 } from './ic0.ts'
import type { Preconditioner, TwoLevel } from './kinds.ts'
import { isRecipe, type Recipe, type RecipeFunction, recipe } from './recipe.ts'

/** Options of {@link twoLevel}. */
export interface TwoLevelOptions {
  /**
   * Unknowns of an aggregate, about; default 64. Or the aggregate of each unknown, from 0 on, -1 for none.
   */
  readonly aggregates?: number | ArrayLike<number>
}

interface WithBase extends TwoLevelOptions {
  readonly base?: Recipe
}

interface Checked {
  readonly base: Recipe
  readonly aggregates: number | ArrayLike<number>
}

function check(method: string, { base = ic0, aggregates = 64 }: WithBase): Checked {
  if (!isRecipe(base)) throw refuse('ERR_OPTION', method, 'option base', 'a recipe', base)
  if (typeof aggregates !== 'number') checkIndexArray(method, 'option aggregates', aggregates)
  else if (!Number.isInteger(aggregates) || aggregates < 2 || aggregates > 1e6)
    throw refuse('ERR_OPTION', method, 'option aggregates', 'an integer from 2 to 1000000, or an array', aggregates)
  return { base, aggregates }
}

function* build(method: string, A: Csr, { base: recipeOfBase, aggregates: wanted }: Checked): Steps<Preconditioner> {
  yield* requireSymmetric(method, A)
  const base = yield* recipeOfBase.build(method, A)
  if (base.kind !== 'jacobi' && base.kind !== 'factor' && base.kind !== 'levels' && base.kind !== 'diagonals')
    throw refuse('ERR_OPTION', method, 'option base', 'jacobi, or one with triangular factors', base.kind)
  const { grain } = kernels
  const found = typeof wanted === 'number' ? yield* aggregatesOfSize(grain, A, wanted) : given(method, wanted, A.rows)
  const E = yield* coarseMatrix(grain, A, found.aggregates, found.count)
  const matrix = Csr.from({ pattern: trust(E.pattern), values: E.values }, method)
  const { order, starts, rowStarts, rows, values, diagonal, scale, inertia } = yield* factorSteps(method, matrix, {})
  if (inertia.negative > 0) return base
  const coarse = trustFactor<LdltFactor>({ kind: 'ldlt', order, starts, rowStarts, rows, values, diagonal, scale })
  const { aggregates, count } = found
  const two: TwoLevel = { kind: 'two-level', base, aggregates, ...membersOf(aggregates, count), coarse }
  return two
}

function given(method: string, list: ArrayLike<number>, n: number): { aggregates: Int32Array; count: number } {
  const aggregates = sharedInt32(checkIndexArray(method, 'option aggregates', list))
  if (aggregates.length !== n) throw refuse('ERR_SHAPE', method, 'option aggregates', `${n} long`, aggregates.length)
  let count = 0
  for (let i = 0; i < n; i++) {
    if (aggregates[i]! < -1 || aggregates[i]! >= n)
      throw refuse('ERR_INDEX', method, `option aggregates[${i}]`, `from -1 to ${n - 1}`, aggregates[i])
    count = Math.max(count, aggregates[i]! + 1)
  }
  return { aggregates, count }
}

const inner = recipe<WithBase, Checked>('twoLevel', ['base', 'aggregates'], check, build)

/** {@link twoLevel}: its base may come first, on its own; without one it is `ic0`. */
export interface TwoLevelFunction extends RecipeFunction<TwoLevelOptions & { readonly base?: Recipe }> {
  /** The recipe with this base and these options. */
  (base: Recipe, options?: TwoLevelOptions): Recipe
}

const call = (first?: Recipe | WithBase | CsrData, options?: WithBase & ControlOptions) =>
  isRecipe(first) ? inner({ ...options, base: first }) : (inner as (...args: unknown[]) => unknown)(first, options)

/**
 * A preconditioner and a coarse space, added: z = base^-1 r + P E^-1 P^T r, E = P^T A P, with P piecewise constant on
 * aggregates of unknowns (Nicolaides 1987). E is factored once. Fewer iterations where the base alone needs many:
 * about 50 on diffusion problems of up to 10^6 unknowns with `ic0` and aggregates of 64.
 */
export const twoLevel: TwoLevelFunction = Object.assign(call as unknown as TwoLevelFunction, {
  recipe: inner.recipe,
  build: inner.build,
  sync: inner.sync,
})
