import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { forms, run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { checkSeed } from '../core/random.ts'
import { copied, float64 } from '../core/shared.ts'
import { iterate, type Steps, tick } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { ownVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import { normalPass } from '../dense/normal-pass.ts'
import { ownRows } from '../sketch/sketch.ts'
import { Csr } from '../sparse/csr.ts'
import { DenseMatrix } from './dense-matrix.ts'
import { climb } from './ladder.ts'
import { along } from './line-search.ts'
import { Problem } from './problem.ts'
import { sampleOf } from './sample-rows.ts'

/** Options of {@link lpRegression}. */
export interface LpRegressionOptions extends ControlOptions {
  /** 1 or more; default 1. */
  readonly p?: number
  /** Ends where ten rounds gain less than this share of the objective. Default 1e-9. */
  readonly rtol?: number
  /** Rounds, a weighted least-squares problem each; default 200. */
  readonly maxIterations?: number
  /** Solves on a sample of the rows that keeps l_p norms to 1 + epsilon; default: all rows. p below 4. */
  readonly epsilon?: number
  /** Of the sample; default 0. */
  readonly seed?: number
}

/** What {@link lpRegression} found. */
export interface LpSolution {
  readonly x: Float64Array
  /** ||b - A x||_p^p, of all rows. */
  readonly objective: number
  readonly converged: boolean
  readonly iterations: number
  /** Rows that were solved with. */
  readonly rows: number
}

const { async, sync } = forms<[Dense | CsrData, ArrayLike<number>, LpRegressionOptions?], LpSolution>(
  'lpRegression',
  2,
  ['p', 'rtol', 'maxIterations', 'epsilon', 'seed'],
  function* (call, given, rhs, options = {}) {
    const { p = 1, rtol = 1e-9, maxIterations = 200, epsilon, seed = 0 } = options
    if (typeof p !== 'number' || !(p >= 1 && p <= 100)) throw refuse('ERR_OPTION', call.name, 'option p', '1 to 100', p)
    if (typeof rtol !== 'number' || !(rtol >= 0)) throw refuse('ERR_OPTION', call.name, 'option rtol', '>= 0', rtol)
    integerOption(call.name, 'maxIterations', maxIterations, 1, 1e6)
    if (epsilon !== undefined && !(typeof epsilon === 'number' && epsilon > 0 && epsilon <= 1 && p < 4))
      throw refuse('ERR_OPTION', call.name, 'option epsilon', 'above 0, at most 1, and absent from p = 4 on', epsilon)
    checkSeed(call.name, 'option seed', seed)
    const rows = yield* ownRows(call, 'A', given)
    const A = isDense(rows) ? rows : Csr.from(rows).toDense()
    const b = yield* ownVector(call, 'b', rhs, A.rows)
    if (epsilon === undefined) return yield* reweighted(A, b, { p, rtol, maxIterations })
    const { indices, weights } = yield* sampleOf(call.name, withSide(A, b), {
      p,
      by: 'augmented',
      rows: undefined,
      epsilon,
      seed,
    })
    const some = yield* chosen(
      A,
      b,
      indices,
      weights.map(weight => weight ** (1 / p)),
    )
    const found = yield* reweighted(some.A, some.b, { p, rtol, maxIterations })
    const r = yield* residual(A, found.x, b)
    return { ...found, objective: powers(r, p) }
  },
)

interface Limits {
  readonly p: number
  readonly rtol: number
  readonly maxIterations: number
}

const SHRINK = 2 // by which the smoothing falls each round
const LEAST = 1e-10 // of the largest residual: what it falls to
const PATIENCE = 10 // rounds

/**
 * Iteratively reweighted least squares on sum (r^2 + d^2)^(p/2), d falling: from each weighted solution a step along the line
 * from x to it, as long as the convex objective asks for, which makes Newton's method of it for p > 2 (Adil, Peng and Sachdeva
 * 2019) and hastens the descent for p < 2.
 */
function* reweighted(A: Dense, b: Float64Array, { p, rtol, maxIterations }: Limits): Steps<LpSolution> {
  const { rows: m, columns: n } = A
  let x = (yield* weighted(A, b, new Float64Array(m).fill(1))).slice()
  let r = yield* residual(A, x, b)
  let smoothing = largest(r)
  const floor = LEAST * smoothing
  let best = { x, objective: powers(r, p) }
  const history = [best.objective]
  let iterations = 0
  let converged = p === 2 || best.objective === 0 || n === 0
  while (!converged && iterations < maxIterations) {
    iterations++
    smoothing = Math.max(floor, smoothing / SHRINK)
    const target = yield* weighted(
      A,
      b,
      r.map(value => (value * value + smoothing * smoothing) ** ((p - 2) / 4)),
    )
    const d = target.map((value, j) => value - x[j]!)
    const Ad = yield* residual(A, d, float64(0))
    const step = along(r, Ad, p, smoothing)
    x = x.map((value, j) => value + step * d[j]!)
    r = yield* residual(A, x, b)
    const objective = powers(r, p)
    if (objective < best.objective) best = { x, objective }
    history.push(best.objective)
    const before = history[iterations - PATIENCE]
    converged = smoothing === floor && before !== undefined && before - best.objective <= rtol * best.objective
    if (yield* iterate(iterations, objective ** (1 / p))) break
  }
  return { ...best, converged, iterations, rows: m }
}

/** The solution of least squares with rows scaled. */
function* weighted(A: Dense, b: Float64Array, scales: Float64Array): Steps<Float64Array> {
  const every = Int32Array.from({ length: A.rows }, (_, i) => i)
  const some = yield* chosen(A, b, every, scales)
  return (yield* climb(new Problem(new DenseMatrix(some.A), some.b, 1, 0, 0), 'auto')).X
}

const ROWS = 4096 // between ticks

/** Rows of A and b by their indices, scaled. */
function* chosen({ columns: n, values }: Dense, b: Float64Array, indices: Int32Array, scales: Float64Array) {
  const A = { rows: indices.length, columns: n, values: float64(indices.length * n) }
  const side = float64(indices.length)
  for (const [k, i] of indices.entries()) {
    const scale = scales[k]!
    for (let j = 0; j < n; j++) A.values[k * n + j] = values[i * n + j]! * scale
    side[k] = b[i]! * scale
    if (k % ROWS === ROWS - 1) yield tick
  }
  return { A, b: side }
}

/** [A b], whose rows are sampled so that residuals keep their size as well. */
function withSide({ rows, columns: n, values }: Dense, b: Float64Array): Dense {
  const wide = { rows, columns: n + 1, values: float64(rows * (n + 1)) }
  for (let i = 0; i < rows; i++) {
    wide.values.set(values.subarray(i * n, (i + 1) * n), i * (n + 1))
    wide.values[i * (n + 1) + n] = b[i]!
  }
  return wide
}

function* residual({ rows: m, columns: n, values }: Dense, x: Float64Array, b: Float64Array): Steps<Float64Array> {
  const r = float64(m)
  yield* run(normalPass, values, n, copied(x), b, r, float64(n))
  return r
}

const powers = (r: Float64Array, p: number): number => r.reduce((sum, value) => sum + Math.abs(value) ** p, 0)
const largest = (r: Float64Array): number => r.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/**
 * Minimises ||b - A x||_p^p, p >= 1: p = 1 does not mind outliers, large p minds nothing else. A user of {@link lstsq}: each round is a
 * weighted least-squares problem. With `epsilon` on a sample of the rows.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const lpRegression = async

/** {@link lpRegression}, blocking. */
export const lpRegressionSync = sync
