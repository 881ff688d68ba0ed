import { refuse } from '../core/errors.ts'
import { kernels } from '../core/kernels.ts'
import { bind, type Call, forms, run } from '../core/method.ts'
import { copied, float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { ownVector } from '../core/vector.ts'
import { type Solution, solution } from '../krylov/solution.ts'
import { checkOperator, checkStopping, type SolverOptions } from '../krylov/solver.ts'
import { largestOf, rescale, unitOf, unscale } from '../krylov/units.ts'
import { numberOption } from '../precondition/recipe.ts'
import { Csr } from '../sparse/csr.ts'
import { requireFinite, requireSymmetric } from '../sparse/examine.ts'
import { residual } from '../sparse/operator.steps.ts'
import { upperTriangleOf } from '../sparse/upper.ts'
import { colouringOf, uncoloured } from './colouring.ts'
import { sorSteps } from './sor.steps.ts'

/** Options of {@link sor}. */
export interface SorOptions extends Omit<SolverOptions, 'preconditioner' | 'nullspace'> {
  /** Relaxation in (0, 2); default 1, which is the Gauss-Seidel method. */
  readonly omega?: number
  /** A backward sweep after each forward one: SSOR. Both count as one iteration. Default false. */
  readonly symmetric?: boolean
  /**
   * Rows in their order (`'natural'`, the default, on one thread), colour by colour (`'multicolour'`, on all threads;
   * red-black where two colours suffice), or all from the same x (`'simultaneous'`: the Jacobi method, damped by omega).
   */
  readonly ordering?: 'natural' | 'multicolour' | 'simultaneous'
  /** What `rtol` is relative to: ||b|| (`'rhs'`, the default) or the residual of the first guess (`'initial'`). */
  readonly relativeTo?: 'rhs' | 'initial'
}

const bound = bind('sor', sorSteps)
const keys = [
  ...['omega', 'symmetric', 'ordering', 'relativeTo'],
  ...['rtol', 'atol', 'maxIterations', 'x0', 'history'],
] as const

/**
 * Solves A x = b by successive over-relaxation. It converges for every symmetric positive definite A and omega in
 * (0, 2). As many iterations as Jacobi's method squared by the best omega, still more than `cg`: it is a smoother and the
 * subject of `sequence` rather than the fastest solver. Workspace 3n doubles, with colours the off-diagonal entries and
 * 3n more. `sorSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION; ERR_SINGULAR where a diagonal entry is not
 * positive; ERR_NOT_SYMMETRIC with `symmetric` or colours
 */
export const { async: sor, sync: sorSync } = forms<[CsrData, ArrayLike<number>, SorOptions?], Solution>(
  'sor',
  2,
  keys,
  (call, A, b, options = {}) => solveSor(call, A, b, options),
)

/** The inside of {@link sor}, for methods that compose it. */
export function* solveSor(call: Call, given: CsrData, rhs: ArrayLike<number>, options: SorOptions): Steps<Solution> {
  const A = checkOperator(call.name, given)
  if (!(A instanceof Csr)) throw refuse('ERR_TYPE', call.name, 'A', 'a matrix: relaxation needs its rows', given)
  const n = A.rows
  const { ordering, sweeping, initial } = checkSweeping(call.name, options)
  const b = yield* ownVector(call, 'b', rhs, n)
  const checked = checkStopping(call.name, n, options)
  const x = float64(n)
  if (options.x0 !== undefined) x.set(yield* ownVector(call, 'option x0', options.x0 as ArrayLike<number>, n))
  const needsSymmetry = sweeping.symmetric || ordering === 'multicolour'
  const facts = yield* (needsSymmetry ? requireSymmetric : requireFinite)(call.name, A)
  const { diagonal } = yield* upperTriangleOf(A.pattern, 1)
  for (let i = 0; i < n; i++) {
    const d = diagonal[i]! < 0 ? 0 : A.values[diagonal[i]!]!
    if (!(d > 0)) throw refuse('ERR_SINGULAR', call.name, `the diagonal entry of row ${i}`, 'positive', d)
  }
  const colours = ordering === 'multicolour' ? yield* colouringOf(A.pattern) : uncoloured

  const units = { matrix: unitOf(facts.largest), rhs: unitOf(largestOf(b)) }
  const system = units.matrix === 1 ? A : A.withValues(copied(A.values, units.matrix))
  const scaledB = units.rhs === 1 ? b : copied(b, units.rhs)
  if (largestOf(b) === 0) x.fill(0)
  else rescale(x, units.rhs, units.matrix)
  const stopping = { ...checked, atol: checked.atol * units.rhs }
  if (initial && checked.warm) {
    const first = Math.sqrt(yield* residual(kernels, system, x, scaledB, float64(n)))
    stopping.atol = Math.max(stopping.atol, checked.rtol * first)
    stopping.rtol = 0
  }

  const begun = performance.now()
  const outcome = yield* run(bound, system, scaledB, x, diagonal, colours, sweeping, stopping)
  const rhsNorm = Math.sqrt(kernels.dot(scaledB, scaledB))
  const held = unscale(x, units.matrix, units.rhs)
  const ended = held ? outcome : { ...outcome, reason: 'not-finite' as const, residualNorm: rhsNorm }
  return solution(call, bound.name, [system], x, rhsNorm, ended, {
    begun,
    history: checked.history,
    units: { residual: units.rhs, eigenvalue: 1 },
  })
}

function checkSweeping(method: string, options: SorOptions) {
  const { omega = 1, symmetric = false, ordering = 'natural', relativeTo = 'rhs' } = options
  numberOption(method, 'omega', omega, 0, 2, true)
  if (typeof symmetric !== 'boolean') throw refuse('ERR_OPTION', method, 'option symmetric', 'true or false', symmetric)
  if (ordering !== 'natural' && ordering !== 'multicolour' && ordering !== 'simultaneous')
    throw refuse('ERR_OPTION', method, 'option ordering', "'natural', 'multicolour' or 'simultaneous'", ordering)
  if (symmetric && ordering === 'simultaneous')
    throw refuse('ERR_OPTION', method, 'option symmetric', 'false where all rows are relaxed at once', symmetric)
  if (relativeTo !== 'rhs' && relativeTo !== 'initial')
    throw refuse('ERR_OPTION', method, 'option relativeTo', "'rhs' or 'initial'", relativeTo)
  const sweeping = { omega, symmetric, simultaneous: ordering === 'simultaneous' }
  return { ordering, sweeping, initial: relativeTo === 'initial' }
}
