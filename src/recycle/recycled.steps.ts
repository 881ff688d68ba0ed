import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { eigenvectors } from '../dense/eigenvectors.steps.ts'
import { part, product, transposedProduct } from '../dense/small-products.steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { orthonormalise } from '../krylov/arnoldi.steps.ts'
import { basisCombine, basisProducts, basisSubtract } from '../krylov/basis.steps.ts'
import type { RightPreconditioned } from '../krylov/right-preconditioned.steps.ts'
import { harmonicBasis } from './harmonic.steps.ts'

const DEPENDENT = 1e-12 // share of an image that is left when it counts as a combination of the others

/**
 * The two bases of a cycle of GCRO-DR, A M^-1 [U V] = W G with W = [C V+], and how the next U comes of them. G has the
 * identity at its top left, B = C^T A M^-1 V right of it, and Arnoldi's H below. Vectors lie one after the other, n
 * entries each. Workspace: (restart + recycle + 1) n.
 */
export class Recycled {
  /** Columns of U and of C. */
  count = 0
  /** Vectors read or written: one of many in a product of two blocks, whose rows are in cache, counts an eighth. */
  moved = 0
  /** Share of C that the last renewal put in place of another. */
  changed = 1
  /** C, then V. */
  readonly W: Float64Array
  readonly U: Float64Array
  readonly #k: Kernels
  readonly #n: number
  readonly #recycle: number
  /** Columns of B over H, `#most` long. */
  readonly #columns: Float64Array
  readonly #most: number
  /** C^T r at the start of the cycle. */
  readonly #c: Float64Array
  readonly #h: Float64Array
  /** C^T U, where it is known. */
  #cross: Float64Array | undefined

  constructor(k: Kernels, n: number, restart: number, recycle: number) {
    this.#k = k
    this.#n = n
    this.#recycle = recycle
    this.#most = restart + 1
    this.W = float64((restart + 1) * n)
    this.U = float64(recycle * n)
    this.#columns = new Float64Array(restart * this.#most)
    this.#c = new Float64Array(recycle)
    this.#h = new Float64Array(recycle + 1)
  }

  /** Vector j of V. */
  next(j: number): Float64Array {
    return this.W.subarray((this.count + j) * this.#n, (this.count + j + 1) * this.#n)
  }

  /** A cycle begins with r = [C v_0] h. */
  begin(h: Float64Array): void {
    this.#c.set(h.subarray(0, this.count))
  }

  /** A M^-1 v_j = [C v_0 ... v_(j+1)] h. */
  push(h: Float64Array, j: number): void {
    const length = this.count + j + 2
    this.#columns.set(h.subarray(0, length), j * this.#most)
    this.moved += 2 * length + 2 // Gram-Schmidt
    if (h[length - 1] === 0) this.next(j + 1).fill(0)
  }

  /** The coefficients of U, C^T r - B y, before those of V, which are there: s of them. */
  coefficients(t: Float64Array, s: number): void {
    for (let i = 0; i < this.count; i++) {
      t[i] = this.#c[i]!
      for (let j = 0; j < s; j++) t[i]! -= this.#columns[j * this.#most + i]! * t[this.count + j]!
    }
  }

  /**
   * Takes y into U and its image, made orthonormal, into C; not where the image depends on the others, or the space is full.
   */
  *append(y: Float64Array, AM: RightPreconditioned): Steps<void> {
    if (this.count === this.#recycle) return
    yield* AM.image(y, this.next(0))
    yield* this.take(y)
  }

  /** The same, where the image stands in `next(0)`. */
  *take(y: Float64Array): Steps<void> {
    const n = this.#n
    this.moved += 3 * this.count + 8
    this.#cross = undefined
    const left = yield* orthonormalise(this.#k, this.W, n, this.count, this.#h)
    const h = this.#h.subarray(0, this.count + 1)
    if (!(left > DEPENDENT * Math.hypot(...h))) return
    const u = this.U.subarray(this.count * n, (this.count + 1) * n)
    u.set(y)
    yield* basisSubtract(this.#k, this.U.subarray(0, this.count * n), h.subarray(0, this.count), u, new Float64Array(1))
    this.#k.axpby(1 / left, u, 0, u)
    this.count++
  }

  /** Mean sine of the angles between the span of C and that of `images`, which are orthonormal. */
  *drift(images: Float64Array): Steps<number> {
    const [c, p] = [this.count, images.length / this.#n]
    if (c === 0 || p === 0) return Number.NaN
    const dots = yield* this.#products(images, this.W.subarray(0, c * this.#n))
    const cosines = (yield* eigenvectors(yield* transposedProduct(dots, p, dots), c))?.real ?? new Float64Array(c)
    return cosines.reduce((sum, cosine2) => sum + Math.sqrt(Math.min(1, Math.max(0, 1 - cosine2))), 0) / c
  }

  /** U and C from the harmonic Ritz vectors of the cycle, of which V has s columns. */
  *renew(s: number): Steps<void> {
    if (s === 0) return
    const n = this.#n
    const c = this.count
    const [rows, m] = [c + s + 1, c + s]
    const W = this.W.subarray(0, rows * n)
    const U = this.U.subarray(0, c * n)
    const unit = Float64Array.from({ length: c }, (_, i) => {
      const u = U.subarray(i * n, (i + 1) * n)
      return 1 / Math.sqrt(this.#k.dot(u, u))
    })
    const G = new Float64Array(rows * m)
    const F = new Float64Array(rows * m)
    const cross = this.#cross ?? (yield* this.#products(this.W.subarray(0, c * n), U))
    const rest = yield* this.#products(W.subarray(c * n), U)
    for (let j = 0; j < c; j++) {
      F.set(cross.subarray(j * c, (j + 1) * c), j * rows)
      F.set(rest.subarray(j * (s + 1), (j + 1) * (s + 1)), j * rows + c)
      G[j * rows + j] = unit[j]!
      for (let i = 0; i < rows; i++) F[j * rows + i]! *= unit[j]!
    }
    for (let j = 0; j < s; j++) {
      G.set(this.#columns.subarray(j * this.#most, j * this.#most + c + j + 2), (c + j) * rows)
      F[(c + j) * rows + c + j] = 1
    }
    const { count, S, Q } = yield* harmonicBasis(G, F, rows, m, this.#recycle)
    if (count === 0) return
    this.#cross = yield* transposedProduct(Q, rows, yield* product(F, rows, S))
    for (let at = 0; at < S.length; at += m) for (let i = 0; i < c; i++) S[at + i]! *= unit[i]!
    yield* this.#combine(U, part(S, m, 0, c), this.U, count, 0)
    yield* this.#combine(W.subarray(c * n, m * n), part(S, m, c, m), this.U, count, 1)
    yield* this.#combine(W, Q, this.W, count, 0)
    let stayed = 0
    for (let j = 0; j < count; j++) for (let i = 0; i < c; i++) stayed += Q[j * rows + i]! ** 2
    this.changed = 1 - stayed / count
    this.count = count
  }

  /** V^T X, by columns. */
  #products(V: Float64Array, X: Float64Array): Steps<Float64Array> {
    const [p, q] = [V.length / this.#n, X.length / this.#n]
    this.moved += (p * q) / 8 + p + q
    return basisProducts(this.#k, V, X, this.#n)
  }

  /** to = V S + beta to, the first `columns` vectors of `to`. */
  *#combine(V: Float64Array, S: Float64Array, to: Float64Array, columns: number, beta: number): Steps<void> {
    this.moved += S.length / 8 + V.length / this.#n + columns
    yield* basisCombine(this.#k, V, S, beta, to.subarray(0, columns * this.#n), this.#n)
  }
}
