import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { basisDots, basisSubtract } from '../krylov/basis.steps.ts'
import type { RightPreconditioned } from '../krylov/right-preconditioned.steps.ts'
import type { Recycled } from './recycled.steps.ts'

const DEPENDENT = 1e-14 // share of c . M^-1 c that is left when c counts as a combination of the others

/**
 * I - C Z^T with Z = M^-1 C and Z^T C = I: the projection that takes C out of a residual as M^-1 measures it. Workspace:
 * recycle n, none where M is the identity.
 */
export class Projection {
  readonly #k: Kernels
  readonly #n: number
  readonly #space: Recycled
  readonly #plain: boolean
  readonly #Z: Float64Array
  readonly #none = new Float64Array(1)

  constructor(k: Kernels, n: number, recycle: number, space: Recycled, plain: boolean) {
    this.#k = k
    this.#n = n
    this.#space = space
    this.#plain = plain
    this.#Z = plain ? space.W : float64(recycle * n)
  }

  /** C, orthonormal so far, is made so as M^-1 measures it; U goes with it. What M^-1 does not find positive is dropped. */
  *open(AM: RightPreconditioned): Steps<void> {
    if (this.#plain) return
    const [k, n, given] = [this.#k, this.#n, this.#space.count]
    const { W, U } = this.#space
    const Z = this.#Z
    let count = 0
    for (let from = 0; from < given; from++) {
      const [at, h] = [count * n, new Float64Array(count)]
      const [c, z, u] = [W, Z, U].map(block => block.subarray(at, at + n)) as [Float64Array, Float64Array, Float64Array]
      c.set(W.subarray(from * n, (from + 1) * n))
      u.set(U.subarray(from * n, (from + 1) * n))
      yield* AM.apply(c, z)
      const whole = k.dot(c, z)
      for (let pass = 0; pass < 2; pass++) {
        yield* basisDots(k, Z.subarray(0, at), c, h)
        yield* basisSubtract(k, W.subarray(0, at), h, c, this.#none)
        yield* basisSubtract(k, Z.subarray(0, at), h, z, this.#none)
        yield* basisSubtract(k, U.subarray(0, at), h, u, this.#none)
      }
      const left = k.dot(c, z)
      if (!(left > DEPENDENT * whole && whole > 0 && left < Number.POSITIVE_INFINITY)) continue
      for (const vector of [c, z, u]) k.axpby(1 / Math.sqrt(left), vector, 0, vector)
      count++
      yield tick
    }
    this.#space.count = count
  }

  /** q -= C b, b = Z^T q */
  *takeOut(q: Float64Array, b: Float64Array): Steps<void> {
    if (b.length === 0) return
    const all = b.length * this.#n
    yield* basisDots(this.#k, this.#Z.subarray(0, all), q, b)
    yield* basisSubtract(this.#k, this.#space.W.subarray(0, all), b, q, this.#none)
  }
}
