import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { kernels } from '../core/kernels.ts'
import { type Bound, type Call, type Forms, forms, run } from '../core/method.ts'
import { copied, float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense, Operator } from '../core/types.ts'
import { ownVector } from '../core/vector.ts'
import { amg } from '../precondition/amg.ts'
import type { AnyPreconditioner, Preconditioner, PreconditionerFunction } from '../precondition/kinds.ts'
import { isRecipe, numberOption, type Recipe } from '../precondition/recipe.ts'
import { Csr } from '../sparse/csr.ts'
import { requireFinite, requireSymmetric } from '../sparse/examine.ts'
import { isOperator, type LinearOperator } from '../sparse/operator.steps.ts'
import { planned } from '../sparse/storage-plan.ts'
import { expectedProducts } from '../sparse/storage-rule.ts'
import { nullspaceBasis } from './nullspace.ts'
import { buildPreconditioner } from './preconditioner.ts'
import { type Solution, solution } from './solution.ts'
import type { Outcome, Stopping } from './stopping.ts'
import { largestOf, rescale, unitOf, unscale } from './units.ts'
import { classicalOf, gaveUp, guardOf, reportOf, together } from './used.ts'

/** Options of every iterative solver of a square system. */
export interface GeneralOptions extends ControlOptions {
  /** Relative tolerance: ||b - A x|| <= max(rtol ||b||, atol). Default 1e-8. */
  readonly rtol?: number
  /** Absolute tolerance. Default 0. */
  readonly atol?: number
  /** Default max(1000, 10 n), at most 100 000. */
  readonly maxIterations?: number
  /** First guess, n long (a dense n x s matrix, or its values, for a block); not changed. Default zero. */
  readonly x0?: ArrayLike<number> | Dense
  /** A built preconditioner, a recipe, a function, or (asynchronous form) a promise of one. Default none. */
  readonly preconditioner?: Preconditioner | Recipe | PreconditionerFunction | Promise<Preconditioner>
  /** Keeps the residual norm of every iteration. Default false. */
  readonly history?: boolean
}

/** Options of the iterative solvers of symmetric systems. */
export interface SolverOptions extends GeneralOptions {
  /** Null space of a singular A: `'constant'`, or a dense n x k matrix whose columns span it. */
  readonly nullspace?: 'constant' | Dense
}

/** The reference of a symmetric solver: fills x, returns how it ended. `Extra` are its own parameters. */
export type SolverSteps<Extra extends readonly number[] = []> = Bound<
  [
    A: LinearOperator,
    b: Float64Array,
    x: Float64Array,
    M: AnyPreconditioner,
    N: Float64Array,
    stopping: Stopping,
    ...extra: Extra,
  ],
  Outcome
>

/** The reference of a solver that takes any square matrix. */
export type GeneralSteps<Extra extends readonly unknown[] = []> = Bound<
  [A: LinearOperator, b: Float64Array, x: Float64Array, M: AnyPreconditioner, stopping: Stopping, ...extra: Extra],
  Outcome
>

export const generalKeys = ['rtol', 'atol', 'maxIterations', 'x0', 'preconditioner', 'history'] as const
export const solverKeys = [...generalKeys, 'nullspace'] as const

/** Turns the inside of a symmetric solver into its two public forms. */
export function symmetricSolver(
  bound: SolverSteps,
): Forms<[A: CsrData | Operator, b: ArrayLike<number>, options?: SolverOptions], Solution> {
  return forms(bound.name, 2, solverKeys, (call, A, b, options = {}) => solveSymmetric(call, bound, A, b, options))
}

/** One right-hand side of a symmetric system. */
export function solveSymmetric<Extra extends readonly number[]>(
  call: Call,
  bound: SolverSteps<Extra>,
  A: CsrData | Operator,
  b: ArrayLike<number>,
  options: SolverOptions,
  ...extra: Extra
): Steps<Solution> {
  const inside: Inside = (A, b, x, M, N, stopping) => run(bound, A, b, x, M, N, stopping, ...extra)
  return solveSquare(call, bound.name, requireSymmetric, inside, A, b, options)
}

/** One right-hand side of any square system; `extra` are the solver's own parameters for n unknowns. */
export function solveGeneral<Extra extends readonly unknown[]>(
  call: Call,
  bound: GeneralSteps<Extra>,
  A: CsrData | Operator,
  b: ArrayLike<number>,
  options: GeneralOptions,
  extra: (n: number) => Extra,
): Steps<Solution> {
  const inside: Inside = (A, b, x, M, _, stopping) => run(bound, A, b, x, M, stopping, ...extra(b.length))
  return solveSquare(call, bound.name, requireFinite, inside, A, b, options)
}

/** Runs the inside of a solver; A stands in the user's units times `unit`, unless M was built for it as it stands. */
export type Inside = (
  A: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  M: AnyPreconditioner,
  N: Float64Array,
  stopping: Stopping,
  unit: number,
) => Steps<Outcome>

/** One right-hand side: checks, builds the preconditioner, iterates, and reports. */
export function* solveSquare(
  call: Call,
  method: string,
  require: typeof requireFinite,
  inside: Inside,
  given: CsrData | Operator,
  rhs: ArrayLike<number>,
  options: SolverOptions,
): Steps<Solution> {
  const A = checkOperator(call.name, given)
  const n = isOperator(A) ? A.rows : A.pattern.rows
  const b = yield* ownVector(call, 'b', rhs, n)
  const stopping = checkStopping(call.name, n, options)
  const x = float64(n)
  if (options.x0 !== undefined) x.set(yield* ownVector(call, 'option x0', options.x0 as ArrayLike<number>, n))
  const N = nullspaceBasis(call.name, n, options.nullspace)
  const square = kernels.dot(b, b)
  const ordinary = square > 1e-200 && square < 1e200
  const largest = ordinary ? 1 : largestOf(b)
  const units = { matrix: 1, rhs: unitOf(largest) }
  let system: Csr | Operator = A
  if (A instanceof Csr) {
    const facts = yield* require(call.name, A)
    units.matrix = matrixUnit(facts.largest, options.preconditioner)
    if (units.matrix !== 1) system = A.withValues(copied(A.values, units.matrix))
  }

  const M = yield* buildPreconditioner(call, system, options.preconditioner)
  const products = expectedProducts(n, stopping.maxIterations, isStrong(M))
  const operator = system instanceof Csr ? yield* planned(system, products) : system
  const begun = performance.now()
  if (largest === 0) x.fill(0)
  else rescale(x, units.rhs, units.matrix)
  const scaledB = units.rhs === 1 ? b : copied(b, units.rhs)
  const scaledStopping = units.rhs === 1 ? stopping : { ...stopping, atol: stopping.atol * units.rhs }
  const built = isRecipe(options.preconditioner) && options.preconditioner.recipe !== 'identity'
  const unit = built ? 1 : units.matrix // of A M^-1
  const slow = guardOf(M)
  let outcome = yield* inside(operator, scaledB, x, M, N, { ...scaledStopping, slow }, unit)
  let used = reportOf(M, options.preconditioner)
  if (slow > 0 && gaveUp(outcome) && system instanceof Csr) {
    const again = yield* classicalOf(M as Preconditioner).build(call.name, system)
    const left = stopping.maxIterations - outcome.iterations
    const further = { ...scaledStopping, warm: true, maxIterations: left }
    used = {
      used: reportOf(again, amg).used,
      why: `the learned one was given up after ${outcome.iterations} iterations: ${outcome.reason}`,
    }
    outcome = together(outcome, yield* inside(operator, scaledB, x, again, N, further, unit))
  }
  const rhsNorm = units.rhs === 1 ? Math.sqrt(square) : Math.sqrt(kernels.dot(scaledB, scaledB))
  const held = unscale(x, units.matrix, units.rhs)
  const ended = held ? outcome : { ...outcome, reason: 'not-finite' as const, residualNorm: rhsNorm }
  return solution(call, method, [A, M], x, rhsNorm, ended, {
    begun,
    history: stopping.history,
    preconditioner: used,
    units: { residual: units.rhs, eigenvalue: unit },
  })
}

/** Whether a preconditioner leaves few iterations: all but diagonals. */
export const isStrong = (M: AnyPreconditioner): boolean =>
  typeof M === 'function' || (M.kind !== 'identity' && M.kind !== 'jacobi')

export function checkOperator(method: string, A: CsrData | Operator): Csr | Operator {
  if (typeof A !== 'object' || A === null) throw refuse('ERR_TYPE', method, 'A', 'a Csr matrix or an operator', A)
  const system = isOperator(A) ? A : Csr.from(A, method)
  const { rows, columns } = system
  if (!Number.isInteger(rows) || rows < 0) throw refuse('ERR_SHAPE', method, 'A.rows', 'a non-negative integer', rows)
  if (rows !== columns) throw refuse('ERR_SHAPE', method, 'A', 'square', `${rows} x ${columns}`)
  return system
}

/** What A is multiplied by: a preconditioner that was made for A in its own units takes it as it is. */
export function matrixUnit(largest: number, preconditioner: unknown): number {
  return preconditioner === undefined || isRecipe(preconditioner) ? unitOf(largest) : 1
}

export function checkStopping(method: string, n: number, options: SolverOptions): Stopping {
  const { rtol = 1e-8, atol = 0, history = false, x0 } = options
  const { maxIterations = Math.min(Math.max(1000, 10 * n), 100_000) } = options
  if (!Number.isInteger(maxIterations) || maxIterations < 0)
    throw refuse('ERR_OPTION', method, 'option maxIterations', 'a non-negative integer', maxIterations)
  if (typeof history !== 'boolean') throw refuse('ERR_OPTION', method, 'option history', 'true or false', history)
  return {
    rtol: numberOption(method, 'rtol', rtol, 0, 1e300),
    atol: numberOption(method, 'atol', atol, 0, 1e300),
    maxIterations: Math.min(maxIterations, 2 ** 31 - 1),
    warm: x0 !== undefined,
    history,
    slow: 0,
  }
}
