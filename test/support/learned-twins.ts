import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { float64, int32, sharedFloat64 } from '../../src/core/shared.ts'
import { reference } from '../../src/kernels/reference.ts'
import {
  FACTOR_LOSSES,
  type FactorLoss,
  type FactorSample,
  factorLossSteps,
} from '../../src/learned/factor-loss.steps.ts'
import { learnedFactorSteps, NORMALISED } from '../../src/learned/factor-network.steps.ts'
import { families } from '../../src/learned/families.ts'
import { FEATURES, normalised } from '../../src/learned/features.steps.ts'
import { graphParameters } from '../../src/learned/graph-network.steps.ts'
import { parameterCount } from '../../src/learned/network.loops.ts'
import { prepareSteps } from '../../src/learned/prepare.ts'
import { prepareFactor } from '../../src/learned/prepare-factor.ts'
import { prolongationLossSteps } from '../../src/learned/prolongation-loss.steps.ts'
import { joinSamples, type SampleSet } from '../../src/learned/samples.ts'
import { learnedAmgSteps } from '../../src/learned/setup.steps.ts'
import { statistics } from '../../src/learned/statistics.ts'
import { factorShape } from '../../src/learned/weights.ts'
import { incompleteCholeskySteps } from '../../src/precondition/incomplete-cholesky.steps.ts'
import { upperTriangleSteps } from '../../src/sparse/upper.steps.ts'
import { randomVector } from './random.ts'
import type { Twin } from './solver-twins.ts'

export const smallShape = { inputs: FEATURES.length, first: 5, second: 3 }

/** The levels of a few small matrices, as training sees them. */
export function smallSet(): SampleSet {
  const control = makeControl('test', {})
  const matrices = [families.diff(14, { seed: 1 }), families.fem(15, { seed: 2 }), families.heat(14, { seed: 3 })]
  const all = matrices.flatMap((A, at) => runSync(prepareSteps('test', A, 5, 10 * at), control) ?? [])
  const { mean, scale } = statistics(
    FEATURES.length,
    all.map(({ features }) => features),
  )
  const F = FEATURES.length
  return joinSamples(
    all.map(({ sample, features }) => ({
      ...sample,
      scale: Float64Array.of(1.15),
      inputs: Float64Array.from(features, (value, at) => normalised(value, mean[at % F]!, scale[at % F]!)),
    })),
  )
}

export const smallGraph = factorShape({ hidden: 3, rounds: 2 })

/** A small matrix with its factor, as training sees them. */
export function smallFactor(start: 'ic0' | 'ric', loss: FactorLoss, N = 9): FactorSample {
  const A = families.fem(N, { seed: 4, contrast: 1e3 })
  const sample = runSync(prepareFactor('test', A, start, loss, 5, 1), makeControl('test', {}))
  if (sample === undefined) throw new Error('no factor')
  return { ...sample, edges: sharedFloat64(sample.edges), nodes: sharedFloat64(sample.nodes) }
}

const settings = {
  damping: 4 / 3,
  threshold: 0.02,
  coarsest: 20,
  blockSize: 1,
  columns: 0,
  l1: false,
  bits: 64,
  constant: false,
}

/** Of hierarchies with a given near-null vector. */
export const amgSettings = { ...settings, coarsest: 50, columns: 1 }

/** The twins of the methods of learned preconditioners, see `border/methods.test.ts`. */
export const learnedTwins: Readonly<Record<string, Twin>> = {
  // factors are computed in single precision there
  learnedAmg: {
    steps: learnedAmgSteps,
    args: (A, random) => {
      const size = parameterCount(smallShape)
      const network = () => [...Array(14).fill(0.1), ...Array(14).fill(1.5), ...randomVector(random, size)]
      // of a grid networks say nothing
      const matrix = A.rows % 2 === 0 ? A : families.fem(18 + (A.rows % 5), { seed: A.rows })
      return [matrix, settings, { ...smallShape, numbers: sharedFloat64([...network(), ...network()]) }]
    },
    tolerance: 1e-4,
  },
  learnedFactor: {
    steps: learnedFactorSteps,
    args: (A, random) => {
      const control = makeControl('test', {})
      const triangle = runSync(upperTriangleSteps(reference, A.pattern, 1), control)
      const [values, inverse] = [float64(triangle.pattern.columnIndices.length), float64(A.rows)]
      runSync(incompleteCholeskySteps(reference, A, triangle, 0, 0, values, inverse), control)
      const scales = [...Array(4).fill(0.1), ...Array(4).fill(2), ...Array(5).fill(0.2), ...Array(5).fill(1.5)]
      const numbers = sharedFloat64([...scales, ...randomVector(random, graphParameters(smallGraph))])
      if (numbers.length !== 2 * NORMALISED + graphParameters(smallGraph)) throw new Error('other features')
      return [A, triangle, { ...smallGraph, strength: 0.7, numbers }, values, inverse]
    },
    tolerance: 1e-9,
  },
  factorLoss: {
    steps: factorLossSteps,
    args: (A, random) => {
      const theta = randomVector(random, graphParameters(smallGraph))
      const loss = FACTOR_LOSSES[A.rows % 3]!
      return [smallFactor('ic0', loss), smallGraph, theta, loss, 5, float64(theta.length)]
    },
    tolerance: 1e-9,
  },
  prolongationLoss: {
    steps: prolongationLossSteps,
    args: (A, random) => {
      const theta = randomVector(random, 2 * parameterCount(smallShape))
      const batch = int32(2)
      batch.set([A.rows % 3, 1])
      return [smallSet(), batch, smallShape, theta, 5, float64(2), float64(2 * theta.length)]
    },
    tolerance: 1e-10,
  },
}
