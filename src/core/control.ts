import { refuse } from './errors.ts'

/** What the outside world sees of a running method. */
export interface Progress {
  /** Iterations done so far. */
  readonly iteration: number
  /** Residual norm as the method's own recurrence has it. */
  readonly residualNorm: number
  /** Milliseconds since the call. */
  readonly elapsed: number
}

/** Options that every method takes. */
export interface ControlOptions {
  /** Aborts an asynchronous call; checked at entry only by the synchronous form. */
  readonly signal?: AbortSignal
  /** Milliseconds after which an iterative method returns what it has, with reason `'time-limit'`. */
  readonly timeLimit?: number
  /** Called with the state of the iteration; between iterations (sync) or at most every 16 ms (async). */
  readonly onProgress?: (progress: Progress) => void
  /** Threads this call may use; default: all that `setThreads` allows. */
  readonly threads?: number
}

export const controlKeys = ['signal', 'timeLimit', 'onProgress', 'threads'] as const

/** How a call is watched and stopped: one per call, shared by all the methods it runs. */
export interface Control {
  readonly method: string
  readonly start: number
  readonly deadline: number
  readonly threads: number
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: Progress) => void) | undefined
}

/** Checks the options that every method takes. */
export function makeControl(method: string, options: ControlOptions): Control {
  const { signal, timeLimit = Number.POSITIVE_INFINITY, onProgress, threads = 0 } = options
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw refuse('ERR_OPTION', method, 'option signal', 'an AbortSignal', signal)
  if (typeof timeLimit !== 'number' || !(timeLimit >= 0))
    throw refuse('ERR_OPTION', method, 'option timeLimit', 'a number of milliseconds >= 0', timeLimit)
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw refuse('ERR_OPTION', method, 'option onProgress', 'a function', onProgress)
  if (!Number.isInteger(threads) || threads < 0 || (threads === 0 && options.threads !== undefined))
    throw refuse('ERR_OPTION', method, 'option threads', 'a positive integer', threads)
  const start = performance.now()
  return { method, start, deadline: start + timeLimit, threads, signal, onProgress }
}
