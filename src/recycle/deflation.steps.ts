import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { symmetricEigen } from '../dense/symmetric-eigen.steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { basisCombine, basisDots, basisSubtract } from '../krylov/basis.steps.ts'
import type { RitzPairs } from './ritz-window.steps.ts'

const DEPENDENT = 1e-10 // share of the energy w . A w that is left when w counts as a combination of the others

/** Vectors, and an estimate of the eigenvalue of M^-1 A that belongs to each. */
export interface LowestSpace {
  readonly U: Float64Array
  readonly values: Float64Array
}

/** z = M^-1 r */
type Apply = (r: Float64Array, z: Float64Array) => Steps<unknown>

/** W with W^T A W = I and its image A W, which conjugate gradients are kept away from. Workspace: 4 most n. */
export class Deflation {
  count = 0
  readonly #k: Kernels
  readonly #n: number
  readonly #W: Float64Array
  readonly #AW: Float64Array
  readonly #h: Float64Array
  readonly #none = new Float64Array(1)

  constructor(k: Kernels, n: number, most: number) {
    this.#k = k
    this.#n = n
    this.#W = float64(most * n)
    this.#AW = float64(most * n)
    this.#h = new Float64Array(most)
  }

  get W(): Float64Array {
    return this.#W.subarray(0, this.count * this.#n)
  }

  get AW(): Float64Array {
    return this.#AW.subarray(0, this.count * this.#n)
  }

  /** Takes w into W, its image into A W; `image` computes A w. Not where it depends on the others, or has no energy. */
  *append(w: Float64Array, image: (w: Float64Array, q: Float64Array) => Steps<void>): Steps<void> {
    const [k, n, at] = [this.#k, this.#n, this.count * this.#n]
    const u = this.#W.subarray(at, at + n)
    const q = this.#AW.subarray(at, at + n)
    u.set(w)
    yield* image(u, q)
    const energy = k.dot(u, q)
    for (let pass = 0; pass < 2; pass++) {
      const h = this.#h.subarray(0, this.count)
      yield* basisDots(k, this.AW, u, h)
      yield* basisSubtract(k, this.W, h, u, this.#none)
      yield* basisSubtract(k, this.AW, h, q, this.#none)
    }
    const left = k.dot(u, q)
    if (!(left > DEPENDENT * energy && left < Number.POSITIVE_INFINITY)) return
    k.axpby(1 / Math.sqrt(left), u, 0, u)
    k.axpby(1 / Math.sqrt(left), q, 0, q)
    this.count++
  }

  /** x += W W^T r, r -= A W W^T r: then r is orthogonal to W. */
  *correct(x: Float64Array, r: Float64Array): Steps<void> {
    const h = this.#h.subarray(0, this.count)
    yield* basisDots(this.#k, this.W, r, h)
    yield* basisSubtract(this.#k, this.AW, h, r, this.#none)
    yield* basisSubtract(
      this.#k,
      this.W,
      h.map(value => -value),
      x,
      this.#none,
    )
  }

  /** p -= W (A W)^T z */
  *deflate(z: Float64Array, p: Float64Array): Steps<void> {
    if (this.count === 0) return
    const h = this.#h.subarray(0, this.count)
    yield* basisDots(this.#k, this.AW, z, h)
    yield* basisSubtract(this.#k, this.W, h, p, this.#none)
  }

  /**
   * The `most` lowest harmonic Ritz vectors of M^-1 A in the span of W and Y: (A Z)^T M^-1 (A Z) s = theta Z^T A Z s with
   * Z = [W, P Y], P = I - W (A W)^T (Saad et al. 2000). What Lanczos's relation M^-1 A P Y = Y D + v c^T tells of Y needs
   * no product; `apply` is asked for M^-1 A W. A step of Richardson's iteration, `omega` the reciprocal of the largest
   * eigenvalue, then takes out of each vector what no later Y would show: components of large eigenvalues.
   */
  *lowest(most: number, { D, c: coupling, Y, v }: RitzPairs, omega: number, apply: Apply): Steps<LowestSpace> {
    const [k, n, c, p] = [this.#k, this.#n, this.count, D.length]
    const m = c + p
    const N = new Float64Array(m * m)
    const Z = float64(c * n) // M^-1 A W
    for (let j = 0; j < c; j++) {
      const z = Z.subarray(j * n, (j + 1) * n)
      yield* apply(this.AW.subarray(j * n, (j + 1) * n), z)
      yield* basisDots(k, this.AW, z, N.subarray(j * m, j * m + c))
    }
    const next = new Float64Array(c)
    if (p > 0) yield* basisDots(k, this.AW, v, next)
    const H = new Float64Array(c * p) // (A W)^T Y
    for (let i = 0; i < p; i++) {
      const y = Y.subarray(i * n, (i + 1) * n)
      const h = H.subarray(i * c, (i + 1) * c)
      yield* basisDots(k, this.AW, y, h)
      yield* basisSubtract(k, this.W, h, y, this.#none)
      const size = 1 / Math.sqrt(D[i]!) // (P y_i)^T A P y_i = D_i
      for (let j = 0; j < c; j++) {
        N[(c + i) * m + j] = size * (D[i]! * h[j]! + coupling[i]! * next[j]!)
        N[j * m + c + i] = N[(c + i) * m + j]!
      }
      for (let j = 0; j < p; j++)
        N[(c + i) * m + c + j] = (size * coupling[i]! * coupling[j]!) / Math.sqrt(D[j]!) + (i === j ? D[i]! : 0)
    }
    const found = yield* symmetricEigen(N, m)
    if (found === undefined) return { U: float64(0), values: new Float64Array(0) }
    const kept = Math.min(most, m)
    const inW = new Float64Array(c * kept)
    const inY = new Float64Array(p * kept)
    const inZ = new Float64Array(c * kept)
    const inV = new Float64Array(kept)
    for (let j = 0; j < kept; j++) {
      const grown = 1 + omega * found.values[j]!
      for (let i = 0; i < c; i++) {
        inW[j * c + i] = grown * found.vectors[j * m + i]!
        inZ[j * c + i] = -omega * found.vectors[j * m + i]!
      }
      for (let i = 0; i < p; i++) {
        const s = found.vectors[j * m + c + i]! / Math.sqrt(D[i]!)
        inY[j * p + i] = (grown - omega * D[i]!) * s
        for (let l = 0; l < c; l++) inW[j * c + l]! -= omega * H[i * c + l]! * D[i]! * s
        inV[j]! -= omega * coupling[i]! * s
      }
    }
    const U = float64(kept * n)
    yield* basisCombine(k, this.W, inW, 0, U, n)
    yield* basisCombine(k, Y, inY, 1, U, n)
    yield* basisCombine(k, Z, inZ, 1, U, n)
    yield* basisCombine(k, v, inV, 1, U, n)
    return { U, values: found.values.slice(0, kept) }
  }
}
