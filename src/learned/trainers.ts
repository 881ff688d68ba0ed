import { refuse } from '../core/errors.ts'
import type { Steps } from '../core/steps.ts'
import { amg } from '../precondition/amg.ts'
import { ic0 } from '../precondition/ic0.ts'
import type { Recipe } from '../precondition/recipe.ts'
import { ric0 } from '../precondition/ric0.ts'
import type { Csr } from '../sparse/csr.ts'
import type { DescentSettings, TrainingProgress } from './descend.ts'
import type { FactorLoss, FactorSample } from './factor-loss.steps.ts'
import { ruleOf } from './omega-network.ts'
import { type Prepared, prepareSteps } from './prepare.ts'
import { MOST_FACTORED, prepareFactor } from './prepare-factor.ts'
import { trainFactor, trusted } from './train-factor.ts'
import { trainProlongation } from './train-prolongation.ts'
import { type OmegaSample, prepareOmega, trainRelaxation } from './train-relaxation.ts'
import { tuneLevels } from './tune-levels.ts'
import type { FactorWeights, PreconditionerWeights } from './weights.ts'

/** Options of training with defaults filled in. */
export interface Training extends DescentSettings {
  readonly model: keyof typeof trainers
  readonly first: number
  readonly second: number
  readonly iterations: number
  readonly rounds: number
  readonly start: FactorWeights['start']
  readonly loss: FactorLoss
}

/** What training a model came to: weights whose rate is still to be found, and what they are to be compared with. */
interface Trained {
  readonly weights: PreconditionerWeights
  readonly classical: (A: Csr) => Recipe
  readonly samples: number
  readonly validation: number
  readonly steps: number
  readonly promised: number
}

type Trainer = (
  method: string,
  samples: readonly Csr[],
  validation: readonly Csr[],
  settings: Training,
  report: (progress: TrainingProgress) => Steps<void>,
) => Steps<Trained>

const VALIDATION = 2 ** 20 // of the streams of right-hand sides: those of the validation set are from here on
const LEVELS = 32 // streams of a matrix
const ROUNDS = 2 // of messages

const prolongation: Trainer = function* (method, samples, validation, settings, report) {
  const { seed, rounds } = settings
  const train = yield* levelsOf(method, 'samples', samples, seed, 0)
  const judged = yield* levelsOf(method, 'validation', validation, seed, VALIDATION)
  const found = yield* trainProlongation(train, judged, settings, report)
  return {
    weights: yield* tuneLevels(method, samples, found.weights, rounds, seed, 3 * VALIDATION),
    classical: () => amg(),
    samples: train.length,
    validation: judged.length,
    steps: found.steps,
    promised: found.iterations,
  }
}

/** The levels of matrices that networks weigh; all of them where they weigh none, so that there is something to learn. */
function* levelsOf(
  method: string,
  name: string,
  matrices: readonly Csr[],
  seed: number,
  stream: number,
): Steps<readonly Prepared[]> {
  const levels: Prepared[] = []
  for (const [at, A] of matrices.entries()) {
    const found = yield* prepareSteps(method, A, seed, stream + LEVELS * at)
    if (found === undefined) throw indefinite(method, name, at)
    levels.push(...found)
  }
  if (levels.length === 0)
    throw refuse('ERR_OPTION', method, `option ${name}`, 'matrices with levels of 150 to 2500 unknowns', 'none')
  const weighed = levels.filter(level => level.weighed)
  return (weighed.length > 0 ? weighed : levels).map(level => ({ ...level, sample: { ...level.sample, network: 0 } }))
}

const indefinite = (method: string, name: string, at: number) =>
  refuse('ERR_OPTION', method, `option ${name}[${at}]`, 'positive definite', 'a matrix that is not')

const incompleteFactor: Trainer = function* (method, samples, validation, settings, report) {
  const { seed, start, loss, first: hidden } = settings
  const train = yield* factorsOf(method, 'samples', samples, start, loss, seed, 0)
  const judged = yield* factorsOf(method, 'validation', validation, start, loss, seed, VALIDATION)
  const found = yield* trainFactor(train, judged, start, { ...settings, hidden, rounds: ROUNDS }, report)
  return {
    weights: yield* trusted(method, validation, found.weights, seed, 3 * VALIDATION),
    classical: A => (start === 'ic0' ? ic0 : ric0({ omega: ruleOf(A.rows) })),
    samples: train.length,
    validation: judged.length,
    steps: found.steps,
    promised: found.iterations,
  }
}

/** The factors of those matrices that are small enough for a step. */
function* factorsOf(
  method: string,
  name: string,
  matrices: readonly Csr[],
  start: FactorWeights['start'],
  loss: FactorLoss,
  seed: number,
  stream: number,
): Steps<readonly FactorSample[]> {
  const factors: FactorSample[] = []
  for (const [at, A] of matrices.entries()) {
    if (A.rows === 0 || A.rows > MOST_FACTORED) continue
    const found = yield* prepareFactor(method, A, start, loss, seed, stream + at)
    if (found === undefined) throw indefinite(method, name, at)
    factors.push(found)
  }
  if (factors.length === 0)
    throw refuse('ERR_OPTION', method, `option ${name}`, `matrices of 1 to ${MOST_FACTORED} unknowns`, 'none')
  return factors
}

const relaxation: Trainer = function* (method, samples, validation, settings, report) {
  const { seed, first: hidden } = settings
  const train = yield* curvesOf(method, 'samples', samples, seed, 0)
  const judged = yield* curvesOf(method, 'validation', validation, seed, VALIDATION)
  const found = yield* trainRelaxation(train, judged, { ...settings, hidden }, report)
  return {
    weights: found.weights,
    classical: A => ric0({ omega: ruleOf(A.rows) }),
    samples: train.length,
    validation: judged.length,
    steps: found.steps,
    promised: found.iterations,
  }
}

/** How the iterations of matrices depend on omega. */
function* curvesOf(
  method: string,
  name: string,
  matrices: readonly Csr[],
  seed: number,
  stream: number,
): Steps<readonly OmegaSample[]> {
  const curves: OmegaSample[] = []
  for (const [at, A] of matrices.entries()) {
    const found = yield* prepareOmega(method, A, seed, stream + at)
    if (!found.curve.every(Number.isFinite) || A.rows === 0) throw indefinite(method, name, at)
    curves.push(found)
  }
  if (curves.length === 0) throw refuse('ERR_OPTION', method, `option ${name}`, 'at least one matrix', 'none')
  return curves
}

/** How each model is trained. */
export const trainers = { prolongation, incompleteFactor, relaxation } as const
