import { bind, run } from '../core/method.ts'
import { fillNormal } from '../core/random.ts'
import { float64, int32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { DAMPING } from '../precondition/amg.ts'
import { type DescentSettings, descend, promised, shareOf, type Task, type TrainingProgress } from './descend.ts'
import { FEATURES, normalised } from './features.steps.ts'
import { type NetworkShape, parameterCount } from './network.loops.ts'
import type { Prepared } from './prepare.ts'
import { prolongationLossSteps } from './prolongation-loss.steps.ts'
import { joinSamples, type SampleSet } from './samples.ts'
import { statistics } from './statistics.ts'
import { type ProlongationWeights, trainedWeights } from './weights.ts'

export type { TrainingProgress } from './descend.ts'

/** The loss and its gradient, one sample after the other. */
export const prolongationLoss = bind('prolongationLoss', prolongationLossSteps)

/** How the network is trained. */
export interface ProlongationSettings extends DescentSettings {
  readonly first: number
  readonly second: number
  /** Iterations of CG in the loss. */
  readonly iterations: number
}

interface Trained {
  readonly weights: ProlongationWeights
  readonly steps: number
  /** Iterations that the validation set promises, relative to those without training. */
  readonly iterations: number
}

/** Trains the network of the finest level with the loss on two grids. */
export function* trainProlongation(
  allTraining: readonly Prepared[],
  allValidation: readonly Prepared[],
  settings: ProlongationSettings,
  report: (progress: TrainingProgress) => Steps<void>,
): Steps<Trained> {
  const { first, second, iterations, seed } = settings
  const shape = { inputs: FEATURES.length, first, second }
  const normal = statistics(
    FEATURES.length,
    allTraining.map(({ features }) => features),
  )
  const theta = initial(shape, seed)
  const train = joined(yield* worthLearning(allTraining, normal, shape, theta, iterations), normal)
  const validation = joined(yield* worthLearning(allValidation, normal, shape, theta, iterations), normal)
  const plain = yield* losses(validation, shape, theta, iterations)
  const untrained = yield* losses(train, shape, theta, iterations)
  const task: Task = {
    count: untrained.length,
    gradients: (chosen, at, found, gradients) =>
      run(prolongationLoss, train, chosen, shape, at, iterations, found, gradients),
    share: s => shareOf(untrained[s]!),
    judge: function* (at) {
      return promised(plain, yield* losses(validation, shape, at, iterations))
    },
    report,
  }
  const found = yield* descend(task, theta, settings)
  return {
    steps: found.steps,
    iterations: found.iterations,
    weights: trainedWeights(
      { model: 'prolongation', first, second, smoother: float64(0), correction: float64(0), damping: DAMPING },
      [...normal.mean, ...normal.scale, ...found.theta],
      settings,
    ),
  }
}

/** The samples with what the network sees of them. */
function joined(all: readonly Prepared[], { mean, scale }: ReturnType<typeof statistics>): SampleSet {
  const F = FEATURES.length
  return joinSamples(
    all.map(({ sample, features }) => ({
      ...sample,
      inputs: Float64Array.from(features, (value, at) => normalised(value, mean[at % F]!, scale[at % F]!)),
    })),
  )
}

/** Random but for the last layer, which is zero: training starts at smoothed aggregation itself. */
function initial({ inputs, first, second }: NetworkShape, seed: number): Float64Array {
  const theta = float64(parameterCount({ inputs, first, second }))
  const draws = new Float64Array(theta.length)
  fillNormal(draws, seed, STREAM)
  const w2 = (inputs + 1) * first
  for (let i = 0; i < inputs * first; i++) theta[i] = draws[i]! / Math.sqrt(inputs)
  for (let i = w2; i < w2 + first * second; i++) theta[i] = draws[i]! * Math.sqrt(2 / first)
  return theta
}

const STREAM = 1 // of the seed: of the first weights

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
  const found = yield* losses(joined(all, normal), shape, theta, iterations)
  const kept = all.filter((_, s) => found[s]! > FASTEST)
  return kept.length > 0 ? kept : all
}

const FASTEST = -3.5 // of the logarithm of what an iteration leaves
