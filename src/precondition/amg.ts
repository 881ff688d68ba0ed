import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { bind, forms, run } from '../core/method.ts'
import { float64, sharedFloat64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { Csr } from '../sparse/csr.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import { type AmgSettings, amgSteps, amgUpdateSteps } from './amg.steps.ts'
import { inverseDiagonalOf } from './jacobi.ts'
import { type Amg, because, type Noted, type Preconditioner } from './kinds.ts'
import { numberOption, type RecipeFunction, recipe } from './recipe.ts'
import { checkPreconditioner } from './validate.ts'

const amgSetup = bind('amgSetup', amgSteps)
const amgUpdate = bind('amgUpdate', amgUpdateSteps)

/** Options of {@link amg}. */
export interface AmgOptions {
  /**
   * Default `'v'`; `'w'` turns to every level from the third on twice, which saves iterations where the couplings of one
   * direction are far stronger than those of others. A K-cycle, `'k'`, is not linear: it needs `cg` with `flexible: true`.
   */
  readonly cycle?: 'v' | 'w' | 'k'
  /** Default `'chebyshev'`; `'jacobi'` and `'l1'` relax with the diagonal, or with the sums of the rows' magnitudes. */
  readonly smoother?: 'chebyshev' | 'jacobi' | 'l1'
  /** Steps of the smoother before and after each coarse correction, 1 to 20; default 2. */
  readonly degree?: number
  /** The Chebyshev smoother damps the part [largest / ratio, largest] of the spectrum; above 1, default 6.5. */
  readonly ratio?: number
  /** Couplings count as strong where |a_ij| > threshold sqrt(a_ii a_jj); halved from level to level. Default 0.08. */
  readonly threshold?: number
  /** Of the step that smooths the prolongation: omega = damping / bound of the spectrum, in [0, 2). Default 1.5. */
  readonly damping?: number
  /** Unknowns of the coarsest level, at most; default 256. It is factored densely. */
  readonly coarsest?: number
  /**
   * Vectors that A nearly annihilates, as the columns of a dense n x k matrix: rigid body modes in elasticity. Default
   * the constant vector.
   */
  readonly nearNullspace?: Dense
  /** Neighbouring unknowns that belong to one node, 2 or 3 in elasticity; default 1. */
  readonly blockSize?: number
  /**
   * Of a cycle: its numbers, vectors and arithmetic. Default `'single'`, unless the diagonal's entries differ by more
   * than 10^6.
   */
  readonly precision?: 'single' | 'double'
  /** `'constant'` where A is singular and constants are its null space. */
  readonly nullspace?: 'constant'
}

interface Checked extends AmgSettings {
  readonly cycle: 'v' | 'w' | 'k'
  readonly smoother: 'chebyshev' | 'jacobi' | 'l1'
  readonly degree: number
  readonly ratio: number
  readonly near: Dense | undefined
}

/** Of the largest eigenvalue to the smallest that a smoother damps: see bench/learned/tune.ts. */
export const RATIO = 6.5

/** Omega of smoothed aggregation times the bound of the spectrum: see the same. */
export const DAMPING = 1.5

const keys = [
  'cycle',
  'smoother',
  'degree',
  'ratio',
  'threshold',
  'damping',
  'coarsest',
  'nearNullspace',
  'blockSize',
  'precision',
  'nullspace',
] as const

function oneOf<T extends string>(method: string, name: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find(one => one === value)
  if (found === undefined)
    throw refuse('ERR_OPTION', method, `option ${name}`, allowed.map(one => `'${one}'`).join(' or '), value)
  return found
}

function count(method: string, name: string, value: unknown, low: number, high: number): number {
  if (!Number.isInteger(value)) throw refuse('ERR_OPTION', method, `option ${name}`, 'an integer', value)
  return numberOption(method, name, value, low, high)
}

function check(method: string, options: AmgOptions): Checked {
  const {
    cycle = 'v',
    smoother = 'chebyshev',
    degree = 2,
    threshold = 0.08,
    damping = DAMPING,
    coarsest = 256,
  } = options
  const { ratio = RATIO } = options
  const { nearNullspace, blockSize = 1, precision, nullspace } = options
  if (nearNullspace !== undefined) checkNear(method, nearNullspace)
  return {
    cycle: oneOf(method, 'cycle', cycle, ['v', 'w', 'k']),
    smoother: oneOf(method, 'smoother', smoother, ['chebyshev', 'jacobi', 'l1']),
    degree: count(method, 'degree', degree, 1, 20),
    ratio: numberOption(method, 'ratio', ratio, 1.01, 1e6),
    threshold: numberOption(method, 'threshold', threshold, 0, 1),
    damping: numberOption(method, 'damping', damping, 0, 1.99),
    coarsest: count(method, 'coarsest', coarsest, 1, 4096),
    near: nearNullspace,
    columns: nearNullspace?.columns ?? 0,
    blockSize: count(method, 'blockSize', blockSize, 1, 16),
    bits:
      precision === undefined ? 0 : oneOf(method, 'precision', precision, ['single', 'double']) === 'single' ? 32 : 64,
    constant: nullspace !== undefined && oneOf(method, 'nullspace', nullspace, ['constant']) === 'constant',
    l1: smoother === 'l1',
  }
}

function checkNear(method: string, near: unknown): void {
  const { rows, columns, values } = (near ?? {}) as Partial<Dense>
  const whole = Number.isInteger(rows) && Number.isInteger(columns) && columns! >= 1 && columns! <= 16
  if (!whole || values === undefined)
    throw refuse('ERR_OPTION', method, 'option nearNullspace', 'a dense n x k matrix, k from 1 to 16', near)
  checkFinite(method, 'option nearNullspace', checkVector(method, 'option nearNullspace', values, rows! * columns!))
}

function* build(method: string, A: Csr, options: Checked): Steps<Preconditioner> {
  const { cycle, smoother, degree, ratio, near: given, ...settings } = options
  const { damping } = settings
  yield* requireSymmetric(method, A)
  if (given !== undefined && given.rows !== A.rows)
    throw refuse('ERR_SHAPE', method, 'option nearNullspace', `${A.rows} rows`, given.rows)
  if (A.rows % settings.blockSize !== 0)
    throw refuse('ERR_OPTION', method, 'option blockSize', `a divisor of ${A.rows}`, settings.blockSize)
  const near = sharedFloat64(given?.values ?? new Float64Array(0))
  const { ok, ...built } = yield* run(amgSetup, A, near, settings)
  if (!ok) return { kind: 'jacobi', inverseDiagonal: yield* inverseDiagonalOf(A) }
  const { blockSize, columns, constant } = settings
  return {
    kind: 'amg',
    cycle,
    smoother,
    degree,
    pattern: A.pattern,
    ...built,
    ...finestOf(A, built),
    ratios: float64(built.largest.length).fill(ratio),
    blockSize,
    near,
    columns,
    constant,
    damping,
  }
}

const updateForms = forms<[Preconditioner, CsrData, ControlOptions?], Preconditioner>(
  'amg.update',
  2,
  [],
  function* (call, given, matrix) {
    const A = Csr.from(matrix, call.name)
    const M = checkPreconditioner(call.name, given, A.rows)
    yield* requireSymmetric(call.name, A)
    if (M.kind !== 'amg') return yield* build(call.name, A, check(call.name, {}))
    if (!samePattern(M.pattern, A.pattern))
      throw refuse('ERR_SHAPE', call.name, 'A', 'of the pattern that the hierarchy was built for', 'another pattern')
    const { ok, ...values } = yield* run(amgUpdate, A, M, {
      threshold: 0,
      damping: M.damping,
      coarsest: 0,
      blockSize: M.blockSize,
      columns: M.columns,
      l1: M.smoother === 'l1',
      bits: M.finest instanceof Float32Array ? 32 : 64,
      constant: M.constant,
    })
    if (!ok) return { kind: 'jacobi', inverseDiagonal: yield* inverseDiagonalOf(A) }
    const { learned, ...kept } = M as Amg & Noted
    const updated = { ...kept, ...values, ...finestOf(A, values), pattern: A.pattern }
    return learned === undefined ? updated : because(updated, 'amg.update keeps patterns, not how terms were weighed')
  },
)

/** In double precision the finest level is A itself. */
export const finestOf = (
  A: Csr,
  { finest, inverseDiagonal }: Pick<Amg, 'finest' | 'inverseDiagonal'>,
): Pick<Amg, 'finest'> => ({
  finest: inverseDiagonal instanceof Float32Array ? finest : A.values,
})

function samePattern(a: Amg['pattern'], b: Amg['pattern']): boolean {
  if (a === b) return true
  const equal = (x: Int32Array, y: Int32Array) => x === y || (x.length === y.length && x.every((v, i) => v === y[i]))
  return equal(a.rowPointers, b.rowPointers) && equal(a.columnIndices, b.columnIndices)
}

/** {@link amg}: a recipe, and what brings a hierarchy to the next matrix of a sequence. */
export interface AmgFunction extends RecipeFunction<AmgOptions> {
  /**
   * The hierarchy of a matrix with the same pattern as that which `M` was built for, and other values: aggregates and the
   * patterns of all products are kept. Where M is no hierarchy (it fell back), a new one is built.
   */
  readonly update: (M: Preconditioner, A: CsrData, options?: ControlOptions) => Promise<Preconditioner>
  /** `update`, blocking. */
  readonly updateSync: (M: Preconditioner, A: CsrData, options?: ControlOptions) => Preconditioner
}

/**
 * Algebraic multigrid by smoothed aggregation (Vanek, Mandel and Brezina 1996). About 10 to 15 iterations of `cg` on
 * diffusion problems of any size. Where A has a diagonal entry that is not positive, or proves indefinite, the diagonal
 * alone serves.
 */
export const amg: AmgFunction = Object.assign(recipe<AmgOptions, Checked>('amg', keys, check, build), {
  update: updateForms.async,
  updateSync: updateForms.sync,
})
