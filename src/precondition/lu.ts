import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { type DenseLu, type DenseLuOptions, denseLu } from '../dense/lu.ts'
import type { Lu, LuFactor } from '../direct/kinds.ts'
import type { LuSettings } from '../direct/lu.steps.ts'
import { factorLu, type LuOrdering, orderings } from '../direct/lu.ts'
import type { Csr } from '../sparse/csr.ts'
import { requireFinite } from '../sparse/examine.ts'
import { trust } from '../sparse/pattern.ts'
import { numberOption, type Recipe, type RecipeFunction, recipe } from './recipe.ts'

/** Options of {@link lu}. */
export interface LuOptions {
  /**
   * The order of elimination: `'natural'`, `'symmetric'` (minimum degree on A + A^T), `'rows'` (on A A^T), or `'auto'`, the
   * default: `'symmetric'` where the diagonal has no zeros and half of the entries have a partner across it, else `'rows'`.
   */
  readonly ordering?: LuOrdering
  /**
   * A pivot is taken on the diagonal where that is at least this share of its row's largest entry. Default 0.01 for the ordering
   * `'symmetric'`, otherwise 1.
   */
  readonly pivotTolerance?: number
}

const sparse = recipe<LuOptions, Required<Pick<LuOptions, 'ordering'>> & LuOptions, Lu>(
  'lu',
  ['ordering', 'pivotTolerance'],
  checkLu,
  function* (method, A, { ordering, pivotTolerance }) {
    const settings = { dropTolerance: 0, maxFill: Number.POSITIVE_INFINITY, pivotTolerance }
    const F = yield* luRecord('lu', method, A, ordering, settings)
    return { ...F, method: 'lu', matrix: A, ok: F.zeroPivots === 0 }
  },
)

type SparseLu = RecipeFunction<LuOptions, Lu>

/** A dense matrix, told from a sparse one, which has values as well. */
interface NoPattern {
  readonly pattern?: never
}

/** `lu.sync`: {@link lu}, blocking. */
export interface LuSync {
  (A: Dense & NoPattern, options?: DenseLuOptions & ControlOptions): DenseLu
  (A: CsrData, options?: LuOptions & ControlOptions): Lu
}

/** {@link lu} of a dense and of a sparse matrix, and as a recipe. */
export type LuFunction = {
  (options?: LuOptions): Recipe
  (A: Dense & NoPattern, options?: DenseLuOptions & ControlOptions): Promise<DenseLu>
  (A: CsrData, options?: LuOptions & ControlOptions): Promise<Lu>
  readonly sync: LuSync
} & Pick<SparseLu, 'recipe' | 'build'>

/**
 * A factorization P A Q = L D U with pivoting by columns, for matrices that nothing else is good for: for `solveWith`, and
 * as a preconditioner, where it leaves one or two iterations. Memory and time are those of the fill. Of a dense matrix it
 * is P A = L U with partial pivoting, 2 n^3 / 3 flops.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION, ERR_MEMORY
 */
export const lu: LuFunction = Object.assign(
  ((A?: Dense | CsrData | LuOptions, options?: object) =>
    isDense(A) ? denseLu.async(A, options) : sparse(A as CsrData, options)) as LuFunction,
  {
    recipe: sparse.recipe,
    build: sparse.build,
    sync: ((A: Dense | CsrData, options?: object) =>
      isDense(A) ? denseLu.sync(A, options) : sparse.sync(A as CsrData, options)) as LuSync,
  },
)

/** Checks the options that all factorizations with pivots have. */
export function checkLu(
  method: string,
  { ordering = 'auto', pivotTolerance }: LuOptions,
): Required<Pick<LuOptions, 'ordering'>> & LuOptions {
  if (!orderings.includes(ordering))
    throw refuse('ERR_OPTION', method, 'option ordering', `one of ${orderings.join(', ')}`, ordering)
  if (pivotTolerance === undefined) return { ordering }
  return { ordering, pivotTolerance: numberOption(method, 'pivotTolerance', pivotTolerance, 0, 1) }
}

/** Factors A and makes the record. */
export function* luRecord(
  name: string,
  method: string,
  A: Csr,
  ordering: LuOrdering,
  settings: Omit<LuSettings, 'pivotTolerance'> & { readonly pivotTolerance: number | undefined },
): Steps<LuFactor & Pick<Lu, 'zeroPivots'>> {
  yield* requireFinite(method, A)
  const { replaced: zeroPivots, ...arrays } = yield* factorLu(A, ordering, settings)
  trust(arrays.lower.pattern)
  trust(arrays.upper.pattern)
  return { kind: 'lu', method: name, ...arrays, zeroPivots }
}
