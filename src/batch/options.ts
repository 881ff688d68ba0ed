import { threadsFor } from '../core/backend.ts'
import { type Control, makeControl } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { unknownOption } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import type { CsrData, Operator } from '../core/types.ts'
import type { Solution } from '../krylov/solution.ts'
import { checkStopping } from '../krylov/solver.ts'
import { type GcrodrOptions, gcrodr, type RecyclingSolution } from '../recycle/gcrodr.ts'
import { type OrderMethod, orderMethods } from './order.ts'

/** How far a batch has come. */
export interface BatchProgress {
  /** Systems that are done with, those that failed among them. */
  readonly solved: number
  readonly failed: number
  /** How many there are, where that is known. */
  readonly count: number | undefined
  /** Milliseconds since the first was asked for. */
  readonly elapsed: number
}

/** What the method of a batch is given: the options of {@link solveBatch} that it knows, and `space`. */
export type BatchSolverOptions = Omit<GcrodrOptions, 'x0' | 'timeLimit' | 'onProgress'>

/** Solves one system. What it returns as `space` it is given with the next system of its chain. */
export type BatchMethod<S extends Solution> = (
  A: CsrData | Operator,
  b: ArrayLike<number>,
  options: BatchSolverOptions,
) => Promise<S>

/** Options of {@link solveBatch}. */
export interface BatchOptions<S extends Solution = RecyclingSolution> extends Omit<BatchSolverOptions, 'space'> {
  /** Solves one system: `gcrodr`, `gmres`, `cg`, or a function of your own. Default `gcrodr`. */
  readonly method?: BatchMethod<S>
  /** How a window is sorted, as in {@link orderBySimilarity}; false: not at all. Default: by the size of the window. */
  readonly sort?: OrderMethod | false
  /** Systems that are read ahead and sorted together. Default 32, and up to 512 where they come as an array. */
  readonly window?: number
  /** Chains that are solved at the same time. Changes no bit. Default: the threads that a call may use. */
  readonly chains?: number
  /** Threads of each solve. Default: one, or all where `chains` is 1. */
  readonly threads?: number
  /** Results in the order of the systems; false: as they come. Default true. */
  readonly ordered?: boolean
  /** What an error of one system does: `'throw'` ends the batch there, `'yield'` gives `{ index, error }`. Default throw. */
  readonly onError?: 'throw' | 'yield'
  /** Called after each system. */
  readonly onProgress?: (progress: BatchProgress) => void
}

const passed = [
  'rtol',
  'atol',
  'maxIterations',
  'preconditioner',
  'history',
  'restart',
  'recycle',
  'solutions',
] as const
const own = ['method', 'sort', 'window', 'chains', 'ordered', 'onError', 'onProgress', 'signal', 'threads'] as const
const keys: ReadonlySet<string> = new Set([...own, ...passed])

/** Options that were checked, and what follows from them. */
export interface Plan<S extends Solution> {
  readonly method: BatchMethod<S>
  readonly solver: BatchSolverOptions
  readonly sort: OrderMethod | false | undefined
  readonly window: number
  /** Chains that a batch has, however many are solved at the same time. */
  readonly lanes: number
  readonly chains: number
  readonly ordered: boolean
  readonly throws: boolean
  readonly count: number | undefined
  readonly control: Control
  readonly onProgress: ((progress: BatchProgress) => void) | undefined
}

const READ_AHEAD = 32
const SORTED = 512
const LANES = 16
const LANE = 8 // systems of a window that a chain has at least

/** Checks the options of a batch of `count` systems, which are an array or not. */
export function checkBatch<S extends Solution>(
  name: string,
  options: BatchOptions<S>,
  count: number | undefined,
  listed: boolean,
): Plan<S> {
  if (typeof options !== 'object' || options === null || Array.isArray(options) || ArrayBuffer.isView(options))
    throw refuse('ERR_OPTION', name, 'options', 'an object', options)
  for (const key of Object.keys(options)) if (!keys.has(key)) throw unknownOption(name, key, keys)
  const { signal, threads, onProgress, onError = 'throw', ordered = true, sort } = options
  const control = makeControl(name, {
    ...(signal !== undefined && { signal }),
    ...(threads !== undefined && { threads }),
  })
  const method = options.method ?? (gcrodr as unknown as BatchMethod<S>)
  if (typeof method !== 'function') throw refuse('ERR_OPTION', name, 'option method', 'a function', method)
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw refuse('ERR_OPTION', name, 'option onProgress', 'a function', onProgress)
  if (sort !== undefined && sort !== false && !orderMethods.includes(sort))
    throw refuse('ERR_OPTION', name, 'option sort', "'greedy', 'grouped', 'hilbert' or false", sort)
  if (typeof ordered !== 'boolean') throw refuse('ERR_OPTION', name, 'option ordered', 'true or false', ordered)
  if (onError !== 'throw' && onError !== 'yield')
    throw refuse('ERR_OPTION', name, 'option onError', "'throw' or 'yield'", onError)
  const known = listed ? Math.max(1, Math.min(SORTED, count ?? SORTED)) : READ_AHEAD
  const window = integerOption(name, 'window', options.window ?? known, 1, 2 ** 20)
  const chains = integerOption(name, 'chains', options.chains ?? threadsFor(0), 1, 1024)
  const solver: Record<string, unknown> = {}
  for (const key of passed) if (options[key] !== undefined) solver[key] = options[key]
  checkStopping(name, 1, solver)
  const one = threads ?? (chains > 1 ? 1 : undefined)
  if (one !== undefined) solver.threads = one
  const lanes = Math.min(LANES, 2 ** Math.floor(Math.log2(Math.max(1, window / LANE))))
  const throws = onError === 'throw'
  return { method, solver, sort, window, lanes, chains, ordered, throws, count, control, onProgress }
}
