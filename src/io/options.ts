import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { unknownOption } from '../core/method.ts'

/** Options that every reader takes. */
export interface ReadOptions {
  /** Most bytes that reading may allocate; more is ERR_MEMORY. */
  readonly maxBytes?: number
  /** Stops reading: the promise rejects with its reason. */
  readonly signal?: AbortSignal
}

/** Checks an options object: its names, and those values that all readers and writers share. */
export function checkOptions<T extends ReadOptions>(who: string, options: T, keys: readonly string[]): T {
  if (typeof options !== 'object' || options === null) throw refuse('ERR_OPTION', who, 'options', 'an object', options)
  const allowed = new Set(keys)
  for (const key of Object.keys(options)) if (!allowed.has(key)) throw unknownOption(who, key, allowed)
  const { maxBytes, signal } = options
  if (maxBytes !== undefined && !(typeof maxBytes === 'number' && maxBytes >= 0))
    throw refuse('ERR_OPTION', who, 'option maxBytes', 'a number of bytes >= 0', maxBytes)
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw refuse('ERR_OPTION', who, 'option signal', 'an AbortSignal', signal)
  return options
}

/** Checks the path of a file. */
export function checkPath(who: string, path: unknown): string | URL {
  if ((typeof path === 'string' && path !== '') || path instanceof URL) return path
  throw refuse('ERR_TYPE', who, 'path', 'a file name', path)
}

/** The part of the options that the drivers know. */
export const controlOf = ({ signal }: ReadOptions): ControlOptions => (signal === undefined ? {} : { signal })
