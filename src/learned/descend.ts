import { fillUniform } from '../core/random.ts'
import { float64, int32, sharedFloat64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { Adam } from './adam.ts'

/** How networks are trained. */
export interface DescentSettings {
  readonly steps: number
  readonly batch: number
  readonly learningRate: number
  readonly seed: number
  /** What the samples are, in words. */
  readonly trained: string
}

/** Where training stands. */
export interface TrainingProgress {
  readonly step: number
  readonly steps: number
  /** What the loss promises for the validation set, relative to no training: a geometric mean. */
  readonly iterations: number
}

/** What is learned from. */
export interface Task {
  /** Samples. */
  readonly count: number
  /** Fills in the losses of the chosen samples and their gradients, one after the other. */
  readonly gradients: (
    chosen: Int32Array,
    theta: Float64Array,
    losses: Float64Array,
    gradients: Float64Array,
  ) => Steps<void>
  /** What the gradient of a sample is multiplied by, so that all count alike. */
  readonly share: (sample: number) => number
  /** What parameters come to on the validation set, relative to no training. */
  readonly judge: (theta: Float64Array) => Steps<number>
  readonly report: (progress: TrainingProgress) => Steps<void>
}

const LOOK = 50 // steps between validations
const PATIENCE = 20 // validations without a better one

/** First stream of the seed that orders of samples are drawn from; lower ones are of the first weights. */
const STREAM = 2

/** Adam on batches of samples; the parameters that are best on the validation set. */
export function* descend(
  task: Task,
  start: Float64Array,
  { steps, batch, learningRate, seed }: DescentSettings,
): Steps<{ theta: Float64Array; steps: number; iterations: number }> {
  const theta = sharedFloat64(start)
  const adam = new Adam(theta.length, steps, learningRate)
  const best = theta.slice()
  let lowest = yield* task.judge(theta)
  let waited = 0
  let order: number[] = []
  let epoch = 0
  let step = 0
  while (step < steps && waited < PATIENCE) {
    const chosen = int32(Math.min(batch, task.count))
    for (let at = 0; at < chosen.length; at++) {
      if (order.length === 0) order = shuffled(task.count, seed, STREAM + epoch++)
      chosen[at] = order.pop()!
    }
    const losses = float64(chosen.length)
    const gradients = float64(chosen.length * theta.length)
    yield* task.gradients(chosen, theta, losses, gradients)
    adam.step(theta, clipped(losses, gradients, Array.from(chosen, task.share), theta.length))
    step++
    if (step % LOOK !== 0 && step !== steps) continue
    const found = yield* task.judge(theta)
    yield* task.report({ step, steps, iterations: found })
    waited++
    if (!(found < lowest)) continue
    lowest = found
    waited = 0
    best.set(theta)
  }
  theta.set(best)
  return { theta, steps: step, iterations: lowest }
}

/** The mean of the gradients, each cut to length 1: long runs of CG lose what their gradients rest on. */
function clipped(
  losses: Float64Array,
  gradients: Float64Array,
  shares: readonly number[],
  length: number,
): Float64Array {
  const mean = new Float64Array(length)
  losses.forEach((loss, s) => {
    if (!Number.isFinite(loss)) return
    const gradient = gradients.subarray(s * length, (s + 1) * length)
    const norm = shares[s]! * Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0))
    if (!(norm < Number.POSITIVE_INFINITY)) return
    const share = (shares[s]! * Math.min(1, 1 / Math.max(norm, 1e-300))) / losses.length
    for (let i = 0; i < length; i++) mean[i]! += share * gradient[i]!
  })
  return mean
}

function shuffled(count: number, seed: number, stream: number): number[] {
  const keys = new Float64Array(count)
  fillUniform(keys, seed, stream)
  return Array.from({ length: count }, (_, i) => i).sort((a, b) => keys[a]! - keys[b]!)
}

/** The geometric mean of the ratios of iterations: these are in inverse proportion to the logarithms of rates. */
export function promised(before: Float64Array, after: Float64Array): number {
  const logs = Array.from(before, (loss, s) => Math.log(Math.max(LEAST, loss / after[s]!)))
  return Math.exp(logs.reduce((sum, value) => sum + (Number.isNaN(value) ? WORST : value), 0) / logs.length)
}

/** What takes the gradient of a rate's logarithm to that of the logarithm of iterations. */
export const shareOf = (logarithm: number): number => 1 / Math.max(LEAST, -logarithm)

const LEAST = 0.01
const WORST = 1 // of the logarithm of a ratio: where the loss is no number
