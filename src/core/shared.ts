import { KrylovError } from './errors.ts'

/*
 * Arrays that krylov builds live on SharedArrayBuffer: it can neither be detached nor shrunk, so a native job
 * may read it on another thread without a copy.
 */

let count: ((buffer: SharedArrayBuffer, bytes: number) => void) | undefined
const WORTH_COUNTING = 1 << 16

/** Has `counter` told of every large array: the engine does not count shared memory, and would collect it too late. */
export function countSharedMemory(counter: (buffer: SharedArrayBuffer, bytes: number) => void): void {
  count = counter
}

function reserve(bytes: number): SharedArrayBuffer {
  try {
    const buffer = new SharedArrayBuffer(bytes)
    if (bytes >= WORTH_COUNTING) count?.(buffer, bytes)
    return buffer
  } catch (cause) {
    throw new KrylovError('ERR_MEMORY', `cannot allocate ${bytes} bytes`, { cause })
  }
}

/** A zeroed Float64Array of `n` entries on shared memory. */
export const float64 = (n: number): Float64Array => new Float64Array(reserve(n * 8))

/** A zeroed Float32Array of `n` entries on shared memory. */
export const float32 = (n: number): Float32Array => new Float32Array(reserve(n * 4))

/** A zeroed Int32Array of `n` entries on shared memory. */
export const int32 = (n: number): Int32Array => new Int32Array(reserve(n * 4))

/** A zeroed Int16Array of `n` entries on shared memory. */
export const int16 = (n: number): Int16Array => new Int16Array(reserve(n * 2))

/** 0, 1, .., n - 1: an order that changes nothing. */
export function naturalOrder(n: number): Int32Array {
  const order = int32(n)
  for (let i = 0; i < n; i++) order[i] = i
  return order
}

/** Whether `array` lies on memory that cannot be detached, shrunk or grown. */
export const isShared = ({ buffer }: ArrayBufferView): boolean =>
  buffer instanceof SharedArrayBuffer && (buffer as { growable?: boolean }).growable !== true

/** `values` as doubles on shared memory: itself where it already is, a copy otherwise. */
export function sharedFloat64(values: ArrayLike<number>): Float64Array {
  if (values instanceof Float64Array && isShared(values)) return values
  const copy = float64(values.length)
  copy.set(values)
  return copy
}

/** `values` as singles on shared memory: itself where it already is, a copy otherwise. */
export function sharedFloat32(values: ArrayLike<number>): Float32Array {
  if (values instanceof Float32Array && isShared(values)) return values
  const copy = float32(values.length)
  copy.set(values)
  return copy
}

/** `indices` as 32-bit integers on shared memory: itself where it already is, a copy otherwise. */
export function sharedInt32(indices: ArrayLike<number>): Int32Array {
  if (indices instanceof Int32Array && isShared(indices)) return indices
  const copy = int32(indices.length)
  copy.set(indices)
  return copy
}

/** A copy of a vector on shared memory, times a factor. */
export function copied(vector: Float64Array, factor = 1): Float64Array {
  const copy = float64(vector.length)
  if (factor === 1) copy.set(vector)
  else for (let i = 0; i < copy.length; i++) copy[i] = vector[i]! * factor
  return copy
}
