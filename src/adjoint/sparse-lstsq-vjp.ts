import { KrylovError, refuse } from '../core/errors.ts'
import { checkOptions } from '../core/method.ts'
import { copied, float64 } from '../core/shared.ts'
import type { Dense } from '../core/types.ts'
import type { Factored } from '../direct/solve-with.ts'
import { Csr } from '../sparse/csr.ts'
import { type DerivativeOptions, derivativeKeys, signalOf, vectorOf } from './arguments.ts'
import { type Flow, got, type Methods, runLater, runNow } from './forms.ts'

/** How {@link lstsqVjp} solves with a sparse A. */
export type LstsqVjpMethod = 'direct' | 'lsqr'

/** Options of {@link lstsqVjp} for a sparse A. */
export interface LstsqVjpOptions {
  /**
   * `'direct'`, the default: one sparse LU of [[s I, A], [A^T, 0]], which serves both solves. `'lsqr'`: one iteration for x and
   * two for the gradient, nothing but products with A and A^T.
   */
  readonly method?: LstsqVjpMethod
  /** Of all solves. Default 1e-10. */
  readonly rtol?: number
  /** Of each iteration of `'lsqr'`. */
  readonly maxIterations?: number
  /** Ends the solve; the derivative takes one of its own. */
  readonly signal?: AbortSignal
}

/** Gradients with respect to a sparse A and to b. */
export interface SparseLstsqGradient {
  /** On A's pattern. */
  readonly A: Float64Array
  readonly b: Float64Array
  /** Whether all solves met their tolerance. */
  readonly accurate: boolean
}

interface Least {
  /** The x that minimises ||b - A x||. */
  readonly value: Float64Array
  /** Whether it met its tolerance. */
  readonly accurate: boolean
}

/** x of sparse least squares, and its gradient. */
export interface SparseLstsqVjp extends Least {
  /** The gradient of a number whose gradient with respect to x is `cotangent`. */
  readonly pullback: (cotangent: ArrayLike<number>, options?: DerivativeOptions) => Promise<SparseLstsqGradient>
}

/** {@link SparseLstsqVjp} with a blocking derivative. */
export interface SparseLstsqVjpSync extends Least {
  /** See {@link SparseLstsqVjp}. */
  readonly pullback: (cotangent: ArrayLike<number>, options?: DerivativeOptions) => SparseLstsqGradient
}

const KEYS = new Set(['method', 'rtol', 'maxIterations', 'signal'])

/** Solves least squares with A, and what its gradient asks for. */
class Problem {
  readonly name: string
  readonly A: Csr
  readonly b: Float64Array
  readonly options: LstsqVjpOptions
  readonly #scale: number
  #factor: Factored | undefined

  constructor(name: string, A: Csr, b: Float64Array, options: LstsqVjpOptions) {
    this.name = name
    this.A = A
    this.b = b
    this.options = options
    // about the size of a column: far from both ends of the singular values
    const square = A.values.reduce((sum, a) => sum + a * a, 0)
    this.#scale = square > 0 ? Math.sqrt(square / Math.max(A.columns, 1)) : 1
  }

  /** r and x with s r + A x = f and A^T r = g. */
  *#augmented(methods: Methods, f: Float64Array, g: Float64Array, control: DerivativeOptions) {
    const { rows: m, columns: n } = this.A
    this.#factor ??= (yield* got(methods.lu(this.#matrix() as unknown as Dense, control))) as Factored
    if ((this.#factor as { readonly zeroPivots?: number }).zeroPivots! > 0) throw this.#deficient()
    const right = float64(m + n)
    right.set(f)
    right.set(g, m)
    const { rtol = 1e-10 } = this.options
    const { x, converged } = yield* got(methods.solveWith(this.#factor, right, { rtol, ...control }))
    if (!x.every(Number.isFinite)) throw this.#deficient()
    return { r: x.slice(0, m), x: x.slice(m), converged }
  }

  #deficient(): KrylovError {
    return new KrylovError('ERR_SINGULAR', `${this.name}: A must have the rank ${this.A.columns} of its columns`)
  }

  #matrix(): Csr {
    const { rows: m, columns: n } = this.A
    const { rowPointers, columnIndices } = this.A.pattern
    const [i, j, a]: [number[], number[], number[]] = [[], [], []]
    const add = (r: number, c: number, value: number) => {
      i.push(r)
      j.push(c)
      a.push(value)
    }
    for (let r = 0; r < m; r++) {
      add(r, r, this.#scale)
      for (let k = rowPointers[r]!; k < rowPointers[r + 1]!; k++) {
        add(r, m + columnIndices[k]!, this.A.values[k]!)
        add(m + columnIndices[k]!, r, this.A.values[k]!)
      }
    }
    return Csr.fromTriplets(m + n, m + n, i, j, a)
  }

  *#least(methods: Methods, A: Csr, b: Float64Array, control: DerivativeOptions) {
    const { rtol = 1e-10, maxIterations } = this.options
    const limits = { rtol, atol: rtol, ...(maxIterations !== undefined && { maxIterations }), ...control }
    return yield* got(methods.lsqr(A, b, limits))
  }

  *solve(methods: Methods, control: DerivativeOptions): Flow<Least> {
    if (this.options.method === 'lsqr') {
      const { x, converged } = yield* this.#least(methods, this.A, this.b, control)
      return { value: x, accurate: converged }
    }
    const { x, converged } = yield* this.#augmented(methods, this.b, float64(this.A.columns), control)
    return { value: x, accurate: converged }
  }

  /** w = (A^T A)^-1 v and z = A w: the gradient is r w^T - z x^T on the pattern, and z. */
  *gradient(methods: Methods, { value: x, accurate }: Least, v: Float64Array, control: DerivativeOptions) {
    const { A, b } = this
    let [z, w, good]: [Float64Array, Float64Array, boolean] = [v, v, accurate]
    if (this.options.method === 'lsqr') {
      const one = yield* this.#least(methods, A.transpose(), v, control)
      const two = yield* this.#least(methods, A, one.x, control)
      ;[z, w, good] = [one.x, two.x, good && one.converged && two.converged]
    } else {
      // s z - A (s w) = 0 and A^T z = v
      const found = yield* this.#augmented(methods, float64(A.rows), v, control)
      ;[z, w, good] = [found.r, found.x.map(value => -value / this.#scale), good && found.converged]
    }
    const out = float64(A.values.length)
    const { rowPointers, columnIndices } = A.pattern
    for (let r = 0; r < A.rows; r++) {
      let left = b[r]!
      for (let k = rowPointers[r]!; k < rowPointers[r + 1]!; k++) left -= A.values[k]! * x[columnIndices[k]!]!
      for (let k = rowPointers[r]!; k < rowPointers[r + 1]!; k++)
        out[k] = left * w[columnIndices[k]!]! - z[r]! * x[columnIndices[k]!]!
    }
    return { A: out, b: copied(z), accurate: good }
  }
}

function problemOf(name: string, given: Csr, b: ArrayLike<number>, options: LstsqVjpOptions = {}): Problem {
  checkOptions(name, options, KEYS)
  const { method = 'direct' } = options
  if (method !== 'direct' && method !== 'lsqr')
    throw refuse('ERR_OPTION', name, 'option method', "'direct' or 'lsqr'", method)
  if (given.rows < given.columns)
    throw refuse('ERR_SHAPE', name, 'A', 'at least as many rows as columns', `${given.rows} x ${given.columns}`)
  return new Problem(name, given.withValues(copied(given.values)), vectorOf(name, 'b', b, given.rows), options)
}

/** Sparse least squares with its gradient. */
export async function sparseLstsqVjp(A: Csr, b: ArrayLike<number>, options?: LstsqVjpOptions): Promise<SparseLstsqVjp> {
  const problem = problemOf('lstsqVjp', A, b, options)
  const found = await runLater(methods => problem.solve(methods, signalOf(options)))
  return {
    ...found,
    pullback: async (cotangent, control) => {
      checkOptions('pullback', control, derivativeKeys)
      const v = vectorOf('pullback', 'cotangent', cotangent, A.columns)
      return await runLater(methods => problem.gradient(methods, found, v, signalOf(control)))
    },
  }
}

/** {@link sparseLstsqVjp}, blocking. */
export function sparseLstsqVjpSync(A: Csr, b: ArrayLike<number>, options?: LstsqVjpOptions): SparseLstsqVjpSync {
  const problem = problemOf('lstsqVjpSync', A, b, options)
  const found = runNow(methods => problem.solve(methods, signalOf(options)))
  return {
    ...found,
    pullback: (cotangent, control) => {
      checkOptions('pullback', control, derivativeKeys)
      const v = vectorOf('pullback', 'cotangent', cotangent, A.columns)
      return runNow(methods => problem.gradient(methods, found, v, signalOf(control)))
    },
  }
}
