import { bind, run } from '../core/method.ts'
import { fillNormal, fillUniform } from '../core/random.ts'
import { float64, int32, sharedFloat64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { RATIO } from '../precondition/amg.ts'
import { Adam } from './adam.ts'
import { FEATURES, normalised } from './features.steps.ts'
import { type NetworkShape, parameterCount } from './network.loops.ts'
import { type Prepared, statistics } from './prepare.ts'
import { prolongationLossSteps } from './prolongation-loss.steps.ts'
import { joinSamples, type SampleSet } from './samples.ts'
import { fitHead, RATIOS, ratioOf } from './smoother-head.ts'
import { type PreconditionerWeights, WEIGHTS_VERSION } from './weights.ts'

/** The loss and its gradient, one sample after the other. */
export const prolongationLoss = bind('prolongationLoss', prolongationLossSteps)

/** How the networks are trained. */
export interface ProlongationSettings {
  readonly first: number
  readonly second: number
  readonly steps: number
  readonly batch: number
  readonly learningRate: number
  /** Iterations of CG in the loss. */
  readonly iterations: number
  readonly seed: number
}

/** Where training stands. */
export interface TrainingProgress {
  readonly step: number
  readonly steps: number
  /** Iterations that the validation set promises, relative to those without training: a geometric mean. */
  readonly iterations: number
}

const NETWORKS = 2
const LOOK = 50 // steps between validations
const PATIENCE = 20 // validations without a lower loss

interface Trained {
  readonly weights: Omit<PreconditionerWeights, 'rate' | 'trained'>
  readonly steps: number
  /** Iterations that the validation set promises, relative to those without training. */
  readonly iterations: number
}

/** Trains the smoother's ratios, then the networks, then the ratios again for the new prolongations. */
export function* trainProlongation(
  allTraining: readonly Prepared[],
  allValidation: readonly Prepared[],
  settings: ProlongationSettings,
  report: (progress: TrainingProgress) => Steps<void>,
): Steps<Trained> {
  const { first, second, iterations, seed } = settings
  const shape = { inputs: FEATURES.length, first, second }
  const normal = statistics(allTraining)
  const theta = initial(shape, seed)
  const train = yield* worthLearning(allTraining, normal, shape, theta, iterations)
  const validation = yield* worthLearning(allValidation, normal, shape, theta, iterations)
  const plain = yield* losses(joined(validation, normal, []), shape, theta, iterations)
  const untrained = yield* losses(joined(train, normal, []), shape, theta, iterations)
  const head = yield* bestHead(train, normal, shape, theta, iterations)
  const found = yield* descend(joined(train, normal, head), joined(validation, normal, head), shape, theta, settings, {
    plain,
    untrained,
    report,
  })
  const smoother = yield* bestHead(train, normal, shape, found.theta, iterations)
  const after = yield* losses(joined(validation, normal, smoother), shape, found.theta, iterations)
  const size = parameterCount(shape)
  const numbers: number[] = []
  for (let at = 0; at < NETWORKS; at++)
    numbers.push(...normal.mean, ...normal.scale, ...found.theta.subarray(at * size, (at + 1) * size))
  return {
    steps: found.steps,
    iterations: promised(plain, after),
    weights: {
      kind: 'weights',
      version: WEIGHTS_VERSION,
      model: 'prolongation',
      features: FEATURES,
      first,
      second,
      numbers: sharedFloat64(numbers.map(Math.fround)),
      smoother: sharedFloat64(smoother.map(Math.fround)),
      seed,
    },
  }
}

/** The samples with what the network sees of them, and a learned smoother; with the ordinary one for no head. */
function joined(all: readonly Prepared[], { mean, scale }: ReturnType<typeof statistics>, head: ArrayLike<number>) {
  const F = FEATURES.length
  return joinSamples(
    all.map(({ sample, features, facts, smoother }) => ({
      ...sample,
      smoother: smoother(ratioOf(head, facts, RATIO)),
      inputs: Float64Array.from(features, (value, at) => normalised(value, mean[at % F]!, scale[at % F]!)),
    })),
  )
}

/** Random but for the last layer, which is zero: training starts at smoothed aggregation itself. */
function initial({ inputs, first, second }: NetworkShape, seed: number): Float64Array {
  const size = parameterCount({ inputs, first, second })
  const theta = float64(NETWORKS * size)
  const draws = new Float64Array(size)
  fillNormal(draws, seed, STREAM)
  const w2 = (inputs + 1) * first
  for (let at = 0; at < NETWORKS; at++) {
    for (let i = 0; i < inputs * first; i++) theta[at * size + i] = draws[i]! / Math.sqrt(inputs)
    for (let i = w2; i < w2 + first * second; i++) theta[at * size + i] = draws[i]! * Math.sqrt(2 / first)
  }
  return theta
}

const STREAM = 1 // of the seed: of the first weights, and from here on of the orders of samples

function* losses(set: SampleSet, shape: NetworkShape, theta: Float64Array, iterations: number): Steps<Float64Array> {
  const count = set.table.length / 6
  const out = float64(count)
  const all = int32(count)
  for (let s = 0; s < count; s++) all[s] = s
  yield* run(prolongationLoss, set, all, shape, theta, iterations, out, float64(0))
  return out
}

/** Levels on which smoothed aggregation has something left to gain; all others are at rounding before the loss ends. */
function* worthLearning(
  all: readonly Prepared[],
  normal: ReturnType<typeof statistics>,
  shape: NetworkShape,
  theta: Float64Array,
  iterations: number,
): Steps<readonly Prepared[]> {
  const found = yield* losses(joined(all, normal, []), shape, theta, iterations)
  const kept = all.filter((_, s) => found[s]! > FASTEST)
  return kept.length > 0 ? kept : all
}

const FASTEST = -3.5 // of the logarithm of what an iteration leaves

/** The geometric mean of the ratios of iterations: these are in inverse proportion to the losses. */
function promised(before: Float64Array, after: Float64Array): number {
  const logs = Array.from(before, (loss, s) => Math.log(Math.max(LEAST, loss / after[s]!)))
  return Math.exp(logs.reduce((sum, value) => sum + (Number.isNaN(value) ? WORST : value), 0) / logs.length)
}

const LEAST = 0.01
const WORST = 1 // of the logarithm of a ratio: where the loss is no number

function* bestHead(
  train: readonly Prepared[],
  normal: ReturnType<typeof statistics>,
  shape: NetworkShape,
  theta: Float64Array,
  iterations: number,
): Steps<Float64Array> {
  const table: number[][] = train.map(() => [])
  for (const ratio of RATIOS) {
    const set = joined(train, normal, [Math.log(ratio), 0, 0, 0])
    for (const [s, loss] of (yield* losses(set, shape, theta, iterations)).entries())
      table[s]!.push(Number.isFinite(loss) ? loss : 0)
  }
  return fitHead(
    train.map(({ facts }) => facts),
    table,
  )
}

interface Beginning {
  /** The losses of smoothed aggregation itself, of the validation and of the training set. */
  readonly plain: Float64Array
  readonly untrained: Float64Array
  readonly report: (progress: TrainingProgress) => Steps<void>
}

function* descend(
  train: SampleSet,
  validation: SampleSet,
  shape: NetworkShape,
  start: Float64Array,
  { steps, batch, learningRate, iterations, seed }: ProlongationSettings,
  { plain, untrained, report }: Beginning,
): Steps<{ theta: Float64Array; steps: number }> {
  const theta = sharedFloat64(start)
  const count = train.table.length / 6
  const adam = new Adam(theta.length, steps, learningRate)
  const best = theta.slice()
  let lowest = promised(plain, yield* losses(validation, shape, theta, iterations))
  let waited = 0
  let order: number[] = []
  let epoch = 0
  let step = 0
  while (step < steps && waited < PATIENCE) {
    const chosen = int32(Math.min(batch, count))
    for (let at = 0; at < chosen.length; at++) {
      if (order.length === 0) order = shuffled(count, seed, STREAM + ++epoch)
      chosen[at] = order.pop()!
    }
    const found = float64(chosen.length)
    const gradients = float64(chosen.length * theta.length)
    yield* run(prolongationLoss, train, chosen, shape, theta, iterations, found, gradients)
    const shares = Float64Array.from(chosen, s => 1 / Math.max(LEAST, -untrained[s]!))
    adam.step(theta, clipped(found, gradients, shares, theta.length))
    step++
    if (step % LOOK !== 0 && step !== steps) continue
    const ratio = promised(plain, yield* losses(validation, shape, theta, iterations))
    yield* report({ step, steps, iterations: ratio })
    waited++
    if (!(ratio < lowest)) continue
    lowest = ratio
    waited = 0
    best.set(theta)
  }
  theta.set(best)
  return { theta, steps: step }
}

/**
 * The mean of the gradients, each of the logarithm of iterations, and cut to length 1: long runs of CG lose what their
 * gradients rest on.
 */
function clipped(found: Float64Array, gradients: Float64Array, shares: Float64Array, length: number): Float64Array {
  const mean = new Float64Array(length)
  found.forEach((loss, s) => {
    if (!Number.isFinite(loss)) return
    const gradient = gradients.subarray(s * length, (s + 1) * length)
    const norm = shares[s]! * Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0))
    if (!(norm < Number.POSITIVE_INFINITY)) return
    const share = (shares[s]! * Math.min(1, 1 / Math.max(norm, 1e-300))) / found.length
    for (let i = 0; i < length; i++) mean[i]! += share * gradient[i]!
  })
  return mean
}

function shuffled(count: number, seed: number, stream: number): number[] {
  const keys = new Float64Array(count)
  fillUniform(keys, seed, stream)
  return Array.from({ length: count }, (_, i) => i).sort((a, b) => keys[a]! - keys[b]!)
}
