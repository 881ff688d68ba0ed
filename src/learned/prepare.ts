import { run } from '../core/method.ts'
import { fillNormal } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import { cgMethod } from '../krylov/cg.ts'
import { amg } from '../precondition/amg.ts'
import { type Level, levelsOf } from '../precondition/hierarchy.steps.ts'
import type { Amg } from '../precondition/kinds.ts'
import { smoothingSteps } from '../precondition/multigrid.steps.ts'
import { diagonalOf, strengthSteps } from '../precondition/strength.steps.ts'
import { Csr } from '../sparse/csr.ts'
import { FEATURES, isRegular, termsSteps } from './features.steps.ts'
import { COLUMNS, type Sample } from './samples.ts'

/** Unknowns that a level may have to be learned from. */
const FEWEST = 150
const MOST = 2500
const MOST_COARSE = 700
const WIDEST = 64 // entries of a row

/** A lumped diagonal below this share of the diagonal is not used, as in the prolongation itself. */
const LEAST_LUMPED = 0.1
const LUMPED = FEATURES.indexOf('lumped diagonal over diagonal')

const GRAIN = 20_000

/** A level that is learned from, before its features are normalised. */
export interface Prepared {
  readonly sample: Sample
  readonly features: Float32Array
  /** Whether `learned` weighs it: the finest level, where it is not regular. */
  readonly weighed: boolean
}

/** The levels of A that are neither too large nor too small to learn from, each with a random block of systems. */
export function* prepareSteps(
  method: string,
  A: Csr,
  seed: number,
  stream: number,
): Steps<readonly Prepared[] | undefined> {
  const M = yield* amg({ precision: 'double', coarsest: 8 }).build(method, A)
  if (M.kind !== 'amg') return undefined
  const prepared: Prepared[] = []
  for (const [l, level] of levelsOf(M).entries()) {
    const n = level.A.rows
    const widest = level.A.rowPointers.reduce((most, end, i, all) => (i > 0 ? Math.max(most, end - all[i - 1]!) : 0), 0)
    if (level.P === undefined || level.R === undefined || n < FEWEST || n > MOST) continue
    if (level.R.rows > MOST_COARSE || widest > WIDEST) continue
    prepared.push(yield* prepareLevel(method, M, level, l, seed, stream + l))
    yield tick
  }
  return prepared
}

function* prepareLevel(
  method: string,
  M: Amg,
  { A, P, R, aggregates, inverseDiagonal, largest }: Level,
  l: number,
  seed: number,
  stream: number,
): Steps<Prepared> {
  const n = A.rows
  const diagonal = diagonalOf(A)
  const graph = yield* strengthSteps(GRAIN, A, diagonal, 1, M.thresholds[l]!)
  const terms = yield* termsSteps(GRAIN, A, diagonal, graph, { aggregates, count: R!.rows })
  const omega = M.damping / largest
  const termPlaces = new Int32Array(terms.entries.length)
  const termValues = new Float64Array(terms.entries.length)
  for (let i = 0; i < n; i++)
    for (let t = terms.pointers[i]!; t < terms.pointers[i + 1]!; t++) {
      const j = A.columnIndices[terms.entries[t]!]!
      const lumped = Math.fround(terms.features[FEATURES.length * t + LUMPED]!)
      const scaled = lumped > LEAST_LUMPED ? lumped : 1
      termPlaces[t] = P!.columnIndices.indexOf(aggregates[j]!, P!.rowPointers[i]!)
      termValues[t] = j === i ? 1 - omega : (-omega * A.values[terms.entries[t]!]!) / (scaled * diagonal[i]!)
    }
  const { error, residual } = yield* systems(method, A, seed, stream)
  const smoother = smoothingSteps(true, M.degree, largest, M.ratios[l]!)
  return {
    features: terms.features,
    weighed: l === 0 && !isRegular(A),
    sample: {
      unknowns: n,
      coarse: R!.rows,
      network: Math.min(l, 1),
      rowPointers: A.rowPointers,
      columnIndices: A.columnIndices,
      values: Float64Array.from(A.values),
      inverseDiagonal: Float64Array.from(inverseDiagonal),
      termPointers: terms.pointers,
      termPlaces,
      termValues,
      inputs: new Float64Array(0),
      coarsePointers: P!.rowPointers,
      coarseColumns: P!.columnIndices,
      smoother: Float64Array.from(smoother.flatMap(({ momentum, size }) => [momentum, size])),
      scale: Float64Array.of(1),
      error,
      residual,
    },
  }
}

/** Iterations that have been done before the loss begins: it is to know the errors that smoothed aggregation leaves. */
const DONE = 1

/** What smoothed aggregation leaves of random systems. */
function* systems(
  method: string,
  { rows, rowPointers, columnIndices, values }: Level['A'],
  seed: number,
  stream: number,
): Steps<Pick<Sample, 'error' | 'residual'>> {
  const A = Csr.fromArrays(rows, rows, rowPointers, columnIndices, Float64Array.from(values))
  const M = yield* amg({ precision: 'double', coarsest: 32 }).build(method, A)
  const error = new Float64Array(rows * COLUMNS)
  const residual = new Float64Array(rows * COLUMNS)
  const stopping = { rtol: 1e-13, atol: 0, maxIterations: 1000, warm: false, history: false, slow: 0 }
  for (let c = 0; c < COLUMNS; c++) {
    const b = float64(rows)
    const x = float64(rows)
    fillNormal(b, seed, stream * COLUMNS + c)
    yield* run(cgMethod, A, b, x, M, float64(0), stopping)
    const guess = float64(rows)
    yield* run(cgMethod, A, b, guess, M, float64(0), { ...stopping, maxIterations: DONE })
    for (let i = 0; i < rows; i++) {
      let left = b[i]!
      for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) left -= A.values[k]! * guess[columnIndices[k]!]!
      error[i * COLUMNS + c] = x[i]! - guess[i]!
      residual[i * COLUMNS + c] = left
    }
  }
  return { error, residual }
}
