import { refuse } from '../core/errors.ts'
import { checkOptions } from '../core/method.ts'
import { copied, float64 } from '../core/shared.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { checkDense } from '../dense/own.ts'
import { transposed } from '../dense/rows.ts'
import type { Factored } from '../direct/solve-with.ts'
import type { Preconditioner, PreconditionerFunction } from '../precondition/kinds.ts'
import type { Recipe } from '../precondition/recipe.ts'
import type { RecycledSpace } from '../recycle/space.ts'
import { Csr } from '../sparse/csr.ts'
import { type DerivativeOptions, derivativeKeys, signalOf, vectorOf } from './arguments.ts'
import { type Flow, got, type Methods, runLater, runNow } from './forms.ts'

/** How {@link solveVjp} solves. */
export type SolveVjpMethod = 'direct' | 'cg' | 'minres' | 'gmres' | 'gcrodr' | 'deflatedCg'

/** Options of {@link solveVjp}. */
export interface SolveVjpOptions {
  /** Default `'direct'`; with a preconditioner `'cg'` where A is symmetric and `'gmres'` where it is not. */
  readonly method?: SolveVjpMethod
  /** A recipe is built once, and once more for A^T where A is not symmetric; a built one is for symmetric A alone. */
  readonly preconditioner?: Preconditioner | Recipe | PreconditionerFunction
  /** Of both solves. Default 1e-10. */
  readonly rtol?: number
  /** Of both solves; default that of the method. */
  readonly maxIterations?: number
  /** What an earlier solve left, for `'gcrodr'` and `'deflatedCg'`. */
  readonly space?: RecycledSpace
  /** What an earlier derivative left of A^T, where A is not symmetric. */
  readonly adjointSpace?: RecycledSpace
  /** Ends the solve; a derivative takes one of its own. */
  readonly signal?: AbortSignal
}

/** Gradients with respect to what a solve was given. */
export interface SolveGradient {
  /** -u x^T with A^T u = cotangent, on A's pattern, or n x n by rows of a dense A. */
  readonly A: Float64Array
  /** u. */
  readonly b: Float64Array
  /** Whether both solves met their tolerance. */
  readonly accurate: boolean
  /** For the next derivative, of `'gcrodr'` and `'deflatedCg'`: the option `adjointSpace`, or `space` where A is symmetric. */
  readonly space?: RecycledSpace
}

interface Differentiable {
  /** x with A x = b. */
  readonly value: Float64Array
  /** Whether it met its tolerance. */
  readonly accurate: boolean
  readonly iterations: number
  /** For the next system, of `'gcrodr'` and `'deflatedCg'`. */
  readonly space?: RecycledSpace
}

/** x = A^-1 b and its gradient. */
export interface SolveVjp extends Differentiable {
  /** The gradient of a number whose gradient with respect to x is `cotangent`: one solve with A^T. */
  readonly pullback: (cotangent: ArrayLike<number>, options?: DerivativeOptions) => Promise<SolveGradient>
}

/** {@link SolveVjp} with a blocking derivative. */
export interface SolveVjpSync extends Differentiable {
  /** See {@link SolveVjp}. */
  readonly pullback: (cotangent: ArrayLike<number>, options?: DerivativeOptions) => SolveGradient
}

const KEYS = new Set(['method', 'preconditioner', 'rtol', 'maxIterations', 'space', 'adjointSpace', 'signal'])
const METHODS: readonly unknown[] = ['direct', 'cg', 'minres', 'gmres', 'gcrodr', 'deflatedCg']

/** What a matrix's solves leave for further ones. */
interface Kept {
  factor?: Factored
  preconditioner?: Preconditioner | PreconditionerFunction
  space?: RecycledSpace
}

/** A system that is solved with A and with A^T, sharing what can be shared. */
class System {
  readonly symmetric: boolean
  readonly method: SolveVjpMethod
  readonly #transposed: Csr | Dense
  readonly #kept: readonly [Kept, Kept]

  readonly name: string
  readonly A: Csr | Dense
  readonly options: SolveVjpOptions

  constructor(name: string, A: Csr | Dense, options: SolveVjpOptions) {
    this.name = name
    this.A = A
    this.options = options
    const T = transposedOf(A)
    this.symmetric = areEqual(A, T)
    this.#transposed = this.symmetric ? A : T
    const { method = options.preconditioner === undefined ? 'direct' : this.symmetric ? 'cg' : 'gmres' } = options
    if (!METHODS.includes(method)) throw refuse('ERR_OPTION', name, 'option method', METHODS.join(', '), method)
    if (!(A instanceof Csr) && method !== 'direct')
      throw refuse('ERR_OPTION', name, 'option method', "'direct' of a dense A", method)
    if (!this.symmetric && (method === 'cg' || method === 'minres' || method === 'deflatedCg'))
      throw refuse('ERR_OPTION', name, 'option method', 'one for matrices that are not symmetric', method)
    this.method = method
    const { space, adjointSpace } = options
    this.#kept = [space === undefined ? {} : { space }, adjointSpace === undefined ? {} : { space: adjointSpace }]
  }

  get n(): number {
    return this.A.rows
  }
  *solve(
    methods: Methods,
    b: Float64Array,
    adjoint: boolean,
    control: DerivativeOptions,
  ): Flow<{ x: Float64Array; converged: boolean; iterations: number; space?: RecycledSpace }> {
    const turned = adjoint && !this.symmetric
    const kept = this.#kept[turned ? 1 : 0]
    const A = turned ? this.#transposed : this.A
    const { rtol = 1e-10, maxIterations, preconditioner } = this.options
    if (this.method === 'direct') {
      kept.factor ??= yield* this.#factor(methods, A, control)
      const { x, converged, refinements } = yield* got(methods.solveWith(kept.factor, b, { rtol, ...control }))
      return { x, converged, iterations: refinements }
    }
    if (preconditioner !== undefined && kept.preconditioner === undefined)
      kept.preconditioner = isRecipe(preconditioner)
        ? yield* got(methods.build(preconditioner, A as Csr))
        : this.#built(preconditioner, turned)
    const common = {
      rtol,
      ...control,
      ...(maxIterations !== undefined && { maxIterations }),
      ...(kept.preconditioner !== undefined && { preconditioner: kept.preconditioner }),
    }
    if (this.method === 'gcrodr' || this.method === 'deflatedCg') {
      // one for A and one for A^T: where they differ, a space of either is of no use to the other
      const { space } = kept
      const found = yield* got(methods[this.method](A as Csr, b, { ...common, ...(space !== undefined && { space }) }))
      kept.space = found.space
      return found
    }
    return yield* got(methods[this.method](A as Csr, b, common))
  }

  *#factor(methods: Methods, A: Csr | Dense, control: DerivativeOptions): Flow<Factored> {
    if (this.symmetric && A instanceof Csr) return yield* got(methods.ldlt(A, control))
    return (yield* got(methods.lu(A as Dense, control))) as Factored
  }

  #built(given: Preconditioner | PreconditionerFunction, turned: boolean): Preconditioner | PreconditionerFunction {
    if (!turned) return given
    throw refuse('ERR_OPTION', this.name, 'option preconditioner', 'a recipe where A is not symmetric', given)
  }
}

const isRecipe = (given: unknown): given is Recipe => typeof (given as Partial<Recipe> | null)?.build === 'function'

const transposedOf = (A: Csr | Dense): Csr | Dense =>
  A instanceof Csr ? A.transpose() : { ...A, values: transposed(A.values, A.rows, A.rows) }

/** Whether A and its transpose are the same to the bit. */
function areEqual(A: Csr | Dense, T: Csr | Dense): boolean {
  const same = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    a.length === b.length && Array.prototype.every.call(a, (x, i) => x === b[i])
  return (
    same(T.values, A.values) &&
    (!(A instanceof Csr) ||
      (same((T as Csr).pattern.columnIndices, A.pattern.columnIndices) &&
        same((T as Csr).pattern.rowPointers, A.pattern.rowPointers)))
  )
}

function systemOf(name: string, given: CsrData | Dense, options: SolveVjpOptions = {}): System {
  checkOptions(name, options, KEYS)
  const A = !(given instanceof Csr) && isDense(given) ? checkDense(name, 'A', given) : Csr.from(given as CsrData, name)
  if (A.rows !== A.columns) throw refuse('ERR_SHAPE', name, 'A', 'square', `${A.rows} x ${A.columns}`)
  const values = copied(A.values)
  return new System(name, A instanceof Csr ? A.withValues(values) : { ...A, values }, options)
}

function* gradientOf(
  system: System,
  methods: Methods,
  x: Float64Array,
  accurate: boolean,
  v: Float64Array,
  control: DerivativeOptions,
): Flow<SolveGradient> {
  const { x: u, converged, space } = yield* system.solve(methods, v, true, control)
  const { A, n } = system
  const onPattern = float64(A.values.length)
  if (A instanceof Csr) {
    const { rowPointers, columnIndices } = A.pattern
    for (let r = 0; r < n; r++)
      for (let k = rowPointers[r]!; k < rowPointers[r + 1]!; k++) onPattern[k] = -u[r]! * x[columnIndices[k]!]!
  } else for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) onPattern[r * n + c] = -u[r]! * x[c]!
  return { A: onPattern, b: u, accurate: accurate && converged, ...(space !== undefined && { space }) }
}

function* forward(system: System, methods: Methods, b: Float64Array): Flow<Differentiable> {
  const { x, converged, iterations, space } = yield* system.solve(methods, b, false, signalOf(system.options))
  return { value: x, accurate: converged, iterations, ...(space !== undefined && { space }) }
}

/**
 * Solves A x = b and differentiates the solution: the gradient with respect to a sparse A lives on its pattern, that with respect
 * to b is the solution of A^T u = cotangent. Factor, preconditioner and recycled space of the first solve serve the second
 * where A is symmetric; else those of A^T are kept from one derivative to the next. `solveVjpSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_SINGULAR, ERR_OPTION
 */
export async function solveVjp(A: CsrData | Dense, b: ArrayLike<number>, options?: SolveVjpOptions): Promise<SolveVjp> {
  const system = systemOf('solveVjp', A, options)
  const right = vectorOf('solveVjp', 'b', b, system.n)
  const found = await runLater(methods => forward(system, methods, right))
  const pullback = async (cotangent: ArrayLike<number>, control?: DerivativeOptions) => {
    checkOptions('pullback', control, derivativeKeys)
    const v = vectorOf('pullback', 'cotangent', cotangent, system.n)
    return await runLater(methods => gradientOf(system, methods, found.value, found.accurate, v, signalOf(control)))
  }
  return { ...found, pullback }
}

/** {@link solveVjp}, blocking. */
export function solveVjpSync(A: CsrData | Dense, b: ArrayLike<number>, options?: SolveVjpOptions): SolveVjpSync {
  const system = systemOf('solveVjpSync', A, options)
  const found = runNow(methods => forward(system, methods, vectorOf('solveVjpSync', 'b', b, system.n)))
  const pullback = (cotangent: ArrayLike<number>, control?: DerivativeOptions) => {
    checkOptions('pullback', control, derivativeKeys)
    const v = vectorOf('pullback', 'cotangent', cotangent, system.n)
    return runNow(methods => gradientOf(system, methods, found.value, found.accurate, v, signalOf(control)))
  }
  return { ...found, pullback }
}
