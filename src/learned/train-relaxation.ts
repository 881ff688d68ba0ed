import { fillNormal } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { ric0 } from '../precondition/ric0.ts'
import type { Csr } from '../sparse/csr.ts'
import { type DescentSettings, descend, type Task, type TrainingProgress } from './descend.ts'
import {
  MATRIX_FEATURES,
  matrixFeatures,
  omegaAt,
  omegaBack,
  omegaOutput,
  seenFeatures,
  shiftOf,
  shiftSlope,
} from './omega-network.ts'
import { statistics } from './statistics.ts'
import { type RelaxationWeights, trainedWeights } from './weights.ts'
import { wholeSolve } from './whole-solves.ts'

/** Distances from the rule, as logarithms of 1 - omega, at which every sample is solved. */
export const SHIFTS = [-2, -1.4, -0.8, -0.3, 0.3, 0.8, 1.4, 2] as const

/** A matrix, and the logarithms of its iterations at SHIFTS. */
export interface OmegaSample {
  readonly features: Float64Array
  readonly curve: readonly number[]
}

export function* prepareOmega(method: string, A: Csr, seed: number, stream: number): Steps<OmegaSample> {
  const curve: number[] = []
  for (const shift of SHIFTS) {
    const recipe = ric0({ omega: omegaAt(A.rows, shift) })
    curve.push(Math.log((yield* wholeSolve(method, A, recipe, seed, stream)).fractional))
  }
  return { features: yield* matrixFeatures(A), curve }
}

/** The curve at a distance from the rule, and its slope: cubic pieces with the slopes of neighbours (Catmull and Rom). */
export function curveAt(curve: readonly number[], shift: number): readonly [value: number, slope: number] {
  const last = SHIFTS.length - 1
  let i = 0
  while (i + 2 <= last && SHIFTS[i + 1]! < shift) i++
  const slopeAt = (k: number): number => {
    const [low, high] = [Math.max(0, k - 1), Math.min(last, k + 1)]
    return (curve[high]! - curve[low]!) / (SHIFTS[high]! - SHIFTS[low]!)
  }
  const width = SHIFTS[i + 1]! - SHIFTS[i]!
  const t = (shift - SHIFTS[i]!) / width
  const [a, b, da, db] = [curve[i]!, curve[i + 1]!, width * slopeAt(i), width * slopeAt(i + 1)]
  const value = a + da * t + (3 * (b - a) - 2 * da - db) * t * t + (2 * (a - b) + da + db) * t ** 3
  return [value, (da + 2 * (3 * (b - a) - 2 * da - db) * t + 3 * (2 * (a - b) + da + db) * t * t) / width]
}

/** The logarithm of a sample's iterations at the network's omega; adds its gradient where there is room for it. */
export function omegaLoss(
  hidden: number,
  x: Float64Array,
  curve: readonly number[],
  theta: Float64Array,
  gradient: Float64Array,
): number {
  const output = omegaOutput(hidden, theta, 0, x)
  const [value, slope] = curveAt(curve, shiftOf(output))
  if (gradient.length > 0) omegaBack(hidden, theta, x, slope * shiftSlope(output), gradient)
  return value
}

/** Trains the network that chooses omega. */
export function* trainRelaxation(
  training: readonly OmegaSample[],
  validation: readonly OmegaSample[],
  settings: DescentSettings & { readonly hidden: number },
  report: (progress: TrainingProgress) => Steps<void>,
): Steps<{ weights: RelaxationWeights; steps: number; iterations: number }> {
  const { hidden, seed } = settings
  const F = MATRIX_FEATURES.length
  const { mean, scale } = statistics(
    F,
    training.map(({ features }) => features),
  )
  const scales = [...mean, ...scale].map(Math.fround)
  const seen = ({ features, curve }: OmegaSample) => ({ x: seenFeatures(features, scales), curve })
  const [train, judged] = [training.map(seen), validation.map(seen)]
  const theta = float64((F + 2) * hidden + 1)
  fillNormal(theta.subarray(0, F * hidden), seed, STREAM)
  for (let i = 0; i < F * hidden; i++) theta[i]! /= Math.sqrt(F)
  const none = new Float64Array(0)
  const task: Task = {
    count: train.length,
    // biome-ignore lint/correctness/useYield: a table is looked up
    gradients: function* (chosen, at, losses, gradients) {
      for (const [s, sample] of chosen.entries()) {
        const { x, curve } = train[sample]!
        losses[s] = omegaLoss(hidden, x, curve, at, gradients.subarray(s * at.length, (s + 1) * at.length))
      }
    },
    share: () => 1,
    // biome-ignore lint/correctness/useYield: a table is looked up
    judge: function* (at) {
      let sum = 0
      for (const { x, curve } of judged) sum += omegaLoss(hidden, x, curve, at, none) - curveAt(curve, 0)[0]
      return Math.exp(sum / judged.length)
    },
    report,
  }
  const found = yield* descend(task, theta, settings)
  return {
    steps: found.steps,
    iterations: found.iterations,
    weights: trainedWeights({ model: 'relaxation', hidden }, [...scales, ...found.theta], settings),
  }
}

const STREAM = 1 // of the seed: of the first weights
