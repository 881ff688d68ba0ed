import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { product, transposedProduct } from '../dense/small-products.steps.ts'
import { symmetricEigen } from '../dense/symmetric-eigen.steps.ts'
import { thinQr } from '../dense/thin-qr.steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { basisCombine } from '../krylov/basis.steps.ts'

/** The lowest Ritz pairs of a Lanczos process: M^-1 A Y = Y D + v c^T, v the vector that comes next. */
export interface RitzPairs {
  readonly D: Float64Array
  readonly c: Float64Array
  readonly Y: Float64Array
  readonly v: Float64Array
}

/**
 * eigCG's window on the Lanczos vectors that conjugate gradients pass through (Stathopoulos and Orginos 2010): when it is full,
 * it is restarted with the `keep` lowest Ritz vectors of its matrix and as many of the matrix without its last row, so that
 * eigenvectors go on converging as if nothing had been dropped. No product with A. Workspace: `most` n.
 */
export class RitzWindow {
  readonly #k: Kernels
  readonly #n: number
  readonly #most: number
  readonly #keep: number
  readonly #V: Float64Array
  /** V^T A V, rows of `#most`; an arrow after a restart. */
  readonly #T: Float64Array
  #count = 0
  #open: boolean

  constructor(k: Kernels, n: number, most: number, keep: number) {
    this.#k = k
    this.#n = n
    this.#most = most
    this.#keep = keep
    this.#V = float64(most * n)
    this.#T = new Float64Array(most * most)
    this.#open = keep > 0
  }

  /** The process ends or begins anew: what comes is not related to what is here. */
  close(): void {
    this.#open = false
  }

  /** The next Lanczos vector, z / sqrt(rho), and how A couples it with the last. */
  *push(z: Float64Array, rho: number, coupling: number): Steps<void> {
    if (!this.#open) return
    if (this.#count === this.#most) yield* this.#restart(coupling)
    else if (this.#count > 0) this.#couple(this.#count - 1, this.#count, coupling)
    if (!this.#open) return
    this.#k.axpby(1 / Math.sqrt(rho), z, 0, this.#vectors(this.#count, this.#count + 1))
    this.#count++
  }

  /** v . A v of the last vector. */
  curvature(value: number): void {
    if (this.#open) this.#couple(this.#count - 1, this.#count - 1, value)
  }

  /** The lowest Ritz pairs, none where not all are positive. Y lies where the window was. */
  *pairs(): Steps<RitzPairs> {
    const q = this.#count - 1
    const none = new Float64Array(0)
    if (q < 1) return { D: none, c: none, Y: none, v: none }
    const found = yield* symmetricEigen(this.#block(q), q)
    if (!(found !== undefined && found.values[0]! > 0)) return { D: none, c: none, Y: none, v: none }
    const p = Math.min(this.#keep, q)
    const S = found.vectors.subarray(0, p * q)
    const last = Float64Array.from({ length: q }, (_, j) => this.#T[j * this.#most + q]!)
    const c = yield* transposedProduct(S, q, last)
    const Y = this.#vectors(0, p)
    yield* basisCombine(this.#k, this.#vectors(0, q), S, 0, Y, this.#n)
    return { D: found.values.slice(0, p), c, Y, v: this.#vectors(q, q + 1) }
  }

  *#restart(coupling: number): Steps<void> {
    const m = this.#most
    const one = yield* symmetricEigen(this.#block(m), m)
    const other = yield* symmetricEigen(this.#block(m - 1), m - 1)
    if (one === undefined || other === undefined) return this.close()
    const both = new Float64Array(2 * this.#keep * m)
    both.set(one.vectors.subarray(0, this.#keep * m))
    for (let j = 0; j < this.#keep; j++)
      both.set(other.vectors.subarray(j * (m - 1), (j + 1) * (m - 1)), (this.#keep + j) * m)
    const { Q, kept } = yield* thinQr(both, m, 2 * this.#keep)
    const q = kept.length
    const inside = yield* symmetricEigen(yield* transposedProduct(Q, m, yield* product(this.#T, m, Q)), q)
    if (inside === undefined) return this.close()
    const S = yield* product(Q, m, inside.vectors)
    yield* basisCombine(this.#k, this.#V, S, 0, this.#vectors(0, q), this.#n)
    this.#T.fill(0)
    this.#count = q
    for (let j = 0; j < q; j++) {
      this.#couple(j, j, inside.values[j]!)
      this.#couple(j, q, S[j * m + m - 1]! * coupling)
    }
  }

  #vectors(from: number, to: number): Float64Array {
    return this.#V.subarray(from * this.#n, to * this.#n)
  }

  #couple(i: number, j: number, value: number): void {
    this.#T[i * this.#most + j] = value
    this.#T[j * this.#most + i] = value
  }

  #block(m: number): Float64Array {
    const T = new Float64Array(m * m)
    for (let i = 0; i < m; i++) T.set(this.#T.subarray(i * this.#most, i * this.#most + m), i * m)
    return T
  }
}
