import type { ControlOptions } from '../core/control.ts'
import { KrylovError, refuse } from '../core/errors.ts'
import { kernels } from '../core/kernels.ts'
import { int32, sharedInt32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { Csr } from '../sparse/csr.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { checkIndexArray, trust } from '../sparse/pattern.ts'
import { reverseCuthillMckee } from '../sparse/reverse-cuthill-mckee.ts'
import { aggregatesOfSize, coarseMatrix, envelopeSize, membersOf, withEnvelope } from './coarse-space.steps.ts'
import { ic0 } from './ic0.ts'
import type { Preconditioner, TwoLevel } from './kinds.ts'
import { isRecipe, type Recipe, type RecipeFunction, recipe } from './recipe.ts'
import { buildIncompleteCholesky } from './ric0.ts'

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

/** Entries of the coarse matrix's envelope, at most: 400 MB with their columns. */
const MOST_ENTRIES = 2 ** 24

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
  const coarse = Csr.from({ pattern: trust(E.pattern), values: E.values }, method)
  const order = reverseCuthillMckee(coarse)
  const permuted = coarse.permute(order)
  if (envelopeSize(permuted) > MOST_ENTRIES)
    throw new KrylovError(
      'ERR_MEMORY',
      `${method}: the coarse matrix of ${found.count} aggregates is too large to factor; larger aggregates have fewer`,
    )
  const number = int32(found.count)
  order.forEach((c, p) => {
    number[c] = p
  })
  const aggregates = int32(A.rows)
  for (let i = 0; i < A.rows; i++) aggregates[i] = found.aggregates[i]! < 0 ? -1 : number[found.aggregates[i]!]!
  const filled = withEnvelope(permuted)
  const matrix = Csr.from({ pattern: trust(filled.pattern), values: filled.values }, method)
  const options = { shift: 0, schedule: 'serial', precision: 'double', blocks: 1 } as const
  const factor = yield* buildIncompleteCholesky('twoLevel', method, matrix, 0, options)
  if (factor.kind !== 'factor') return base
  const two: TwoLevel = { kind: 'two-level', base, aggregates, ...membersOf(aggregates, found.count), coarse: factor }
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
