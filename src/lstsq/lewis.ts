import type { ControlOptions } from '../core/control.ts'
import { KrylovError, refuse } from '../core/errors.ts'
import { forms, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import { iterate, type Steps } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { tsqr } from '../dense/tsqr.ts'
import { ownRows } from '../sketch/sketch.ts'
import { Csr } from '../sparse/csr.ts'
import { squaredRowNorms } from './row-norms.ts'
import { spectrumOf } from './singular.ts'

/** Options of {@link lewisWeights}. */
export interface LewisOptions extends ControlOptions {
  /** Largest relative change of a weight at which the iteration ends. Default 1e-8. */
  readonly tolerance?: number
}

const MOST = 1000 // iterations: as many as p = 3.96 needs

const { async, sync } = forms<[Dense | CsrData, number, LewisOptions?], Float64Array>(
  'lewisWeights',
  2,
  ['tolerance'],
  function* (call, given, p, { tolerance = 1e-8 } = {}) {
    checkPower(call.name, p)
    if (typeof tolerance !== 'number' || !(tolerance > 0))
      throw refuse('ERR_OPTION', call.name, 'option tolerance', 'a positive number', tolerance)
    const A = yield* ownRows(call, 'A', given)
    return yield* lewisOf(call.name, isDense(A) ? A : Csr.from(A).toDense(), p, tolerance)
  },
)

function checkPower(method: string, p: unknown): void {
  if (typeof p !== 'number' || !(p > 0 && p < 4)) throw refuse('ERR_OPTION', method, 'p', 'above 0 and below 4', p)
}

/**
 * w_i = (a_i^T (A^T W^(1 - 2 / p) A)^-1 a_i)^(p / 2), repeated: each round takes the logarithms' error times |1 - p / 2|
 * (Cohen and Peng 2015). By a QR factorization of W^(1/2 - 1/p) A, since weights differ by orders of magnitude.
 */
export function* lewisOf(method: string, A: Dense, p: number, tolerance: number): Steps<Float64Array> {
  const { rows: m, columns: n, values } = A
  let weights = new Float64Array(m).fill(Math.min(1, n / Math.max(1, m)))
  const scaled = float64(values.length)
  for (let step = 0; step < MOST; step++) {
    for (let i = 0; i < m; i++) {
      const scale = weights[i]! > 0 ? weights[i]! ** (1 / 2 - 1 / p) : 0
      for (let at = i * n; at < (i + 1) * n; at++) scaled[at] = values[at]! * scale
    }
    const R = float64(n * n)
    yield* run(tsqr, scaled, n, float64(0), 0, R)
    const { P, rank } = yield* spectrumOf(R, n, float64(0), 0)
    const next = (yield* squaredRowNorms(A, P, rank)).map(square => square ** (p / 2))
    let change = 0
    for (let i = 0; i < m; i++) change = Math.max(change, Math.abs(Math.log(next[i]! / weights[i]!)) || 0)
    weights = next
    if (change <= tolerance) return weights
    if (yield* iterate(step + 1, change)) break
  }
  throw new KrylovError('ERR_UNSUPPORTED', `${method}: the iteration did not converge for p = ${p}`)
}

/**
 * The l_p Lewis weights of A's rows, 0 < p < 4: those with which W^(1/2 - 1/p) A has them as its leverage scores. They sum to the
 * rank; p = 2 gives the leverage scores themselves. Some -log(tolerance) / log|1 - p / 2|^-1 rounds of 4 m n^2 flops. Workspace: m n.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION; ERR_UNSUPPORTED where it does not converge
 */
export const lewisWeights = async

/** {@link lewisWeights}, blocking. */
export const lewisWeightsSync = sync
