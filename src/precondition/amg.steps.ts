import { float32, float64, sharedFloat64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { semidefiniteCholesky } from '../dense/semidefinite-cholesky.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { type Aggregates, aggregateSteps } from './aggregate.steps.ts'
import { galerkinPattern, galerkinValues, transposed } from './galerkin.steps.ts'
import { type Level, type LevelMatrix, levelsOf, packPattern, packValues } from './hierarchy.steps.ts'
import type { Amg } from './kinds.ts'
import { prolongationPattern, prolongationValues, tentativeSteps } from './prolongation.steps.ts'
import { spectralBound } from './spectral-bound.steps.ts'
import { diagonalOf, type NodeGraph, strengthSteps } from './strength.steps.ts'

export interface AmgSettings {
  /** Of the step that smooths T: omega = damping / the bound of the spectrum. */
  readonly damping: number
  /** Strength threshold on the finest level; halved from level to level. */
  readonly threshold: number
  /** Unknowns that the coarsest level may have. */
  readonly coarsest: number
  readonly blockSize: number
  /** Vectors in `near`; 0 stands for the constant one. */
  readonly columns: number
  /** Whether the smoother's D holds the sums of magnitudes of the rows. */
  readonly l1: boolean
  /** Bits of the numbers that a cycle reads: 32, 64, or 0 for what the diagonal allows. */
  readonly bits: number
  /** Whether constants are the null space of A. */
  readonly constant: boolean
}

/** The numbers of a hierarchy. */
export type HierarchyValues = Pick<Amg, 'finest' | 'values' | 'inverseDiagonal' | 'largest' | 'coarse'> & {
  /** Whether every level has a positive diagonal and the coarsest is positive (semi)definite. */
  readonly ok: boolean
}

/** A hierarchy without what its user chose. */
export type BuiltHierarchy = HierarchyValues &
  Pick<Amg, 'levels' | 'rowPointers' | 'columnIndices' | 'aggregates' | 'thresholds'>

const MOST_LEVELS = 24
/** A level that keeps more of its unknowns than this is not worth having. */
const STALLED = 0.8
/** A dense factor is made of a coarsest level that stalled up to this order: 32 MB of doubles. */
const MOST_DENSE = 2048

/** Factors of the terms of P, one per entry of the matrix of `level`; none where the level keeps its terms. */
export type Weigh = (
  grain: number,
  A: LevelMatrix,
  diagonal: Float64Array,
  graph: NodeGraph,
  found: Aggregates,
  level: number,
) => Steps<ArrayLike<number>>

// biome-ignore lint/correctness/useYield: a `Weigh` may have nothing to do
const unweighed: Weigh = function* () {
  return []
}

/** Smoothed aggregation (Vanek, Mandel and Brezina 1996): the levels of A, finest first. */
export function* amgSteps(k: Kernels, A: CsrData, near: Float64Array, settings: AmgSettings): Steps<BuiltHierarchy> {
  return yield* hierarchySteps(k, A, near, settings, unweighed)
}

/** The same with the terms of the prolongations weighed. */
export function* hierarchySteps(
  k: Kernels,
  A: CsrData,
  near: Float64Array,
  settings: AmgSettings,
  weigh: Weigh,
): Steps<BuiltHierarchy> {
  const { grain } = k
  const levels: Level[] = []
  const thresholds: number[] = []
  const { rows, rowPointers, columnIndices } = A.pattern
  let matrix: SetupMatrix = { rows, rowPointers, columnIndices, values: A.values }
  let B = near
  let { threshold, blockSize } = settings
  for (;;) {
    const found: FoundLevel | undefined = yield* levelSteps(k, matrix, settings.l1)
    if (found === undefined)
      return { ...(yield* finished([], false, settings)), ...packPattern([]), thresholds: float64(0) }
    const { level } = found
    levels.push(level)
    if (matrix.rows <= settings.coarsest || levels.length === MOST_LEVELS) break
    const weighs: Weights = (matrix, diagonal, graph, aggregates) =>
      weigh(grain, matrix, diagonal, graph, aggregates, levels.length - 1)
    const columns = Math.max(1, settings.columns)
    const coarser = yield* coarsen(grain, found, B, blockSize, threshold, columns, settings.damping, weighs)
    if (coarser === undefined) break
    levels[levels.length - 1] = coarser.level
    thresholds.push(coarser.threshold)
    matrix = coarser.matrix
    B = coarser.near
    blockSize = columns
    threshold /= 2
  }
  const pattern = packPattern(levels)
  return {
    ...(yield* finished(levels, true, settings)),
    ...pattern,
    thresholds: sharedFloat64(thresholds),
  }
}

/** The hierarchy of another matrix with the same pattern: aggregates and the patterns of all products are kept. */
export function* amgUpdateSteps(k: Kernels, A: CsrData, M: Amg, settings: AmgSettings): Steps<HierarchyValues> {
  const { grain } = k
  const levels: Level[] = []
  let values = A.values
  let B = M.near
  let { blockSize } = settings
  const known = levelsOf(M)
  for (const [l, old] of known.entries()) {
    const found: FoundLevel | undefined = yield* levelSteps(k, { ...old.A, values }, settings.l1)
    if (found === undefined) return yield* finished([], false, settings)
    const { level, diagonal } = found
    levels.push(level)
    if (old.P === undefined || old.R === undefined) break
    const { aggregates } = old
    const columns = Math.max(1, settings.columns)
    const count = old.R.rows / columns
    const graph: NodeGraph = yield* strengthSteps(grain, level.A, diagonal, blockSize, M.thresholds[l]!)
    const known_ = { P: old.P, aggregates, count }
    const { damping } = settings
    const { P, R, near }: Transfer = yield* transfer(grain, found, B, blockSize, graph, known_, columns, damping, [])
    levels[l] = { ...level, aggregates, P, R }
    values = yield* galerkinValues(grain, R, level.A, P, known[l + 1]!.A)
    B = near
    blockSize = columns
  }
  return yield* finished(levels, true, settings)
}

/** Set-up computes in double. */
interface SetupMatrix extends LevelMatrix {
  readonly values: Float64Array
}

interface FoundLevel {
  readonly level: Level
  readonly diagonal: Float64Array
  /** Bound of the spectrum of A scaled by its diagonal. */
  readonly bound: number
}

interface Transfer {
  readonly P: LevelMatrix
  readonly R: LevelMatrix
  /** The near-null space of the coarser level, by rows. */
  readonly near: Float64Array
}

function* levelSteps(k: Kernels, A: SetupMatrix, l1: boolean): Steps<FoundLevel | undefined> {
  const diagonal = diagonalOf(A)
  yield tick
  if (!diagonal.every(d => d > 0 && d < Number.POSITIVE_INFINITY)) return undefined
  const { diagonalBound: bound, ...smoother } = yield* spectralBound(k, A, diagonal, l1)
  return { level: { A, ...smoother, aggregates: new Int32Array(0) }, diagonal, bound }
}

type Weights = (A: LevelMatrix, diagonal: Float64Array, graph: NodeGraph, found: Aggregates) => Steps<ArrayLike<number>>

/** The next level; undefined where there is none worth having. */
function* coarsen(
  grain: number,
  { level, diagonal, bound }: FoundLevel,
  near: Float64Array,
  blockSize: number,
  wanted: number,
  columns: number,
  damping: number,
  weigh: Weights,
): Steps<{ level: Level; matrix: SetupMatrix; near: Float64Array; threshold: number } | undefined> {
  const { A } = level
  for (const threshold of wanted > 0 ? [wanted, 0] : [0]) {
    const graph = yield* strengthSteps(grain, A, diagonal, blockSize, threshold)
    const { aggregates, count } = yield* aggregateSteps(grain, graph)
    if (count === 0 || count * columns > STALLED * A.rows) continue
    const P = yield* prolongationPattern(grain, graph, aggregates, { columns, blockSize })
    const factors = yield* weigh(A, diagonal, graph, { aggregates, count })
    const made = yield* transfer(
      grain,
      { level, diagonal, bound },
      near,
      blockSize,
      graph,
      { P, aggregates, count },
      columns,
      damping,
      factors,
    )
    const coarser = yield* galerkinPattern(grain, made.R, A, P)
    const values = yield* galerkinValues(grain, made.R, A, made.P, coarser)
    return {
      level: { ...level, aggregates, P: made.P, R: made.R },
      matrix: { ...coarser, values },
      near: made.near,
      threshold,
    }
  }
  return undefined
}

/** P on its pattern, and its transpose. */
function* transfer(
  grain: number,
  { level: { A }, diagonal, bound }: FoundLevel,
  near: Float64Array,
  blockSize: number,
  graph: NodeGraph,
  { P: pattern, aggregates, count }: { P: Omit<LevelMatrix, 'values'>; aggregates: Int32Array; count: number },
  columns: number,
  damping: number,
  factors: ArrayLike<number>,
): Steps<Transfer> {
  const T = yield* tentativeSteps(grain, aggregates, count, near, columns, blockSize)
  const omega = damping / bound
  const values = yield* prolongationValues(grain, A, diagonal, graph, aggregates, T, pattern, omega, factors)
  const { source, ...across } = yield* transposed(grain, pattern, count * columns)
  const back = float64(source.length)
  for (let at = 0; at < source.length; at++) back[at] = values[source[at]!]!
  return { P: { ...pattern, values }, R: { ...across, values: back }, near: T.coarse }
}

/** The arrays that a cycle reads, and the factor of the coarsest level. */
function* finished(
  levels: readonly Level[],
  usable: boolean,
  { coarsest, bits, constant }: AmgSettings,
): Steps<HierarchyValues> {
  const order = levels.at(-1)?.A.rows ?? 0
  const dense = order <= Math.max(MOST_DENSE, coarsest)
  const coarse = float64(dense ? order * order : 0)
  const ok = usable && (!dense || order === 0 || denseFactor(levels.at(-1)!.A, coarse, constant))
  yield tick
  const single = levels.length > 0 && (bits === 32 || (bits === 0 && fitsSingles(levels[0]!.inverseDiagonal)))
  const make = single ? float32 : float64
  const given = levels[0]?.A.values ?? float64(0)
  const finest = single ? float32(given.length) : float64(0)
  if (single) finest.set(given) // in double it is A's own array
  yield tick
  const largest = float64(levels.length)
  levels.forEach((level, l) => {
    largest[l] = level.largest
  })
  return { ok, ...packValues(levels, make), finest, largest, coarse }
}

/** Beyond this ratio of diagonal entries the couplings of the large ones would lose the small ones to rounding. */
const MOST_CONTRAST = 1e6

function fitsSingles(inverseDiagonal: ArrayLike<number>): boolean {
  let low = Number.POSITIVE_INFINITY
  let high = 0
  for (let i = 0; i < inverseDiagonal.length; i++) {
    low = Math.min(low, inverseDiagonal[i]!)
    high = Math.max(high, inverseDiagonal[i]!)
  }
  return high <= MOST_CONTRAST * low && high < 1e18 && low > 1e-18
}

/** Pivots of the dense factor below this share of the diagonal are rounding errors of the levels above. */
const SINGULAR = 1e-11

function denseFactor(
  { rows, rowPointers, columnIndices, values }: LevelMatrix,
  dense: Float64Array,
  constant: boolean,
): boolean {
  let trace = 0
  for (let i = 0; i < rows; i++)
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) {
      dense[i * rows + columnIndices[at]!] = values[at]!
      if (columnIndices[at] === i) trace += values[at]!
    }
  // away from its null space the matrix stays what it is
  if (constant) for (let at = 0; at < dense.length; at++) dense[at]! += trace / rows ** 2
  return semidefiniteCholesky(rows, dense, SINGULAR)
}
