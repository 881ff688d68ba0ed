import { sharedFloat64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Csr } from '../sparse/csr.ts'
import { coordinateSearch } from './coordinate-search.ts'
import { learned } from './learned.ts'
import { HEAD, RATIOS, SCALES } from './level-heads.ts'
import { parameterCount } from './network.loops.ts'
import { type ProlongationWeights, shapeOf } from './weights.ts'
import { meanLogarithm } from './whole-solves.ts'

/** Matrices that are solved with, the largest of the training set. */
const SOLVED = 24

const singles = (values: ArrayLike<number>): Float64Array => sharedFloat64(Float64Array.from(values, Math.fround))

/**
 * Searches for what the loss on two grids cannot see, since there the coarse correction is exact: the ratios and scales of
 * levels, the damping, and how far the networks' outputs are to be trusted. What is made small are the iterations of whole
 * solves.
 */
export function* tuneLevels(
  method: string,
  given: readonly Csr[],
  weights: ProlongationWeights,
  rounds: number,
  seed: number,
  stream: number,
): Steps<ProlongationWeights> {
  const matrices = [...given].sort((a, b) => b.rows - a.rows).slice(0, SOLVED)
  const shape = shapeOf(weights)
  const size = 2 * shape.inputs + parameterCount(shape)
  const count = weights.numbers.length / size
  const at = (v: readonly number[]): ProlongationWeights => {
    const numbers = weights.numbers.slice()
    for (let network = 0; network < count; network++)
      for (let i = size * (network + 1) - shape.second - 1; i < size * (network + 1); i++)
        numbers[i]! *= v[2 * HEAD + 1 + network]!
    return {
      ...weights,
      numbers: singles(numbers),
      smoother: singles(v.slice(0, HEAD)),
      correction: singles(v.slice(HEAD, 2 * HEAD)),
      damping: Math.fround(Math.max(0, Math.min(LARGEST_DAMPING, v[2 * HEAD]!))),
    }
  }
  const start = [...RATIOS.start, ...SCALES.start, weights.damping, ...Array(count).fill(1)]
  const steps = [...RATIOS.steps, ...SCALES.steps, DAMPING_STEP, ...Array(count).fill(TRUST_STEP)]
  const found = yield* coordinateSearch(start, steps, rounds, v =>
    meanLogarithm(method, matrices, learned(at(v)), seed, stream),
  )
  return at(found)
}

const LARGEST_DAMPING = 1.9
const DAMPING_STEP = 0.06
const TRUST_STEP = 0.3
