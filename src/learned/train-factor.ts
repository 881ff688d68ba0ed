import { bind, run } from '../core/method.ts'
import { fillNormal } from '../core/random.ts'
import { float64, sharedFloat64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Csr } from '../sparse/csr.ts'
import { type DescentSettings, descend, promised, shareOf, type Task, type TrainingProgress } from './descend.ts'
import { type FactorLoss, type FactorSample, factorLossSteps } from './factor-loss.steps.ts'
import { EDGE_FEATURES, NODE_FEATURES, normalise } from './factor-network.steps.ts'
import { type GraphShape, graphParameters } from './graph-network.steps.ts'
import { learned } from './learned.ts'
import { statistics } from './statistics.ts'
import { type FactorWeights, factorShape, trainedWeights } from './weights.ts'
import { wholeSolve } from './whole-solves.ts'

/** The loss of one sample and its gradient. */
export const factorLoss = bind('factorLoss', factorLossSteps)

/** How the network is trained. */
export interface FactorSettings extends DescentSettings {
  readonly hidden: number
  readonly rounds: number
  readonly loss: FactorLoss
  /** Iterations of CG in the loss `'envelope'`. */
  readonly iterations: number
}

/** Trains the network of a factor. */
export function* trainFactor(
  training: readonly FactorSample[],
  validation: readonly FactorSample[],
  start: FactorWeights['start'],
  settings: FactorSettings,
  report: (progress: TrainingProgress) => Steps<void>,
): Steps<{ weights: FactorWeights; steps: number; iterations: number }> {
  const { hidden, rounds, loss, iterations, seed } = settings
  const shape = factorShape({ hidden, rounds })
  const edges = statistics(
    EDGE_FEATURES.length,
    training.map(sample => sample.edges),
  )
  const nodes = statistics(
    NODE_FEATURES.length,
    training.map(sample => sample.nodes),
  )
  const scales = [...edges.mean, ...edges.scale, ...nodes.mean, ...nodes.scale].map(Math.fround)
  const seen = (sample: FactorSample): FactorSample => ({ ...sample, ...normalised(sample, scales) })
  const [train, judged] = [training.map(seen), validation.map(seen)]
  const theta = initial(shape, seed)
  const losses = function* (samples: readonly FactorSample[], at: Float64Array): Steps<Float64Array> {
    const found = new Float64Array(samples.length)
    for (const [s, sample] of samples.entries())
      found[s] = yield* run(factorLoss, sample, shape, at, loss, iterations, float64(0))
    return found
  }
  const [plain, untrained] = [yield* losses(judged, theta), yield* losses(train, theta)]
  const logarithmic = loss === 'envelope'
  const task: Task = {
    count: train.length,
    gradients: function* (chosen, at, found, gradients) {
      for (const [s, sample] of chosen.entries()) {
        const gradient = gradients.subarray(s * at.length, (s + 1) * at.length)
        found[s] = yield* run(factorLoss, train[sample]!, shape, at, loss, iterations, gradient)
      }
    },
    share: s => (logarithmic ? shareOf(untrained[s]!) : 1 / Math.max(1e-12, untrained[s]!)),
    judge: function* (at) {
      const found = yield* losses(judged, at)
      return logarithmic ? promised(plain, found) : promised(found, plain)
    },
    report,
  }
  const found = yield* descend(task, theta, settings)
  return {
    steps: found.steps,
    iterations: found.iterations,
    weights: trainedWeights(
      { model: 'incompleteFactor', start, hidden, rounds },
      [...scales, ...found.theta],
      settings,
    ),
  }
}

function normalised({ pattern, edges, nodes }: FactorSample, scales: readonly number[]) {
  const graph = normalise({ pattern, edges, nodes }, scales)
  return { edges: sharedFloat64(graph.edges), nodes: sharedFloat64(graph.nodes) }
}

/** Random but for the decoders, which are zero: training starts at the incomplete factor itself. */
function initial(shape: GraphShape, seed: number): Float64Array {
  const theta = float64(graphParameters(shape))
  fillNormal(theta, seed, STREAM)
  const { edgeInputs, nodeInputs, hidden } = shape
  const layers = [edgeInputs, nodeInputs, ...Array(2 * shape.rounds).fill(3 * hidden)]
  let at = 0
  for (const inputs of layers) {
    for (let i = at; i < at + inputs * hidden; i++) theta[i]! /= Math.sqrt(inputs)
    theta.fill(0, at + inputs * hidden, at + (inputs + 1) * hidden)
    at += (inputs + 1) * hidden
  }
  theta.fill(0, at)
  return theta
}

const STREAM = 1 // of the seed: of the first weights

/** Shares of the outputs that are tried on whole solves, and how much worse than without the network none may be. */
const TRUSTED = [1, 0.5, 0.25, 0.1, 0] as const
const BEHIND = 1.01

/** The weights with their outputs lowered until no validation system takes more iterations than without them. */
export function* trusted(
  method: string,
  matrices: readonly Csr[],
  weights: FactorWeights,
  seed: number,
  stream: number,
): Steps<FactorWeights> {
  const last = 2 * (weights.hidden + 1)
  const at = (share: number): FactorWeights => ({
    ...weights,
    numbers: sharedFloat64(
      weights.numbers.map((v, i) => (i < weights.numbers.length - last ? v : Math.fround(share * v))),
    ),
  })
  const plain: number[] = []
  for (const share of [...TRUSTED].reverse()) {
    let worst = 0
    for (const [m, A] of matrices.entries()) {
      const { fractional } = yield* wholeSolve(method, A, learned(at(share)), seed, stream + m)
      if (share === 0) plain.push(fractional)
      worst = Math.max(worst, fractional / plain[m]!)
    }
    if (worst > BEHIND) return at(TRUSTED[TRUSTED.indexOf(share) + 1] ?? 0)
  }
  return weights
}
