/** What kind of misuse or failure a {@link KrylovError} reports. */
export type ErrorCode =
  | 'ERR_SHAPE'
  | 'ERR_TYPE'
  | 'ERR_INDEX'
  | 'ERR_NOT_FINITE'
  | 'ERR_NOT_SYMMETRIC'
  | 'ERR_SINGULAR'
  | 'ERR_INDEFINITE'
  | 'ERR_OPTION'
  | 'ERR_FORMAT'
  | 'ERR_MEMORY'
  | 'ERR_BACKEND'
  | 'ERR_UNSUPPORTED'

/**
 * Thrown on misuse: wrong shapes, types, indices, options, files. The text names the method, the argument,
 * what was wanted and what came. A solver that does not converge is not an error but a value, see `Solution`.
 */
export class KrylovError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'KrylovError'
    this.code = code
  }
}

/** Shows a value in an error text: short, and safe for anything a caller may hand in. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value)
  if (typeof value === 'function') return 'a function'
  if (value === null || typeof value !== 'object') return String(value)
  if (ArrayBuffer.isView(value)) {
    const length = (value as Partial<Float64Array>).length
    return `${value.constructor?.name ?? 'view'}(${length ?? value.byteLength})`
  }
  if (Array.isArray(value)) return `an array of ${value.length}`
  return value instanceof Promise ? 'a promise' : `an object of type ${value.constructor?.name ?? 'null'}`
}

/** The error for an argument that is not what the method wants. */
export function refuse(code: ErrorCode, method: string, argument: string, wanted: string, given: unknown): KrylovError {
  return new KrylovError(code, `${method}: ${argument} must be ${wanted}, got ${show(given)}`)
}
