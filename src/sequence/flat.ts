import { type Kind, loopsOf } from './kinds.loops.ts'
import { checkArms, checkLoss, type Learner, type LearnerState } from './learner.ts'
import { SEED, STREAM } from './loops.ts'

/** A state that is one array. */
export interface FlatState extends LearnerState {
  readonly data: Float64Array
}

/** A learner whose state is one array, with a native twin. */
export interface FlatLearner extends Learner {
  readonly settings: Kind
  /** What it sees of a context. */
  readonly lookAt: (context?: ArrayLike<number>) => number
}

export const isFlat = (learner: Learner): learner is FlatLearner => 'settings' in learner && 'lookAt' in learner

/** A learner made of loops over a flat state. */
export function flatLearner(
  name: string,
  options: object,
  settings: Kind,
  lookAt: FlatLearner['lookAt'] = () => 0,
): FlatLearner {
  const loops = loopsOf(settings)
  const dataOf = (state: LearnerState): Float64Array => (state as FlatState).data
  const learn = (data: Float64Array, arm: number, loss: number, context?: ArrayLike<number>): void => {
    checkLoss(name, loops.arms(data.length), arm, loss)
    loops.learn(data, arm, loss, lookAt(context))
  }
  return {
    name,
    options,
    settings,
    lookAt,
    start(arms, seed = 0, stream = 0): FlatState {
      const data = new Float64Array(loops.size(checkArms(name, arms)))
      loops.begin(data, arms)
      data[SEED] = seed
      data[STREAM] = stream
      return { learner: name, data }
    },
    choose: (state, context) => loops.choose(dataOf(state), lookAt(context)),
    update(state, arm, loss, context): FlatState {
      const data = dataOf(state).slice()
      learn(data, arm, loss, context)
      return { learner: name, data }
    },
    learn: (state, arm, loss, context) => learn(dataOf(state), arm, loss, context),
  }
}
