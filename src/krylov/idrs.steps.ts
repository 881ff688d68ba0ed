import { fillNormal } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import type { LinearOperator } from '../sparse/operator.steps.ts'
import { orthonormalise } from './arnoldi.steps.ts'
import { basisCombine, basisDots, basisSubtract } from './basis.steps.ts'
import { RightPreconditioned } from './right-preconditioned.steps.ts'
import type { Outcome, Stopping } from './stopping.ts'
import { Watch } from './watch.ts'

/** Cosine of an image with its shadow below which their product is rounding. */
const ORTHOGONAL = 1e-14

/** Least cosine of r and A r for which omega minimises the residual (Sleijpen and van der Vorst 1995). */
const KAPPA = 0.7

/** Share of the residual at the last start that has to be gone for another start where a denominator vanishes. */
const GAIN = 0.99

const DRAWN = 4096 // normals between ticks

/**
 * Solves A x = b, A square, by IDR(s) with M on the right, in the form with bi-orthogonal residuals: Sonneveld and van Gijzen
 * 2008; van Gijzen and Sonneveld 2011 (Algorithm 913), whose letters these are. Residuals are forced into spaces that shrink by s
 * dimensions with every s + 1 products, orthogonal to s random vectors P. A step is one product; of s + 1, the last minimises the
 * residual. Where a denominator vanishes it starts anew from the true residual. Workspace: (3 s + 5) n.
 */
export function* idrsSteps(
  k: Kernels,
  A: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  M: AnyPreconditioner,
  stopping: Stopping,
  s: number,
  seed: number,
): Steps<Outcome> {
  const n = b.length
  const [P, G, U] = [float64(s * n), float64(s * n), float64(s * n)]
  const vector = (block: Float64Array, j: number) => block.subarray(j * n, (j + 1) * n)
  const [r, v, y] = [float64(n), float64(n), float64(n)] // y: what x lacks, before M^-1
  const [mu, f, c, none] = [new Float64Array(s * s), new Float64Array(s), new Float64Array(s), new Float64Array(1)]
  const watch = new Watch(k, A, b, x, float64(0), r, stopping)
  const AM = new RightPreconditioned(k, A, M, n, watch)
  let omega = 1
  let begun = 0 // norm at the last start

  watch.present = function* () {
    if (AM.plain || k.dot(y, y) > 0) yield* AM.correct(y, x)
    y.fill(0)
  }

  yield* watch.start()
  for (let i = 0, j = 0; ; i++, j = (j + 1) % (s + 1)) {
    const ended = yield* watch.ended(i)
    if (ended) return ended
    if (i === 0) yield* draw()
    if (watch.restart()) {
      j = 0
      for (const cleared of [G, U, mu]) cleared.fill(0)
      for (let m = 0; m < s; m++) mu[m * s + m] = 1
      omega = 1
      begun = watch.norm
    }

    let square = yield* j < s ? direction(j) : minimise()
    if (!(square < Number.POSITIVE_INFINITY)) {
      yield* watch.renew() // what has been gained is kept, and nothing is tried twice
      if (!(watch.norm < GAIN * begun)) return yield* watch.stop('breakdown', i + 1)
      square = watch.norm ** 2
    }
    const broken = yield* watch.after(i + 1, Math.sqrt(square))
    if (broken) return broken
  }

  /** P: random, orthonormal. */
  function* draw(): Steps<void> {
    for (let at = 0; at < P.length; at += DRAWN) {
      fillNormal(P.subarray(at, at + DRAWN), seed, 0, at)
      yield tick
    }
    const h = new Float64Array(s)
    for (let j = 0; j < s; j++) yield* orthonormalise(k, P, n, j, h)
  }

  /** Makes r orthogonal to p_j; returns r . r, NaN where mu_jj vanished. */
  function* direction(j: number): Steps<number> {
    if (j === 0) yield* basisDots(k, P, r, f)
    const m = s - j
    for (let i = j; i < s; i++) {
      c[i] = f[i]!
      for (let l = j; l < i; l++) c[i]! -= mu[i * s + l]! * c[l]!
      c[i]! /= mu[i * s + i]!
    }
    const [later, held] = [c.slice(j), vector(U, j)]
    v.set(r)
    yield* basisSubtract(k, G.subarray(j * n), later, v, none)
    yield* basisCombine(k, U.subarray(j * n), later, omega, v, n)
    held.set(v)
    const g = vector(G, j)
    yield* AM.image(held, g)

    const made = c.subarray(0, j)
    yield* basisDots(k, P.subarray(0, j * n), g, made)
    for (let i = 0; i < j; i++) {
      for (let l = 0; l < i; l++) made[i]! -= mu[i * s + l]! * made[l]!
      made[i]! /= mu[i * s + i]!
    }
    yield* basisSubtract(k, G.subarray(0, j * n), made, g, none)
    yield* basisSubtract(k, U.subarray(0, j * n), made, held, none)
    const column = new Float64Array(m)
    yield* basisDots(k, P.subarray(j * n), g, column)
    for (let i = 0; i < m; i++) mu[(j + i) * s + j] = column[i]!
    if (!(Math.abs(column[0]!) > ORTHOGONAL * Math.sqrt(k.dot(g, g)))) return Number.NaN
    const beta = f[j]! / column[0]!
    for (let i = j; i < s; i++) f[i]! -= beta * mu[i * s + j]!
    return k.advance(beta, held, g, y, r)
  }

  /** r -= omega A r; returns r . r, NaN where omega vanished. */
  function* minimise(): Steps<number> {
    yield* AM.image(r, v)
    const [rr, tt, tr] = [k.dot(r, r), k.dot(v, v), k.dot(v, r)]
    const cosine = Math.abs(tr) / Math.sqrt(rr * tt)
    omega = tr / tt
    if (cosine < KAPPA) omega *= KAPPA / cosine
    if (!(Math.abs(omega) > 0 && Math.abs(omega) < Number.POSITIVE_INFINITY)) return Number.NaN
    k.axpy(omega, r, y)
    k.axpy(-omega, v, r)
    return k.dot(r, r)
  }
}
