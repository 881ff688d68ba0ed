import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { float64, int32, sharedFloat64 } from '../../src/core/shared.ts'
import { families } from '../../src/learned/families.ts'
import { FEATURES, normalised } from '../../src/learned/features.steps.ts'
import { parameterCount } from '../../src/learned/network.loops.ts'
import { prepareSteps, statistics } from '../../src/learned/prepare.ts'
import { prolongationLossSteps } from '../../src/learned/prolongation-loss.steps.ts'
import { joinSamples, type SampleSet } from '../../src/learned/samples.ts'
import { learnedAmgSteps } from '../../src/learned/setup.steps.ts'
import { randomVector } from './random.ts'
import type { Twin } from './solver-twins.ts'

export const smallShape = { inputs: FEATURES.length, first: 5, second: 3 }

/** The levels of a few small matrices, as training sees them. */
export function smallSet(): SampleSet {
  const control = makeControl('test', {})
  const matrices = [families.diff(14, { seed: 1 }), families.fem(15, { seed: 2 }), families.heat(14, { seed: 3 })]
  const all = matrices.flatMap((A, at) => runSync(prepareSteps('test', A, 5, 10 * at), control) ?? [])
  const { mean, scale } = statistics(all)
  const F = FEATURES.length
  return joinSamples(
    all.map(({ sample, features }) => ({
      ...sample,
      inputs: Float64Array.from(features, (value, at) => normalised(value, mean[at % F]!, scale[at % F]!)),
    })),
  )
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
      return [A, settings, { ...smallShape, numbers: sharedFloat64([...network(), ...network()]) }]
    },
    tolerance: 1e-4,
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
