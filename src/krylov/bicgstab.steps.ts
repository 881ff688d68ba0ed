import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import type { LinearOperator } from '../sparse/operator.steps.ts'
import { basisDots, basisSubtract } from './basis.steps.ts'
import { RightPreconditioned } from './right-preconditioned.steps.ts'
import { smallSolve } from './small-solve.ts'
import type { Outcome, Stopping } from './stopping.ts'
import { Watch } from './watch.ts'

/** Cosine of the residual with the shadow below which their product is rounding. */
const ORTHOGONAL = 1e-14

/** Share of the residual at the last start that has to be gone for another start where a denominator vanishes. */
const GAIN = 0.99

/**
 * Solves A x = b, A square, by BiCGstab(l) with M on the right: Sleijpen and Fokkema 1993; van der Vorst 1992 for l = 1. An
 * iteration is l steps of bi-conjugate gradients and the minimal residual over the l + 1 powers that they leave, 2 l products.
 * Where a denominator vanishes it starts anew from the true residual, with that as its shadow. Workspace: (2 l + 6) n.
 */
export function* bicgstabSteps(
  k: Kernels,
  A: LinearOperator,
  b: Float64Array,
  x: Float64Array,
  M: AnyPreconditioner,
  stopping: Stopping,
  l: number,
): Steps<Outcome> {
  const n = b.length
  const [R, U] = [float64((l + 1) * n), float64((l + 1) * n)]
  const vector = (block: Float64Array, j: number) => block.subarray(j * n, (j + 1) * n)
  const [shadow, s] = [float64(n), float64(n)]
  const r = vector(R, 0)
  const [powers, directions] = [R.subarray(n), U.subarray(n)]
  const [gram, gamma, square] = [new Float64Array(l * l), new Float64Array(l), new Float64Array(1)]
  const watch = new Watch(k, A, b, x, float64(0), r, stopping)
  const AM = new RightPreconditioned(k, A, M, n, watch)
  let [rho, alpha, omega] = [1, 0, 1]
  let begun = 0 // norm at the last start, and of the shadow

  /** s is what x lacks, before M^-1 */
  watch.present = function* () {
    if (AM.plain || k.dot(s, s) > 0) yield* AM.correct(s, x)
    s.fill(0)
  }

  yield* watch.start()
  for (let i = 0; ; i++) {
    const ended = yield* watch.ended(i)
    if (ended) return ended
    if (watch.restart()) {
      shadow.set(r)
      vector(U, 0).fill(0)
      ;[rho, alpha, omega] = [1, 0, 1]
      begun = watch.norm
    }

    if (!(yield* step())) {
      yield* watch.renew() // what has been gained is kept, and nothing is tried twice
      if (!(watch.norm < GAIN * begun)) return yield* watch.stop('breakdown', i + 1)
      square[0] = watch.norm * watch.norm
    }
    const broken = yield* watch.after(i + 1, Math.sqrt(square[0]!))
    if (broken) return broken
  }

  /** One iteration; false where a denominator vanished. */
  function* step(): Steps<boolean> {
    rho *= -omega
    for (let j = 0; j < l; j++) {
      const next = k.dot(vector(R, j), shadow)
      const size = Math.sqrt(k.dot(vector(R, j), vector(R, j))) * begun
      if (!(Math.abs(next) > ORTHOGONAL * size && rho !== 0)) return false
      const beta = (alpha * next) / rho
      rho = next
      for (let m = 0; m <= j; m++) k.axpby(1, vector(R, m), -beta, vector(U, m))
      yield* AM.image(vector(U, j), vector(U, j + 1))
      alpha = rho / k.dot(vector(U, j + 1), shadow)
      if (!Number.isFinite(alpha)) return false
      for (let m = 0; m <= j; m++) k.axpy(-alpha, vector(U, m + 1), vector(R, m))
      k.axpy(alpha, vector(U, 0), s)
      yield* AM.image(vector(R, j), vector(R, j + 1))
    }
    for (let j = 0; j < l; j++) yield* basisDots(k, powers, vector(powers, j), gram.subarray(j * l, (j + 1) * l))
    yield* basisDots(k, powers, r, gamma)
    if (!smallSolve(gram, gamma)) return false
    omega = gamma[l - 1]!
    const back = gamma.map(value => -value)
    yield* basisSubtract(k, R.subarray(0, l * n), back, s, square)
    yield* basisSubtract(k, directions, gamma, vector(U, 0), square)
    yield* basisSubtract(k, powers, gamma, r, square)
    return true
  }
}
