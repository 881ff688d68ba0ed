import { KrylovError, refuse } from '../core/errors.ts'
import type { CsrData, Operator } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'

/** One system of a batch. */
export interface BatchSystem {
  readonly A: CsrData | Operator
  readonly b: ArrayLike<number>
  /** What tells how near two systems are: of one length in all of them. Default: the values of A. */
  readonly field?: ArrayLike<number>
}

/** Systems that are made when they are wanted, each once and in order. */
export interface BatchSource {
  readonly count: number
  system(index: number): BatchSystem | Promise<BatchSystem>
}

/** Where systems come from: a list, anything that can be iterated, or a source. */
export type BatchSystems = Iterable<BatchSystem | Promise<BatchSystem>> | AsyncIterable<BatchSystem> | BatchSource

/** How many systems there are, where that is known. */
export function countOf(method: string, systems: BatchSystems): number | undefined {
  const wanted = 'an array, an iterable, or { count, system(index) }'
  if (typeof systems !== 'object' || systems === null || ArrayBuffer.isView(systems))
    throw refuse('ERR_TYPE', method, 'systems', wanted, systems)
  if (Array.isArray(systems)) return systems.length
  if (isIterable(systems)) return undefined
  const { count, system } = systems as { readonly count?: unknown; readonly system?: unknown }
  if (typeof system !== 'function') throw refuse('ERR_TYPE', method, 'systems', wanted, systems)
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0)
    throw refuse('ERR_OPTION', method, 'systems.count', 'a non-negative integer', count)
  return count
}

const isIterable = (systems: object): systems is Exclude<BatchSystems, BatchSource> =>
  typeof (systems as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function' ||
  typeof (systems as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === 'function'

/** The systems one after the other; what the user's own code throws passes through. */
export async function* systemsOf(systems: BatchSystems): AsyncGenerator<unknown, void, undefined> {
  if (isIterable(systems)) yield* systems
  else for (let i = 0; i < systems.count; i++) yield await systems.system(i)
}

/** A system of a batch that was read, until it is solved. */
export interface Item {
  readonly index: number
  readonly A: CsrData | Operator
  readonly b: ArrayLike<number>
  /** What it is sorted by, if that can be. */
  readonly field: Float64Array | undefined
}

/** Checks what can be said of a system before it is solved; d is the length of explicit fields, where that is known. */
export function checkSystem(method: string, index: number, given: unknown, d: number | undefined): Item {
  const name = `systems[${index}]`
  if (typeof given !== 'object' || given === null) throw refuse('ERR_TYPE', method, name, 'a system { A, b }', given)
  const { A, b, field } = given as BatchSystem
  if (field === undefined) return { index, A, b, field: valuesOf(A) }
  const length: unknown = field?.length
  const vector = checkVector(method, `${name}.field`, field, d ?? (typeof length === 'number' ? length : 0))
  checkFinite(method, `${name}.field`, vector)
  return { index, A, b, field: vector }
}

/** The values of a matrix, where they can be compared with others; what is wrong with them the solver will say. */
function valuesOf(A: unknown): Float64Array | undefined {
  const values: unknown = typeof A === 'object' && A !== null ? (A as Partial<CsrData>).values : undefined
  if (!(values instanceof Float64Array)) return undefined
  try {
    checkFinite('', '', checkVector('', '', values, values.length))
    return values
  } catch {
    return undefined
  }
}

/** An error of one system, which it names; what did not come from krylov stays as it is. */
export function errorOf(method: string, index: number, error: unknown): unknown {
  if (!(error instanceof KrylovError) || error.message.startsWith(`${method}: systems[`)) return error
  return new KrylovError(error.code, `${method}: systems[${index}]: ${error.message}`, { cause: error })
}
