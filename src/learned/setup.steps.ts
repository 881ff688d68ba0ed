import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { type AmgSettings, type BuiltHierarchy, hierarchySteps, type Weigh } from '../precondition/amg.steps.ts'
import { FEATURES, isRegular, normalised, termsSteps } from './features.steps.ts'
import { activations, evaluate, type NetworkShape, parameterCount } from './network.loops.ts'

/** The networks of a hierarchy, that of the finest level first; further levels have none. */
export interface Networks extends NetworkShape {
  /** Per network: means and inverse deviations of the features, then its parameters. */
  readonly numbers: Float64Array
}

const REACH = 1.5 // a factor is between exp(-REACH) and exp(REACH)

/** The factor of a term for an output of the network. */
export const factorOf = (output: number): number => Math.exp(REACH * Math.tanh(output))

/** d factor / d output */
export const slopeOf = (output: number): number => factorOf(output) * REACH * (1 - Math.tanh(output) ** 2)

/** Smoothed aggregation with the terms of prolongations weighed by networks, but on levels that are regular. */
export function* learnedAmgSteps(
  k: Kernels,
  A: CsrData,
  settings: AmgSettings,
  networks: Networks,
): Steps<BuiltHierarchy> {
  return yield* hierarchySteps(k, A, float64(0), settings, weighed(networks))
}

const weighed = (networks: Networks): Weigh =>
  function* (grain, A, diagonal, graph, found, level) {
    const { numbers, inputs } = networks
    const size = 2 * inputs + parameterCount(networks)
    const start = size * level
    if (start >= numbers.length || isRegular(A)) return []
    const { entries, features } = yield* termsSteps(grain, A, diagonal, graph, found)
    const factors = new Float64Array(A.columnIndices.length).fill(1)
    const x = new Float64Array(inputs)
    const kept = activations(networks)
    for (let t = 0; t < entries.length; t++) {
      for (let f = 0; f < FEATURES.length; f++)
        x[f] = normalised(features[FEATURES.length * t + f]!, numbers[start + f]!, numbers[start + inputs + f]!)
      factors[entries[t]!] = factorOf(evaluate(networks, numbers, start + 2 * inputs, x, 0, kept))
      if (t % 1024 === 1023) yield tick
    }
    return factors
  }
