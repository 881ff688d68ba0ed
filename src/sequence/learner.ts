import { KrylovError, refuse } from '../core/errors.ts'
import { checkOptions as checkNames } from '../core/method.ts'

/** What a learner knows: typed arrays, numbers and states of its parts, nothing else. */
export interface LearnerState {
  readonly learner: string
  readonly [field: string]: string | number | Float64Array | readonly LearnerState[]
}

/**
 * Chooses among numbered arms and learns from what they cost. The same state gives the same choice; `update` leaves it as it
 * was.
 */
export interface Learner {
  readonly name: string
  /** What makes the same learner again, as plain data. */
  readonly options: object
  /** Which of its parts a context belongs to, where it has parts. */
  readonly bin?: (context?: ArrayLike<number>) => number
  /** What each of its parts is. */
  readonly inner?: Learner
  /** Whether it weighs losses by how likely its own choice was: then it is told of no arm that it did not choose. */
  readonly onPolicy?: boolean
  /** What is known before anything was tried. Different streams of a seed are independent. */
  start(arms: number, seed?: number, stream?: number): LearnerState
  /** The arm to play, given what is known of the system before it is solved. */
  choose(state: LearnerState, context?: ArrayLike<number>): number
  /** The state that also knows that `arm` cost `loss` >= 0. */
  update(state: LearnerState, arm: number, loss: number, context?: ArrayLike<number>): LearnerState
  /** The same in place, for who holds the state alone. What it refuses leaves the state as it was. */
  readonly learn?: (state: LearnerState, arm: number, loss: number, context?: ArrayLike<number>) => void
}

/** Checks what every learner starts from. */
export function checkArms(learner: string, arms: number): number {
  if (!Number.isInteger(arms) || arms < 1 || arms > 1e6)
    throw refuse('ERR_OPTION', learner, 'arms', 'an integer from 1 to 1000000', arms)
  return arms
}

/** Refuses an arm that does not exist. */
export function checkArm(learner: string, arms: number, arm: number): number {
  if (!Number.isInteger(arm) || arm < 0 || arm >= arms)
    throw refuse('ERR_INDEX', learner, 'arm', `from 0 to ${arms - 1}`, arm)
  return arm
}

/** Refuses a loss that is not a number >= 0 and an arm that does not exist: nothing learnt is lost by either. */
export function checkLoss(learner: string, arms: number, arm: number, loss: number): void {
  checkArm(learner, arms, arm)
  if (!(loss >= 0 && loss < Number.POSITIVE_INFINITY))
    throw refuse('ERR_NOT_FINITE', learner, 'loss', 'a finite number >= 0', loss)
}

/** The entry of a context that a learner looks at, clipped to its range: learners never extrapolate. */
export function contextEntry(
  learner: string,
  context: ArrayLike<number> | undefined,
  entry: number,
  low: number,
  high: number,
): number {
  if (context === undefined || context.length <= entry)
    throw refuse('ERR_SHAPE', learner, 'context', `at least ${entry + 1} long`, context?.length ?? 'none')
  const value = context[entry]!
  if (Number.isNaN(value)) throw refuse('ERR_NOT_FINITE', learner, `context[${entry}]`, 'a number', value)
  return Math.min(Math.max(value, low), high)
}

/** Refuses options other than `keys`. */
export const checkOptions = (learner: string, options: unknown, keys: readonly string[]): void =>
  void checkNames(learner, options, new Set(keys))

/** A state as JSON can hold it: arrays as lists, tagged. */
export function plainState(state: LearnerState): object {
  return Object.fromEntries(
    Object.entries(state).map(([field, value]) => {
      if (value instanceof Float64Array) return [field, { doubles: Array.from(value, encode) }]
      if (typeof value === 'number') return [field, encode(value)]
      return [field, Array.isArray(value) ? value.map(plainState) : value]
    }),
  )
}

/** JSON has no infinities. */
const encode = (x: number): number | string => (Number.isFinite(x) ? x : String(x))

/**
 * The state that {@link plainState} wrote, which must have the shape of `like`.
 *
 * @throws KrylovError ERR_FORMAT where it has another
 */
export function restoredState(learner: string, saved: unknown, like: LearnerState, where = 'state'): LearnerState {
  const wrong = (what: string) =>
    new KrylovError('ERR_FORMAT', `${learner}: ${where} does not fit this learner: ${what}`)
  if (typeof saved !== 'object' || saved === null) throw wrong('it is no record')
  const record = saved as Record<string, unknown>
  const [wanted, found] = [Object.keys(like).sort().join(), Object.keys(record).sort().join()]
  if (wanted !== found) throw wrong(`it has ${found}, wanted ${wanted}`)
  return Object.fromEntries(
    Object.entries(like).map(([field, value]) => {
      const given = record[field]
      const path = `${where}.${field}`
      if (typeof value === 'string') {
        if (given !== value) throw wrong(`${path} must be ${value}`)
        return [field, value]
      }
      if (typeof value === 'number') return [field, decode(given, path)]
      if (value instanceof Float64Array) {
        const list = (given as { doubles?: unknown } | null)?.doubles
        if (!Array.isArray(list) || list.length !== value.length)
          throw wrong(`${path} must hold ${value.length} numbers`)
        return [field, Float64Array.from(list, (x, i) => decode(x, `${path}[${i}]`))]
      }
      if (!Array.isArray(given) || given.length !== value.length)
        throw wrong(`${path} must hold ${value.length} states`)
      return [field, value.map((part, i) => restoredState(learner, given[i], part, `${path}[${i}]`))]
    }),
  ) as LearnerState

  function decode(x: unknown, path: string): number {
    const value = x === 'Infinity' ? Number.POSITIVE_INFINITY : x === '-Infinity' ? Number.NEGATIVE_INFINITY : x
    if (typeof value !== 'number' || Number.isNaN(value)) throw wrong(`${path} must be a number`)
    return value
  }
}
