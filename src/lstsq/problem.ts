import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { ReadMatrix } from './matrix.ts'
import { addMultipleOfIdentity } from './triangle.ts'

/** What a step of a method wants to know of X. */
export interface Residual {
  /** A^T (B - A X) - ridge X, n x s. */
  readonly Y: Float64Array
  /** ||b - A x|| of each column, and the same with sqrt(ridge) x below. */
  readonly norms: Float64Array
  readonly whole: Float64Array
}

/**
 * min ||B - A X||_F^2 + ridge ||X||_F^2, s columns; with a ridge the problem of [A; sqrt(ridge) I]. Keeps what was computed
 * of A for whoever asks again. Workspace: (m + n) s.
 */
export class Problem {
  readonly m: number
  readonly n: number
  readonly s: number
  readonly A: ReadMatrix
  readonly B: Float64Array
  readonly ridge: number
  readonly seed: number
  /** Whether a look at A^T A said that it will not serve. */
  doubtful = false
  readonly #w: Float64Array
  #first: { readonly G: Float64Array; readonly rows: number } | undefined
  #gram: Float64Array | undefined
  #triangle: Float64Array | undefined
  #norm: number | undefined

  constructor(A: ReadMatrix, B: Float64Array, s: number, ridge: number, seed: number) {
    this.m = A.rows
    this.n = A.columns
    this.s = s
    this.A = A
    this.B = B
    this.ridge = ridge
    this.seed = seed
    this.#w = float64(A.rows * s)
  }

  /** The problem of one right-hand side. */
  column(c: number): Problem {
    if (this.s === 1) return this
    const b = float64(this.m)
    for (let i = 0; i < this.m; i++) b[i] = this.B[i * this.s + c]!
    const one = new Problem(this.A, b, 1, this.ridge, this.seed)
    one.#gram = this.#gram
    one.#norm = this.#norm
    return one
  }

  /** A^T A + ridge I of the first rows, for a look at it; undefined where A's kind does not form it. */
  *firstGram(rows: number): Steps<Float64Array | undefined> {
    if (this.A.gram === undefined) return undefined
    const G = yield* this.A.gram(0, rows)
    this.#first = { G: G.slice(), rows }
    return this.#withRidge(G)
  }

  /** A^T A + ridge I, likewise. */
  *gram(): Steps<Float64Array | undefined> {
    if (this.#gram !== undefined || this.A.gram === undefined) return this.#gram
    const first = this.#first
    const G = yield* this.A.gram(first?.rows ?? 0, this.m)
    if (first !== undefined) for (let at = 0; at < G.length; at++) G[at]! += first.G[at]!
    this.#gram = this.#withRidge(G)
    return G
  }

  #withRidge(G: Float64Array): Float64Array {
    for (let j = 0; j < this.n; j++) G[j * this.n + j]! += this.ridge
    return G
  }

  /** The triangle of [A B; sqrt(ridge) I 0], (n + s) x (n + s). */
  *triangle(): Steps<Float64Array> {
    if (this.#triangle === undefined) {
      const R = float64((this.n + this.s) ** 2)
      yield* this.A.triangle(this.B, this.s, R)
      yield* this.addRidge(R)
      this.#triangle = R
    }
    return this.#triangle
  }

  /** R with the rows [sqrt(ridge) I 0] as well. */
  *addRidge(R: Float64Array): Steps<void> {
    if (this.ridge > 0) yield* addMultipleOfIdentity(R, this.n, this.s, Math.sqrt(this.ridge))
  }

  /** ||A||_F, with the ridge's rows. */
  *norm(): Steps<number> {
    if (this.#norm === undefined) {
      const { n, s } = this
      const G = this.#gram
      const R = this.#triangle
      let square = 0
      if (G !== undefined) for (let j = 0; j < n; j++) square += G[j * n + j]!
      else if (R !== undefined) {
        for (let i = 0; i < n; i++) for (let j = i; j < n; j++) square += R[i * (n + s) + j]! ** 2
      } else {
        const k = (yield { kind: 'kernels' }) as Kernels
        square = k.dot(this.A.values, this.A.values) + n * this.ridge
      }
      this.#norm = Math.sqrt(square)
    }
    return this.#norm
  }

  /** Reads A once. */
  *residual(X: Float64Array): Steps<Residual> {
    const { n, s, ridge, A, B } = this
    const Y = float64(n * s)
    const squares = yield* A.pass(X, B, this.#w, Y, s)
    const whole = squares.slice()
    if (ridge > 0)
      for (let at = 0; at < X.length; at++) {
        Y[at]! -= ridge * X[at]!
        whole[at % s]! += ridge * X[at]! ** 2
      }
    return { Y, norms: squares.map(Math.sqrt), whole: whole.map(Math.sqrt) }
  }

  /** y = (A^T A + ridge I) v; returns v . y. One column; reads A once. */
  *normalProduct(v: Float64Array, y: Float64Array): Steps<number> {
    const [square] = yield* this.A.pass(v, NONE, this.#w.subarray(0, this.m), y, 1)
    if (this.ridge === 0) return square!
    let sum = 0
    for (let j = 0; j < v.length; j++) {
      y[j]! += this.ridge * v[j]!
      sum += v[j]! ** 2
    }
    return square! + this.ridge * sum
  }
}

const NONE = float64(0)
