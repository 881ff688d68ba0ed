import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { bind, type Call, forms, run } from '../core/method.ts'
import { checkSeed } from '../core/random.ts'
import { float64, int32, sharedFloat64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { checkVector, ownVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import { isDirect } from './direct.ts'
import { type FlatState, isFlat } from './flat.ts'
import { checkArm, type Learner, type LearnerState } from './learner.ts'
import { replaySteps } from './replay.steps.ts'

const played = bind('replay', replaySteps)

const [SLICE, ROUNDS] = [1 << 20, 1 << 15] // entries that are looked at, and contexts, between ticks

/** Options of {@link replay}. */
export interface ReplayOptions extends ControlOptions {
  /** Per round, the context that the learner is given: a list of one. */
  readonly contexts?: ArrayLike<number>
  /** Of all random choices. Default 0. */
  readonly seed?: number
}

/** What a learner would have done. */
export interface Replay {
  /** Per round, the arm. */
  readonly chosen: Int32Array
  /** Per round, what it cost. */
  readonly losses: Float64Array
  readonly total: number
}

const { async, sync } = forms<[Learner, Dense, ReplayOptions?], Replay>('replay', 2, ['contexts', 'seed'], replaying)

/**
 * Plays a learner against losses that are known beforehand: entry (t, a) of `losses` is what arm a would have cost in round
 * t. For choosing among learners once a sequence has been measured. A loss of 0 teaches nothing, as in `sequence`. Off the
 * JavaScript thread; `replaySync` is the same, blocking.
 *
 * @throws KrylovError ERR_TYPE, ERR_SHAPE, ERR_OPTION, ERR_NOT_FINITE where arguments or losses are none; ERR_INDEX where
 * a learner chooses an arm that is not there
 */
export const replay = async

/** {@link replay}, blocking. */
export const replaySync = sync

function* replaying(
  call: Call,
  learner: Learner,
  losses: Dense,
  { contexts, seed = 0 }: ReplayOptions = {},
): Steps<Replay> {
  const { name } = call
  if (typeof learner?.choose !== 'function' || isDirect(learner))
    throw refuse('ERR_TYPE', name, 'learner', 'a learner that learns', learner)
  if (!isDense(losses)) throw refuse('ERR_TYPE', name, 'losses', 'a dense matrix, rounds x arms', losses)
  const { rows: rounds, columns: arms } = losses
  if (!Number.isInteger(rounds) || rounds < 0) throw refuse('ERR_SHAPE', name, 'losses.rows', 'an integer >= 0', rounds)
  if (!Number.isInteger(arms) || arms < 1) throw refuse('ERR_SHAPE', name, 'losses.columns', 'an integer >= 1', arms)
  const table = sharedFloat64(yield* ownVector(call, 'losses.values', losses.values, rounds * arms))
  for (let at = 0; at < table.length; at++) {
    if (at % SLICE === SLICE - 1) yield tick
    if (table[at]! < 0) throw refuse('ERR_NOT_FINITE', name, `losses.values[${at}]`, '>= 0', table[at])
  }
  const seen = contexts === undefined ? undefined : checkVector(name, 'option contexts', contexts, rounds)
  checkSeed(name, 'option seed', seed)

  const state = learner.start(arms, seed)
  const chosen = int32(rounds)
  const part = learner.inner ?? learner
  if (isFlat(part)) {
    const states = learner.inner === undefined ? [state] : (state.bins as readonly LearnerState[])
    const size = (states[0] as FlatState).data.length
    const all = float64(size * states.length)
    for (const [bin, one] of states.entries()) all.set((one as FlatState).data, bin * size)
    const [bins, c] = [int32(rounds), float64(rounds)]
    for (let t = 0; t < rounds; t++) {
      if (t % ROUNDS === ROUNDS - 1) yield tick
      const context = seen && [seen[t]!]
      bins[t] = learner.bin?.(context) ?? 0
      c[t] = part.lookAt(context)
    }
    yield* run(played, part.settings, table, bins, c, all, states.length, chosen)
  } else yield* anyLearner(name, learner, state, table, arms, seen, chosen)

  const paid = Float64Array.from(chosen, (arm, t) => table[t * arms + arm]!)
  return { chosen, losses: paid, total: paid.reduce((sum, loss) => sum + loss, 0) }
}

/** The same for a learner of the user's own. */
function* anyLearner(
  name: string,
  learner: Learner,
  begun: LearnerState,
  losses: Float64Array,
  arms: number,
  seen: Float64Array | undefined,
  chosen: Int32Array,
): Steps<void> {
  let state = begun
  for (let t = 0; t < chosen.length; t++) {
    yield tick
    const context = seen && [seen[t]!]
    const arm = checkArm(name, arms, learner.choose(state, context))
    const loss = losses[t * arms + arm]!
    chosen[t] = arm
    if (loss > 0) state = learner.update(state, arm, loss, context)
  }
}
