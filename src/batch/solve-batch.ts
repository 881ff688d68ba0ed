import type { Solution } from '../krylov/solution.ts'
import type { RecyclingSolution } from '../recycle/gcrodr.ts'
import { type BatchOptions, checkBatch, type Plan } from './options.ts'
import { BatchRun } from './run.ts'
import { type BatchSystems, countOf } from './systems.ts'

/** The solution of one system of a batch: that of its method without `space`, which the next system has. */
export interface BatchResult<S extends Solution = RecyclingSolution> {
  /** Which system, counted from 0 in the order in which they were given. */
  readonly index: number
  readonly solution: S extends unknown ? Omit<S, 'space'> : never
  readonly error?: undefined
}

/** A system of a batch that could not be solved, under `onError: 'yield'`. */
export interface BatchFailure {
  readonly index: number
  readonly solution?: undefined
  /** A KrylovError that names the system, or what the user's own code threw. */
  readonly error: unknown
}

/**
 * Solves many independent systems, each with what a similar one has left. Systems are read in windows, sorted
 * ({@link orderBySimilarity}), and solved off the JavaScript thread in several chains at a time, each of which recycles the space of
 * its last system; results come in the order of the systems. Neither all systems nor all results are held: at most
 * 2 `window` systems are read whose results were not taken. Nothing happens before the first result is asked for;
 * `break` stops what is under way. The bits depend on the systems, their order, `window` and `sort`, not on `chains`.
 *
 * A system that does not converge is a result like others. Wang et al., "Accelerating Data Generation for Neural Operators via
 * Krylov Subspace Recycling" (2024).
 *
 * @throws KrylovError ERR_TYPE, ERR_OPTION at once; errors of a system when it is its turn. Errors of iterables and
 * functions of the user's own pass unchanged.
 */
export function solveBatch<S extends Solution = RecyclingSolution>(
  systems: BatchSystems,
  options?: BatchOptions<S> & { readonly onError?: 'throw' },
): AsyncGenerator<BatchResult<S>, void, undefined>
export function solveBatch<S extends Solution = RecyclingSolution>(
  systems: BatchSystems,
  options: BatchOptions<S>,
): AsyncGenerator<BatchResult<S> | BatchFailure, void, undefined>
export function solveBatch<S extends Solution = RecyclingSolution>(
  systems: BatchSystems,
  options: BatchOptions<S> = {},
): AsyncGenerator<BatchResult<S> | BatchFailure, void, undefined> {
  const count = countOf('solveBatch', systems)
  return results(checkBatch('solveBatch', options, count, Array.isArray(systems)), systems)
}

async function* results<S extends Solution>(plan: Plan<S>, systems: BatchSystems) {
  plan.control.signal?.throwIfAborted()
  const run = new BatchRun(plan, systems)
  try {
    for (let result = await run.next(); result !== undefined; result = await run.next()) {
      if (result.solution === undefined && plan.throws) throw result.error
      yield result as BatchResult<S> | BatchFailure
    }
  } finally {
    await run.end()
  }
}
