import { fillNormal } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { columnNorms } from '../dense/column-norms.ts'
import { blockKrylov, type Triplets } from '../lowrank/block-krylov.ts'
import type { Csr } from '../sparse/csr.ts'
import { sparseTimes } from '../sparse/times.ts'
import { sweep } from './alt-min.ts'
import type { Factors } from './model.ts'
import { beside } from './observations.ts'
import { offsetsOf, type Problem } from './problem.ts'

const LEADING = 3 // sweeps for the biases alone, before the factors are begun
const CLIP = 3 // times the mean norm of a singular vector's rows: spikes of rows with few observations are cut
const ACCURACY = 0.3 // of the singular vectors
const RANDOM = 1e-3 // of the leading singular value: the columns that the observations do not fill

/**
 * Where a completion starts (Keshavan, Montanari and Oh 2010): from the leading singular triplets of the observations,
 * filled up with zeros and divided by the observed share, s^1/2 on both sides; rows of singular vectors that are far longer
 * than the others are shortened. Biases are fitted first, by themselves.
 */
export function* spectralStart(method: string, problem: Problem, rank: number, seed: number): Steps<Factors> {
  const { observed, biases, confidence, nonnegative } = problem
  const { rows, columns } = observed.byRow
  const factors: Factors = {
    rank,
    left: float64(rows * rank),
    right: float64(columns * rank),
    rowBiases: float64(biases ? rows : 0),
    columnBiases: float64(biases ? columns : 0),
  }
  if (biases) {
    const alone = { ...factors, rank: 0, left: float64(0), right: float64(0) }
    for (let first = 0; first < LEADING; first++) yield* sweep(method, problem, alone, 0)
  }
  const count = observed.byRow.nonZeros
  if (rank === 0 || count === 0) return factors
  // of implicit feedback the preferences, which are ones
  const ones = (A: Csr) => A.withValues(new Float64Array(A.nonZeros).fill(1))
  const implicit = confidence !== undefined
  const { byRow, byColumn } = observed
  const left = implicit
    ? ones(byRow)
    : yield* beside(byRow, offsetsOf(problem, factors.rowBiases), factors.columnBiases)
  const across = implicit
    ? ones(byColumn)
    : yield* beside(byColumn, offsetsOf(problem, factors.columnBiases), factors.rowBiases)
  const share = implicit ? 1 : (rows * columns) / count
  const { u, s, v } = yield* leading(left, across, rank, seed)
  clip(u)
  clip(v)
  for (let c = 0; c < rank; c++) {
    const root = Math.sqrt((s[c] ?? 0) * share)
    for (const [factor, vectors] of [
      [factors.left, u],
      [factors.right, v],
    ] as const)
      for (let i = 0; i < vectors.rows; i++)
        factor[i * rank + c] = c < vectors.columns ? root * vectors.values[i * vectors.columns + c]! : 0
  }
  fill(factors, s, share, seed)
  if (nonnegative)
    for (const factor of [factors.left, factors.right]) for (const [at, x] of factor.entries()) factor[at] = Math.abs(x)
  return factors
}

/** Leading singular triplets of a sparse matrix, given with its transpose. */
export function* leading(A: Csr, across: Csr, rank: number, seed: number): Steps<Triplets> {
  const { rows, columns } = A
  const least = Math.min(rows, columns)
  const k = Math.min(rank, least)
  const norm = columnNorms(A.values, 1)[0]!
  if (norm === 0) {
    const empty = (n: number): Dense => ({ rows: n, columns: 0, values: float64(0) })
    return { u: empty(rows), s: float64(0), v: empty(columns), accuracy: 0, complete: true, products: 0 }
  }
  const block = Math.min(least, Math.max(8, Math.min(32, Math.ceil(k / 32) * 8)))
  const matrix = {
    rows,
    columns,
    stored: A,
    norm,
    times: (X: Dense) => sparseTimes(A, X),
    transposeTimes: (Y: Dense) => sparseTimes(across, Y),
  }
  return yield* blockKrylov(matrix, block, seed, {
    count: found => (found.length < k ? undefined : k),
    accuracy: ACCURACY,
    most: Math.min(least, 2 * k + 4 * block),
  })
}

/** Shortens the rows of orthonormal columns that are far longer than the mean. */
function clip({ rows, columns, values }: Dense): void {
  const longest = CLIP * Math.sqrt(columns / rows)
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * columns, (i + 1) * columns)
    const norm = Math.hypot(...row)
    if (norm > longest) for (let c = 0; c < columns; c++) row[c]! *= longest / norm
  }
}

/** Columns that came out as zero get small normals, so that sweeps can fill them. */
function fill({ rank, left, right }: Factors, s: Float64Array, share: number, seed: number): void {
  const scale = RANDOM * Math.sqrt(Math.max(s[0] ?? 0, Number.MIN_VALUE) * share)
  for (const [side, factor] of [left, right].entries()) {
    const rows = factor.length / rank
    const normals = new Float64Array(rows)
    for (let c = 0; c < rank; c++) {
      if ((s[c] ?? 0) > 1e-12 * (s[0] ?? 0)) continue
      fillNormal(normals, seed, 2 + 2 * c + side)
      for (let i = 0; i < rows; i++) factor[i * rank + c] = (scale * normals[i]!) / Math.sqrt(rows)
    }
  }
}
