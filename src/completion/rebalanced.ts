import { fillNormal } from '../core/random.ts'
import { copied, float64 } from '../core/shared.ts'
import { iterate, type Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { eighOf } from '../dense/eigh.ts'
import { svdOf } from '../dense/svd.ts'
import { addTimes, times } from '../dense/times.ts'
import { type Measured, norm, powerOf } from './measurements.ts'
import type { CompletionReason } from './model.ts'

const BASIN = 0.1 // relative residual from which on the factors are in the basin
const UNEVEN = 3 // how much shorter the right factor begins
const BEYOND = 1e6 // times the first residual
const LEAST = 1e-15 // of the largest eigenvalue of F^T F, below which a direction is none

/** How the descent is to go. */
export interface Descent {
  readonly rank: number
  readonly step: number
  readonly rtol: number
  readonly most: number
  readonly seed: number
  /** Of the first left factor, beside the root of the size of X. */
  readonly scale: number
}

/** X = left right^T, and how it was found. */
export interface Descended {
  readonly left: Dense
  readonly right: Dense
  readonly history: readonly number[]
  readonly reason: CompletionReason
}

/**
 * Gradient descent on both factors of X = F G^T of a rank that may be too large, from small random ones (Xiong, Ding and Du
 * 2024): at the first residual below a tenth the factors are rebalanced, once, F^T F = W S W^T, F <- b F W S^-1/2,
 * G <- G W S^1/2 / b. Their product stays, and from there on the rate does not depend on how small the factors began.
 */
export function* rebalancedDescent(
  name: string,
  measured: Measured,
  y: Float64Array,
  { rank, step, rtol, most, seed, scale }: Descent,
): Steps<Descended> {
  const { n, m } = measured
  const back = yield* measured.adjoint(copied(y))
  const power = yield* powerOf(measured, back)
  const [u, s, v] = [float64(n * n), float64(n), float64(n * n)]
  yield* svdOf(back.values, n, n, u, s, v)
  const size = s[0]! / (m * power) // of X, about
  const root = Math.sqrt(size)
  const factor = (stream: number, by: number): Dense => {
    const values = float64(n * rank)
    fillNormal(values, seed, stream)
    for (let at = 0; at < values.length; at++) values[at]! *= (by * root) / Math.sqrt(n)
    return { rows: n, columns: rank, values }
  }
  let [left, right] = [factor(1, scale), factor(2, scale / UNEVEN)]
  const eta = size > 0 ? step / (m * power * size) : 0
  const whole = norm(y)
  const history: number[] = []
  let balanced = false
  for (let done = 0; ; done++) {
    const residual = yield* measured.apply(yield* times(left, right, 'B'))
    for (let i = 0; i < m; i++) residual[i]! -= y[i]!
    const relative = whole > 0 ? norm(residual) / whole : 0
    history.push(relative)
    const ended = (reason: CompletionReason): Descended => ({ left, right, history, reason })
    if (relative <= rtol) return ended('converged')
    if (!(relative <= BEYOND * Math.max(1, history[0]!))) return ended('diverged')
    if (done === most) return ended('max-iterations')
    if (yield* iterate(done + 1, relative)) return ended('time-limit')
    if (!balanced && relative < BASIN) {
      balanced = true
      ;[left, right] = yield* rebalanced(name, left, right, root)
    }
    const gradient = yield* measured.adjoint(residual)
    const next = [left, right].map(({ rows, columns, values }) => ({ rows, columns, values: copied(values) }))
    yield* addTimes(next[0]!, -eta, gradient, right)
    const across = yield* times(gradient, left, 'A')
    for (let at = 0; at < across.values.length; at++) next[1]!.values[at]! -= eta * across.values[at]!
    left = next[0]!
    right = next[1]!
  }
}

function* rebalanced(name: string, F: Dense, G: Dense, b: number): Steps<[Dense, Dense]> {
  const k = F.columns
  const W = yield* times(F, F, 'A')
  const w = float64(k)
  yield* eighOf(name, W.values, k, w, true)
  const scaled = (power: number): Dense => {
    const values = float64(k * k)
    for (let at = 0; at < values.length; at++)
      values[at] = W.values[at]! * (b * Math.max(w[at % k]!, LEAST * w[k - 1]!) ** -0.5) ** power
    return { rows: k, columns: k, values }
  }
  return [yield* times(F, scaled(1)), yield* times(G, scaled(-1))]
}
