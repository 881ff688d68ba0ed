import { native } from '../core/backend.ts'
import { kernels } from '../core/kernels.ts'
import { bind, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { PlannedMatrix, RunPattern, SlicePattern, StoragePlan } from '../core/types.ts'
import type { Csr } from './csr.ts'
import type { SparsityPattern } from './pattern.ts'
import { type PatternShape, patternShapeSteps } from './pattern-shape.steps.ts'
import { runPatternSteps, runValuesSteps } from './run-pattern.steps.ts'
import { slicePatternSteps, sliceValuesSteps } from './slices.steps.ts'

const patternShape = bind('patternShape', patternShapeSteps)
const runPattern = bind('runPattern', runPatternSteps)
const runValues = bind('runValues', runValuesSteps)
const slicePattern = bind('slicePattern', slicePatternSteps)
const sliceValues = bind('sliceValues', sliceValuesSteps)

export type PlanKind = StoragePlan['kind']

/** Entries below which a matrix lies in the cache and no plan is made: a solve of this size takes microseconds. */
export const SMALLEST = 2 ** 15

/*
 * The rule. Costs are counted in bytes that memory could move meanwhile; at 20 GB/s for one thread of the machine that
 * these were measured on, 1 byte is 0.05 ns.
 */
const GUESSED_WRONG = 100 // a row that ends elsewhere than the last one: 18 cycles
const NEXT_RUN = 300 // looking up and checking a run: 15 ns
const BUILD = { runs: 50, sell: 120 } // an entry, symbolic part and values together

/** What one product by a plan costs, and how it comes about, in bytes; runs are counted as if none were constant. */
export function productCost(kind: PlanKind, rows: number, nonZeros: number, shape: PatternShape): number {
  switch (kind) {
    case 'csr':
      return 12 * nonZeros + 20 * rows + GUESSED_WRONG * shape.changes
    case 'runs':
      return 8 * nonZeros + 16 * rows + NEXT_RUN * shape.runs
    case 'sell':
      return (
        12 * nonZeros + 20 * rows + (1 - shape.shortEntries / Math.max(1, nonZeros)) * GUESSED_WRONG * shape.changes
      )
  }
}

/** What making a plan costs, in the same bytes. */
export const buildCost = (kind: PlanKind, nonZeros: number): number => (kind === 'csr' ? 0 : BUILD[kind] * nonZeros)

const all: readonly PlanKind[] = ['csr', 'runs', 'sell']

/** JavaScript gains from runs alone: it does not wait for memory where slices do not. */
const kinds = (): readonly PlanKind[] => (native === undefined ? ['csr', 'runs'] : all)

/** The plan that is cheapest for so many products, its own making included. */
export function choosePlan(
  rows: number,
  nonZeros: number,
  shape: PatternShape,
  products: number,
  among: readonly PlanKind[] = kinds(),
): PlanKind {
  if (nonZeros < SMALLEST) return 'csr'
  const cost = (kind: PlanKind) => products * productCost(kind, rows, nonZeros, shape) + buildCost(kind, nonZeros)
  return among.reduce((best, kind) => (cost(kind) < cost(best) ? kind : best))
}

/** Products that a solve of n unknowns is expected to take; with a strong preconditioner 20 at most. */
export const expectedProducts = (n: number, maxIterations: number, strong: boolean): number =>
  Math.min(maxIterations, strong ? 20 : Math.ceil(Math.cbrt(n)))

const shapes = new WeakMap<SparsityPattern, PatternShape>()
const runPatterns = new WeakMap<SparsityPattern, RunPattern>()
const slicePatterns = new WeakMap<SparsityPattern, SlicePattern>()
const plans = new WeakMap<Csr, Made>()

/** A plan holds copies of the values: it serves as long as these are what they were. */
interface Made {
  readonly matrix: PlannedMatrix
  readonly sample: number
  readonly sums: readonly [number, number]
}

/** Some 256 values, weighted: whoever writes a matrix anew is noticed at the cost of a microsecond. */
function sampleOf(values: Float64Array): number {
  const step = Math.max(1, values.length >> 8)
  let sum = 0
  for (let k = 0, weight = 1; k < values.length; k += step, weight++) sum += weight * values[k]!
  return sum
}

const BLOCK = 1 << 20 // values: half a millisecond of reading

/** All values, squared and each times one elsewhere: what a product costs, for those who are about to make many. */
function* sumsOf(values: Float64Array): Steps<readonly [number, number]> {
  const half = values.length >> 1
  let [squares, products] = [0, 0]
  for (let from = 0; from < values.length; from += BLOCK) {
    if (from > 0) yield tick
    const block = values.subarray(from, from + BLOCK)
    squares += kernels.dot(block, block)
    const first = values.subarray(from, Math.min(from + BLOCK, half))
    if (from < half) products += kernels.dot(first, values.subarray(half + from, half + from + first.length))
  }
  return [squares, products]
}

/** The plan that was made of A, where a sample of its values is still the same. */
function known(A: Csr): Made | undefined {
  const made = plans.get(A)
  if (made === undefined || Object.is(made.sample, sampleOf(A.values))) return made
  plans.delete(A)
  return undefined
}

/** The same, with a look at all values. */
function* surelyKnown(A: Csr): Steps<PlannedMatrix | undefined> {
  const made = known(A)
  if (made === undefined) return undefined
  const sums = yield* sumsOf(A.values)
  if (sums.every((sum, i) => Object.is(sum, made.sums[i]))) return made.matrix
  plans.delete(A)
  return undefined
}

function* once<T>(known: WeakMap<SparsityPattern, T>, pattern: SparsityPattern, find: () => Steps<T>): Steps<T> {
  const before = known.get(pattern)
  if (before !== undefined) return before
  const found = yield* find()
  known.set(pattern, found)
  return found
}

/** What is known of a pattern, found out once. */
export const shapeOf = (pattern: SparsityPattern): Steps<PatternShape> =>
  once(shapes, pattern, () => run(patternShape, pattern))

/** The matrix with a plan of this kind, made once; the symbolic part is shared by all matrices on the pattern. */
export function* withPlan(A: Csr, kind: PlanKind): Steps<PlannedMatrix> {
  const before = yield* surelyKnown(A)
  if (before !== undefined && (before.plan?.kind ?? 'csr') === kind) return before
  const stamp = { sample: sampleOf(A.values), sums: yield* sumsOf(A.values) }
  const matrix: PlannedMatrix = { pattern: A.pattern, values: A.values, plan: yield* makePlan(A, kind) }
  plans.set(A, { matrix, ...stamp })
  return matrix
}

function* makePlan(A: Csr, kind: PlanKind): Steps<StoragePlan> {
  if (kind === 'csr') return { kind }
  if (kind === 'runs') {
    const runs = yield* once(runPatterns, A.pattern, () => run(runPattern, A.pattern))
    const { at, constants, values } = yield* run(runValues, A, runs)
    return { kind, ...runs, at, constants, values }
  }
  const slices = yield* once(slicePatterns, A.pattern, () => run(slicePattern, A.pattern))
  const values = float64(slices.columns.length)
  yield* run(sliceValues, A, slices, values)
  return { kind, ...slices, values }
}

/** The plan that a matrix has, where one was made. */
export const planOf = (A: Csr): PlannedMatrix => known(A)?.matrix ?? A

/** What products with several vectors at once are made by, see `spmm`. */
export const blockKinds: readonly PlanKind[] = ['csr', 'runs']

/** The matrix in the form in which `products` products are cheapest: with the plan it has, or one that pays. */
export function* planned(A: Csr, products: number, among: readonly PlanKind[] = kinds()): Steps<PlannedMatrix> {
  if (A.values.length < SMALLEST) return A
  const before = yield* surelyKnown(A)
  if (before !== undefined) return before
  const shape = yield* shapeOf(A.pattern)
  const kind = choosePlan(A.rows, A.nonZeros, shape, products, among)
  if (kind === 'csr') return A
  const made = yield* withPlan(A, kind)
  // JavaScript, and products of several vectors, compute where C++ waits for memory: they gain from runs whose values
  // need not be read
  const computes = native === undefined || among === blockKinds
  const streamed = computes && made.plan?.kind === 'runs' && 2 * made.plan.values.length > A.nonZeros
  return streamed ? yield* withPlan(A, 'csr') : made
}
