/*
 * A method's reference is a generator. It yields what only a driver can do for it, and is composed with `yield*`:
 * the same text runs to the end at once (synchronous form) or in slices between events (asynchronous form).
 */

/** Bounded work is done; a driver may pause here. */
export interface Tick {
  readonly kind: 'tick'
}

/** One iteration of the outermost method is done. The driver answers whether the time limit has passed. */
export interface Iteration {
  readonly kind: 'iteration'
  readonly iteration: number
  readonly residualNorm: number
}

/** The user's own function is to be called; in the asynchronous form it may answer with a promise. */
export interface Ask {
  readonly kind: 'ask'
  readonly call: () => unknown
  readonly who: string
}

/** A native method is to be run: on this thread in the synchronous form, on a job's thread in the other. */
export interface Native {
  readonly kind: 'native'
  readonly name: string
  readonly args: readonly unknown[]
}

/** The kernels of this call are wanted: those that use as many threads as it may. */
export interface WantKernels {
  readonly kind: 'kernels'
}

export type Yielded = Tick | Iteration | Ask | Native | WantKernels

/** What a driver answers to a yield: nothing, the time-limit flag, or the value that was asked for. */
export type Steps<R> = Generator<Yielded, R, unknown>

export const tick: Tick = { kind: 'tick' }

/** Runs steps that yield nothing but ticks to their end. */
export function atOnce<R>(steps: Steps<R>): R {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Reports an iteration; true means that the time limit has passed and the method should return what it has. */
export function* iterate(iteration: number, residualNorm: number): Steps<boolean> {
  return (yield { kind: 'iteration', iteration, residualNorm }) === true
}

/** Calls the user's own function `who`; its exception passes through unchanged. */
export function* ask<T>(who: string, call: () => T | Promise<T>): Steps<T> {
  return (yield { kind: 'ask', call, who }) as T
}
