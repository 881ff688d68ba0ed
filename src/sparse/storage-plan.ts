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
import { choosePlan, computes, kindsFor, type PlanKind, type ProductForm, SMALLEST } from './storage-rule.ts'

const patternShape = bind('patternShape', patternShapeSteps)
const runPattern = bind('runPattern', runPatternSteps)
const runValues = bind('runValues', runValuesSteps)
const slicePattern = bind('slicePattern', slicePatternSteps)
const sliceValues = bind('sliceValues', sliceValuesSteps)

const shapes = new WeakMap<SparsityPattern, PatternShape>()
const runPatterns = new WeakMap<SparsityPattern, RunPattern>()
const slicePatterns = new WeakMap<SparsityPattern, SlicePattern>()
const plans = new WeakMap<Csr, Made>()

/** Plans hold copies of the values: they serve as long as these are what they were. */
interface Made {
  readonly matrices: Map<PlanKind, PlannedMatrix>
  /** What was chosen, or asked for, by form of the products. */
  readonly chosen: Partial<Record<ProductForm, PlanKind>>
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

/** The plans that were made of A, where a sample of its values is still the same. */
function known(A: Csr): Made | undefined {
  const made = plans.get(A)
  if (made === undefined || Object.is(made.sample, sampleOf(A.values))) return made
  plans.delete(A)
  return undefined
}

/** The same, with a look at all values. */
function* surelyKnown(A: Csr): Steps<Made | undefined> {
  const made = known(A)
  if (made === undefined) return undefined
  const sums = yield* sumsOf(A.values)
  if (made.sums.every((sum, i) => Object.is(sum, sums[i]))) return made
  plans.delete(A)
  return undefined
}

function* nothingMade(A: Csr): Steps<Made> {
  const made: Made = { matrices: new Map(), chosen: {}, sample: sampleOf(A.values), sums: yield* sumsOf(A.values) }
  plans.set(A, made)
  return made
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

/** The matrix with a plan of this kind, which all its products have from here on. */
export function* withPlan(A: Csr, kind: PlanKind): Steps<PlannedMatrix> {
  const made = (yield* surelyKnown(A)) ?? (yield* nothingMade(A))
  made.chosen.vector = made.chosen.block = kind
  return yield* matrixOf(A, made, kind)
}

/** Made once; the symbolic part is shared by all matrices on the pattern. */
function* matrixOf(A: Csr, { matrices }: Made, kind: PlanKind): Steps<PlannedMatrix> {
  const matrix = matrices.get(kind) ?? { pattern: A.pattern, values: A.values, plan: yield* makePlan(A, kind) }
  matrices.set(kind, matrix)
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

/** The plan that products of this form have, where one was chosen. */
export function planOf(A: Csr, form: ProductForm = 'vector'): PlannedMatrix {
  const made = known(A)
  const kind = made?.chosen[form]
  return (kind && made?.matrices.get(kind)) ?? A
}

/** The matrix in the form in which `products` products are cheapest: with the plan it has, or one that pays. */
export function* planned(A: Csr, products: number, form: ProductForm = 'vector'): Steps<PlannedMatrix> {
  if (A.values.length < SMALLEST) return A
  const before = yield* surelyKnown(A)
  const chosen = before?.chosen[form]
  if (before && chosen) return yield* matrixOf(A, before, chosen)
  const kind = choosePlan(A.rows, A.nonZeros, yield* shapeOf(A.pattern), products, kindsFor(form))
  if (kind === 'csr') return A
  const made = before ?? (yield* nothingMade(A))
  const matrix = yield* matrixOf(A, made, kind)
  // who computes while others wait for memory gains from runs whose values need not be read
  const { plan } = matrix
  const streamed = computes(form) && plan?.kind === 'runs' && 2 * plan.values.length > A.nonZeros
  if (!streamed) {
    made.chosen[form] = kind
    return matrix
  }
  if (!Object.values(made.chosen).includes(kind)) made.matrices.delete(kind)
  made.chosen[form] = 'csr'
  return yield* matrixOf(A, made, 'csr')
}
