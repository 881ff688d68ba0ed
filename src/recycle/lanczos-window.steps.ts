import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { part, product, transposedProduct } from '../dense/small-products.steps.ts'
import { symmetricEigen } from '../dense/symmetric-eigen.steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { basisCombine, basisProducts } from '../krylov/basis.steps.ts'
import { harmonicBasis } from './harmonic.steps.ts'
import type { Recycled } from './recycled.steps.ts'

const DEPENDENT = 1e-13 // of a Gram matrix's largest eigenvalue: what is below is rounding

/**
 * What MINRES passes through on its way, and the subspace Y that comes of it, with its image D = A M^-1 Y (Wang, de Sturler
 * and Paulino 2007). Lanczos vectors are gathered, behind C in `space`, until there are `basis` of them; then Y becomes the
 * span of the `recycle` harmonic Ritz vectors of smallest absolute value in [Y V], and the gathering begins anew. Images come
 * of A M^-1 [Y V] = [D C V+] G, T. No product with A. Workspace: 2 recycle n, and what lies in `space`.
 */
export class LanczosWindow {
  readonly #k: Kernels
  readonly #n: number
  readonly #basis: number
  readonly #recycle: number
  readonly #space: Recycled
  readonly #Y: Float64Array
  readonly #D: Float64Array
  /** Vectors of Y and D. */
  #found = 0
  /** Vectors of V. */
  #count = 0
  /** Columns of G that belong to V: coefficients of C, and three of T. */
  readonly #columns: Float64Array

  constructor(k: Kernels, n: number, basis: number, recycle: number, space: Recycled) {
    this.#k = k
    this.#n = n
    this.#basis = basis
    this.#recycle = recycle
    this.#space = space
    this.#Y = float64(recycle * n)
    this.#D = float64(recycle * n)
    this.#columns = new Float64Array(basis * (recycle + 3))
  }

  /** Y begins as the space itself. */
  inherit(): void {
    this.#found = this.#space.count
    this.#Y.set(this.#space.U.subarray(0, this.#found * this.#n))
    this.#D.set(this.#space.W.subarray(0, this.#found * this.#n))
  }

  /** Lanczos's process begins with v / gamma. */
  *begin(v: Float64Array, gamma: number): Steps<void> {
    yield* this.close()
    if (this.#recycle === 0) return
    this.#space.next(0).fill(0)
    this.#k.axpby(1 / gamma, v, 0, this.#space.next(1))
  }

  /** The image of its last vector is C b + beta, delta and gamma times the vector before, itself and the next, v / gamma. */
  *push(b: Float64Array, beta: number, delta: number, gamma: number, v: Float64Array): Steps<void> {
    if (this.#recycle === 0) return
    const at = this.#count * (this.#recycle + 3)
    this.#columns.set(b, at)
    this.#columns.set([beta, delta, gamma], at + b.length)
    const next = this.#space.next(this.#count + 2)
    if (gamma > 0) this.#k.axpby(1 / gamma, v, 0, next)
    else next.fill(0)
    this.#count++
    if (this.#count < this.#basis) return
    yield* this.close()
    this.#space.next(0).set(this.#space.next(this.#basis))
    this.#space.next(1).set(this.#space.next(this.#basis + 1))
  }

  /** Takes what was gathered into Y. */
  *close(): Steps<void> {
    const [k, n, c, d, s] = [this.#k, this.#n, this.#space.count, this.#found, this.#count]
    if (s === 0) return
    this.#count = 0
    const [rows, m] = [d + c + s + 2, d + s]
    const Y = this.#Y.subarray(0, d * n)
    const D = this.#D.subarray(0, d * n)
    const W = this.#space.W.subarray(0, (rows - d) * n)
    const gram = yield* this.#gram(D, W)
    const G = new Float64Array(rows * m)
    const F = new Float64Array(rows * m) // [D C V+]^T [Y V]
    const DY = yield* basisProducts(k, D, Y, n)
    const WY = yield* basisProducts(k, W, Y, n)
    const unit = Float64Array.from({ length: d }, (_, j) => {
      const y = Y.subarray(j * n, (j + 1) * n)
      return 1 / Math.sqrt(k.dot(y, y))
    })
    for (let j = 0; j < d; j++) {
      G[j * rows + j] = unit[j]!
      F.set(DY.subarray(j * d, (j + 1) * d), j * rows)
      F.set(WY.subarray(j * (rows - d), (j + 1) * (rows - d)), j * rows + d)
      for (let i = 0; i < rows; i++) F[j * rows + i]! *= unit[j]!
    }
    for (let j = 0; j < s; j++) {
      const column = this.#columns.subarray(j * (this.#recycle + 3))
      G.set(column.subarray(0, c), (d + j) * rows + d)
      G.set(column.subarray(c, c + 3), (d + j) * rows + d + c + j)
      F.set(gram.subarray((d + c + 1 + j) * rows, (d + c + 2 + j) * rows), (d + j) * rows)
    }
    const { coordinates, duals, rank } = yield* orthonormalCoordinates(gram, rows)
    if (rank === 0) return
    const QG = yield* transposedProduct(coordinates, rows, G)
    const QF = yield* transposedProduct(duals, rows, F)
    const { count, S } = yield* harmonicBasis(QG, QF, rank, m, this.#recycle)
    const GS = yield* product(G, rows, S)
    for (let at = 0; at < S.length; at += m) for (let i = 0; i < d; i++) S[at + i]! *= unit[i]!
    const V = W.subarray((c + 1) * n, (c + 1 + s) * n)
    const [toY, toD] = [this.#Y.subarray(0, count * n), this.#D.subarray(0, count * n)]
    yield* basisCombine(k, Y, part(S, m, 0, d), 0, toY, n)
    yield* basisCombine(k, V, part(S, m, d, m), 1, toY, n)
    yield* basisCombine(k, D, part(GS, rows, 0, d), 0, toD, n)
    yield* basisCombine(k, W, part(GS, rows, d, rows), 1, toD, n)
    this.#found = count
  }

  /** Hands Y over: `space` is then of it, its image orthonormal. */
  *bequeath(): Steps<void> {
    yield* this.close()
    this.#space.count = 0
    for (let at = 0; at < this.#found * this.#n; at += this.#n) {
      this.#space.next(0).set(this.#D.subarray(at, at + this.#n))
      yield* this.#space.take(this.#Y.subarray(at, at + this.#n))
    }
  }

  /** [D W]^T [D W] */
  *#gram(D: Float64Array, W: Float64Array): Steps<Float64Array> {
    const [d, w] = [D.length / this.#n, W.length / this.#n]
    const rows = d + w
    const DD = yield* basisProducts(this.#k, D, D, this.#n)
    const DW = yield* basisProducts(this.#k, D, W, this.#n)
    const WW = yield* basisProducts(this.#k, W, W, this.#n)
    const gram = new Float64Array(rows * rows)
    for (let j = 0; j < d; j++) gram.set(DD.subarray(j * d, (j + 1) * d), j * rows)
    for (let j = 0; j < w; j++) {
      gram.set(DW.subarray(j * d, (j + 1) * d), (d + j) * rows)
      gram.set(WW.subarray(j * w, (j + 1) * w), (d + j) * rows + d)
      for (let i = 0; i < d; i++) gram[i * rows + d + j] = DW[j * d + i]!
    }
    return gram
  }
}

/**
 * X = Q K^T for vectors X of which the Gram matrix is given, Q orthonormal, from its eigenvectors; Q = X L. Returns K and L,
 * `rank` columns each: vectors of X that are zero or depend on the others lower it.
 */
function* orthonormalCoordinates(
  gram: Float64Array,
  rows: number,
): Steps<{ coordinates: Float64Array; duals: Float64Array; rank: number }> {
  const size = Float64Array.from({ length: rows }, (_, i) => Math.sqrt(gram[i * rows + i]!) || 1)
  const scaled = gram.map((value, at) => value / (size[Math.floor(at / rows)]! * size[at % rows]!))
  const found = yield* symmetricEigen(scaled, rows)
  const { values, vectors } = found ?? { values: new Float64Array(0), vectors: new Float64Array(0) }
  const first = values.findIndex(value => value > DEPENDENT * values.at(-1)!)
  const rank = first < 0 ? 0 : values.length - first
  const coordinates = vectors.slice(vectors.length - rank * rows)
  const duals = coordinates.slice()
  for (let at = 0; at < duals.length; at++) {
    const root = Math.sqrt(values[first + Math.floor(at / rows)]!)
    coordinates[at]! *= root * size[at % rows]!
    duals[at]! /= root * size[at % rows]!
  }
  return { coordinates, duals, rank }
}
