import { refuse } from './errors.ts'
import type { Call } from './method.ts'
import { float64 } from './shared.ts'
import { type Steps, tick } from './steps.ts'

/**
 * Checks a vector argument: a Float64Array or an array of numbers, attached, of fixed length `n`.
 * Returns it as a Float64Array (the same one where it already is one).
 */
export function checkVector(method: string, argument: string, vector: unknown, n: number): Float64Array {
  if (Array.isArray(vector) && vector.length !== n) throw wrongLength(method, argument, n, vector)
  const list = asFloat64(method, argument, vector)
  if (list.length !== n) throw wrongLength(method, argument, n, list)
  return list
}

const wrongLength = (method: string, argument: string, n: number, { length }: ArrayLike<number>) =>
  refuse('ERR_SHAPE', method, argument, `${n} long`, length)

function asFloat64(method: string, argument: string, vector: unknown): Float64Array {
  if (!ArrayBuffer.isView(vector) && !Array.isArray(vector))
    throw refuse('ERR_TYPE', method, argument, 'a Float64Array', vector)
  if (vector instanceof Float64Array) {
    checkBuffer(method, argument, vector)
    return vector
  }
  if (Array.isArray(vector) && vector.every(entry => typeof entry === 'number')) return Float64Array.from(vector)
  if (vector instanceof Float32Array || vector instanceof Int32Array) return Float64Array.from(vector)
  throw refuse('ERR_TYPE', method, argument, 'a Float64Array', vector)
}

function checkBuffer(method: string, argument: string, { buffer }: Float64Array): void {
  const { resizable, growable, detached } = buffer as { resizable?: boolean; growable?: boolean; detached?: boolean }
  if (detached === true || (buffer.byteLength === 0 && isDetached(buffer)))
    throw refuse('ERR_TYPE', method, argument, 'attached', 'a detached buffer')
  if (resizable === true || growable === true)
    throw refuse('ERR_TYPE', method, argument, 'of fixed length', 'a resizable buffer')
}

/** Node 20 has no `detached` property: a view on a detached buffer cannot be made. */
export function isDetached(buffer: ArrayBufferLike): boolean {
  try {
    new Uint8Array(buffer)
    return false
  } catch {
    return true
  }
}

/** Checks that entries [from, to) are finite; their sum is finite unless one is not, or the sum overflows. */
export function checkFinite(
  method: string,
  argument: string,
  vector: Float64Array,
  from = 0,
  to = vector.length,
): void {
  let sum = 0
  for (let i = from; i < to; i++) sum += vector[i]! * 0
  if (sum === 0) return
  const at = vector.findIndex(entry => !Number.isFinite(entry))
  throw refuse('ERR_NOT_FINITE', method, `${argument}[${at}]`, 'finite', vector[at])
}

/**
 * A vector argument that the user may change while an asynchronous call runs: copied then, in pieces with the event loop
 * between, and borrowed otherwise.
 */
export function* ownVector(call: Call, argument: string, given: ArrayLike<number>, n: number): Steps<Float64Array> {
  const vector = checkVector(call.name, argument, given, n)
  const copy = call.form === 'sync' ? vector : float64(n)
  for (let from = 0; from < n; from += CHUNK) {
    if (from > 0) yield tick
    const to = Math.min(from + CHUNK, n)
    if (vector.length !== n) throw refuse('ERR_TYPE', call.name, argument, 'attached', 'a detached buffer')
    if (copy !== vector) copy.set(vector.subarray(from, to), from)
    checkFinite(call.name, argument, copy, from, to)
  }
  return copy
}

const CHUNK = 1 << 21 // entries, 16 MB: a few ms of copying and checking
