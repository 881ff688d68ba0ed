import { refuse } from '../core/errors.ts'
import { bind, run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Csr } from '../sparse/csr.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { upperTriangleOf } from '../sparse/upper.ts'
import { incompleteCholeskySteps } from './incomplete-cholesky.steps.ts'
import { inverseDiagonalOf } from './jacobi.ts'
import type { Factor, Preconditioner } from './kinds.ts'
import { numberOption, recipe } from './recipe.ts'
import { type Keeping, scheduled } from './schedule.ts'

const incompleteCholesky = bind('incompleteCholesky', incompleteCholeskySteps)

/** The relaxation used where none is given: 1 - omega ~ 40 h^2 on grids, so nearer to 1 for more unknowns. */
const defaultOmega = (n: number): number => (n < 10_000 ? 0.99 : 0.999)

/** Options of every preconditioner that solves with triangular factors. */
export interface TriangularOptions {
  /**
   * Solves the rows in order (`'serial'`), by diagonals on all threads (`'diagonals'`, in order where there are too
   * many), or level by level on all threads (`'levels'`). Default `'auto'`: by diagonals from 16 384 unknowns, by level
   * where a level holds 20 000 rows on average, as in coloured orderings.
   */
  readonly schedule?: Keeping['schedule']
  /**
   * `'single'` keeps a factor that is kept by diagonals in half the bytes and computes in double precision. Default
   * `'double'`.
   */
  readonly precision?: Keeping['precision']
  /**
   * Cuts A into this many diagonal blocks of equal size and drops what couples them: blocks are independent of each
   * other, at the price of more iterations. Default 1.
   */
  readonly blocks?: number
}

/** Options of {@link ic0}. */
export interface IncompleteCholeskyOptions extends TriangularOptions {
  /** First shift: A + shift diag(A) is factored. Default 0; raised where a pivot fails. */
  readonly shift?: number
}

/** Options of {@link ric0}. */
export interface RelaxedOptions extends IncompleteCholeskyOptions {
  /** Share of the dropped fill that is moved to the diagonals, in [0, 1]; default .99, .999 from n = 10 000. */
  readonly omega?: number
}

/** Fills in defaults and refuses bad values. */
export function checkTriangular(
  method: string,
  { schedule = 'auto', precision = 'double', blocks = 1 }: TriangularOptions,
): Required<TriangularOptions> {
  if (!['auto', 'serial', 'diagonals', 'levels'].includes(schedule))
    throw refuse('ERR_OPTION', method, 'option schedule', "'auto', 'serial', 'diagonals' or 'levels'", schedule)
  if (precision !== 'double' && precision !== 'single')
    throw refuse('ERR_OPTION', method, 'option precision', "'double' or 'single'", precision)
  integerOption(method, 'blocks', blocks, 1, 1e6)
  return { schedule, precision, blocks }
}

export const checkIncompleteCholesky = (method: string, { shift = 0, ...rest }: IncompleteCholeskyOptions) => ({
  ...checkTriangular(method, rest),
  shift: numberOption(method, 'shift', shift, 0, 1e6),
})

/**
 * Builds U^T D U ~ A on A's pattern. Where no shift up to the ladder's end gives positive pivots, the diagonal serves:
 * what is handed out is always symmetric positive definite.
 */
export function* buildIncompleteCholesky(
  name: string,
  method: string,
  A: Csr,
  omega: number,
  { shift, blocks: most, ...keeping }: Required<IncompleteCholeskyOptions>,
): Steps<Preconditioner> {
  yield* requireSymmetric(method, A)
  const blocks = Math.min(most, Math.max(1, A.rows))
  const triangle = yield* upperTriangleOf(A.pattern, blocks)
  const values = float64(triangle.pattern.columnIndices.length)
  const inverseDiagonal = float64(A.rows)
  const report = yield* run(incompleteCholesky, A, triangle, omega, shift, values, inverseDiagonal)
  if (!report.ok) return { kind: 'jacobi', inverseDiagonal: yield* inverseDiagonalOf(A) }
  const upper = { pattern: triangle.pattern, values }
  const factor: Factor = { kind: 'factor', method: name, upper, inverseDiagonal, blocks, ...settings(report) }
  return yield* scheduled(factor, keeping)
}

const settings = ({ omega, shift, attempts }: { omega: number; shift: number; attempts: number }) => ({
  omega,
  shift,
  attempts,
})

/**
 * Relaxed incomplete Cholesky without fill (Gustafsson): IC(0) with `omega` times the dropped entries moved to the
 * diagonal. 2 to 5 times fewer iterations than `ic0` on diffusion problems at the same cost.
 */
export const ric0 = recipe<RelaxedOptions, RelaxedOptions & Required<IncompleteCholeskyOptions>>(
  'ric0',
  ['omega', 'shift', 'schedule', 'precision', 'blocks'],
  (method, { omega, ...rest }) => ({
    ...checkIncompleteCholesky(method, rest),
    ...(omega === undefined ? {} : { omega: numberOption(method, 'omega', omega, 0, 1) }),
  }),
  (method, A, { omega, ...rest }) => buildIncompleteCholesky('ric0', method, A, omega ?? defaultOmega(A.rows), rest),
)
