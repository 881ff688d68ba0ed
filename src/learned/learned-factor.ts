import { bind, run } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import { because, type Factor, type Noted, type Preconditioner } from '../precondition/kinds.ts'
import { buildIncompleteCholesky, ric0 } from '../precondition/ric0.ts'
import { scheduled } from '../precondition/schedule.ts'
import type { Csr } from '../sparse/csr.ts'
import { upperTriangleOf } from '../sparse/upper.ts'
import { learnedFactorSteps } from './factor-network.steps.ts'
import { matrixFeatures, omegaAt, omegaOutput, ruleOf, seenFeatures, shiftOf } from './omega-network.ts'
import { type FactorWeights, factorNetwork, type RelaxationWeights } from './weights.ts'

const learnedFactor = bind('learnedFactor', learnedFactorSteps)

const inOrder = { shift: 0, schedule: 'serial', precision: 'double', blocks: 1 } as const
const keeping = { schedule: 'auto', precision: 'double' } as const

/** The factor that a network starts from, by rows. */
export function* startFactor(method: string, A: Csr, start: FactorWeights['start']): Steps<Preconditioner> {
  const omega = start === 'ric' ? ruleOf(A.rows) : 0
  return yield* buildIncompleteCholesky(start, method, A, omega, inOrder)
}

/** An incomplete factor that a network has corrected; the one that it started from where the outcome is not finite. */
export function* buildLearnedFactor(method: string, A: Csr, weights: FactorWeights): Steps<Preconditioner> {
  const started = yield* startFactor(method, A, weights.start)
  if (started.kind !== 'factor') return because(started, 'no incomplete factor has positive pivots')
  const triangle = yield* upperTriangleOf(A.pattern, 1)
  const { values } = started.upper
  const ok = yield* run(learnedFactor, A, triangle, factorNetwork(weights, A.rows), values, started.inverseDiagonal)
  const factor: Factor & Noted = { ...started, method: 'learned', learned: weights.rate }
  return ok
    ? yield* scheduled(factor, keeping)
    : because(yield* scheduled(started, keeping), 'the learned factor is not finite')
}

/** A relaxed incomplete factor whose omega a network chooses. */
export function* buildLearnedRelaxation(method: string, A: Csr, weights: RelaxationWeights): Steps<Preconditioner> {
  const { numbers, hidden } = weights
  const x = seenFeatures(yield* matrixFeatures(A), numbers)
  const omega = omegaAt(A.rows, shiftOf(omegaOutput(hidden, numbers, 2 * x.length, x)))
  const M = yield* ric0({ omega }).build(method, A)
  if (M.kind === 'jacobi') return because(M, 'no incomplete factor has positive pivots')
  const noted: Noted = { learned: weights.rate }
  return { ...M, ...noted }
}
