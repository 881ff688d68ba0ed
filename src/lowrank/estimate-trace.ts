import { refuse } from '../core/errors.ts'
import { type Call, forms } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed, fillUniform } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense, Operator } from '../core/types.ts'
import { addTimes, times } from '../dense/times.ts'
import { isOperator } from '../sparse/operator.steps.ts'
import { operatorTimes } from './apply.ts'
import { blockMatrix, requireSquare } from './matrix.ts'
import { orthonormal } from './orthonormal.ts'

/** Options of {@link estimateTrace}. */
export interface TraceOptions {
  /** Products of A with a vector, at least 6; default 90. */
  readonly products?: number
  /** An integer from 0 to 2^53 - 1; default 0. */
  readonly seed?: number
}

/** What {@link estimateTrace} found. */
export interface TraceEstimate {
  readonly trace: number
  /** One standard deviation of what was sampled; 0 where the subspace held all of A. */
  readonly standardError: number
  readonly products: number
}

const { async, sync } = forms<[Dense | CsrData | Operator, TraceOptions?], TraceEstimate>(
  'estimateTrace',
  1,
  ['products', 'seed'],
  function* (call, given, options = {}) {
    const wanted = integerOption(call.name, 'products', options.products ?? 90, 6, 2 ** 31 - 1)
    const seed = checkSeed(call.name, 'option seed', options.seed ?? 0)
    const { n, apply } = yield* square(call, given)
    const k = Math.min(Math.floor(wanted / 3), n)
    if (n === 0) return { trace: 0, standardError: 0, products: 0 }
    // tr A = tr Q^T A Q + tr (I - Q Q^T) A (I - Q Q^T): the first exactly, the second by signs
    const { Q } = yield* orthonormal(yield* apply(signs(n, k, seed, 0)), 0)
    const AQ = yield* apply(Q)
    let trace = 0
    for (let at = 0; at < Q.values.length; at++) trace += Q.values[at]! * AQ.values[at]!
    const G = signs(n, k, seed, 1)
    yield* addTimes(G, -1, Q, yield* times(Q, G, 'A'))
    const AG = yield* apply(G)
    const samples = new Float64Array(k)
    for (let at = 0; at < G.values.length; at++) samples[at % k]! += G.values[at]! * AG.values[at]!
    const mean = samples.reduce((sum, x) => sum + x, 0) / k
    const spread = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0)
    const standardError = k > 1 ? Math.sqrt(spread / (k * (k - 1))) : Number.NaN
    return { trace: trace + mean, standardError, products: 2 * k + Q.columns }
  },
)

function* square(
  call: Call,
  given: Dense | CsrData | Operator,
): Steps<{ n: number; apply: (X: Dense) => Steps<Dense> }> {
  if (typeof given === 'object' && given !== null && isOperator(given as Operator)) {
    const operator = given as Operator
    requireSquare(call.name, operator)
    if (!Number.isInteger(operator.rows) || operator.rows < 0)
      throw refuse('ERR_SHAPE', call.name, 'A.rows', 'a non-negative integer', operator.rows)
    return { n: operator.rows, apply: X => operatorTimes(operator, X) }
  }
  const A = yield* blockMatrix(call, 'A', given as Dense | CsrData)
  requireSquare(call.name, A)
  return { n: A.rows, apply: A.times }
}

function signs(rows: number, columns: number, seed: number, stream: number): Dense {
  const values = float64(rows * columns)
  fillUniform(values, seed, stream)
  for (let at = 0; at < values.length; at++) values[at] = values[at]! < 0.5 ? -1 : 1
  return { rows, columns, values }
}

/**
 * The trace of a square matrix, or of an operator of which only products are known, by Hutch++ (Meyer, Musco, Musco and
 * Woodruff 2021): exactly on a subspace that holds what is large, by random signs on the rest. For semidefinite A the error
 * falls like 1 / products. `estimateTraceSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const estimateTrace = async

/** {@link estimateTrace}, blocking. */
export const estimateTraceSync = sync
