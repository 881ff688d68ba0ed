/*
 * The loops of the learners over flat states, twin of native/sequence/, operation for operation: elementary functions and
 * random numbers are our own, so that the same state gives the same bits on both backends and on every machine.
 */

/** Every flat state begins with its seed, its stream of it, and the rounds played. */
export const [SEED, STREAM, ROUNDS, HEAD] = [0, 1, 2, 3]

/** One learner's arithmetic. `c` is what it sees of the context. */
export interface Loops {
  /** Numbers in the state of so many arms. */
  readonly size: (arms: number) => number
  /** The arms of a state of so many numbers. */
  readonly arms: (size: number) => number
  /** Writes what a fresh state does not hold as zeros. */
  readonly begin: (data: Float64Array, arms: number) => void
  readonly choose: (data: Float64Array, c: number) => number
  /** Overwrites a state by the one that also knows that `arm` cost `loss`. */
  readonly learn: (data: Float64Array, arm: number, loss: number, c: number) => void
}
