import { open } from 'node:fs/promises'
import { KrylovError, refuse, show } from '../core/errors.ts'
import { float64, int32 } from '../core/shared.ts'
import type { Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { Budget } from './budget.ts'
import { readBytes, writeBytes } from './file-bytes.ts'
import { formatNpyHeader, notNpy, parseNpyHeader } from './npy.header.ts'
import { decodeNumbers, encodeNumbers, itemSize } from './npy.types.ts'
import { checkOptions, checkPath, type ReadOptions } from './options.ts'

/** An array of any number of dimensions, last index fastest. */
export interface NpyArray {
  /** Empty for a single number. */
  readonly shape: readonly number[]
  /** Integers of up to 32 bits and booleans are an Int32Array, everything else a Float64Array; shared memory. */
  readonly values: Float64Array | Int32Array
}

/** What can be written as an .npy file. */
export type NpyInput = NpyArray | Dense | Float64Array | Int32Array

/**
 * Reads an .npy file of NumPy: f8, f4, i8 to i1, u8 to u1 and b1, in either byte order, C or Fortran layout (the
 * result is always C layout). 64-bit integers become doubles and are refused beyond 2^53.
 *
 * @throws KrylovError ERR_FORMAT where it is no such file or is cut short, ERR_UNSUPPORTED for other types (complex,
 * text, objects, records), ERR_MEMORY beyond `maxBytes` (default 4 GiB). Errors of the file system pass unchanged.
 */
export async function readNpy(path: string | URL, options: ReadOptions = {}): Promise<NpyArray> {
  const who = 'readNpy'
  checkPath(who, path)
  const { maxBytes, signal } = checkOptions(who, options, ['maxBytes', 'signal'])
  const budget = Budget.forFile(who, maxBytes)
  return decodeNpy(`${who}: ${path}`, await readBytes(path, budget, signal), budget)
}

/** Parses the bytes of an .npy file; see {@link readNpy}, whose errors it shares. */
export function parseNpy(bytes: Uint8Array, options: Omit<ReadOptions, 'signal'> = {}): NpyArray {
  const who = 'parseNpy'
  if (!(bytes instanceof Uint8Array)) throw refuse('ERR_TYPE', who, 'bytes', 'a Uint8Array', bytes)
  const { maxBytes } = checkOptions(who, options, ['maxBytes'])
  const array = decodeNpy(who, bytes, Budget.forFile(who, maxBytes))
  return array.values.buffer === bytes.buffer ? { ...array, values: copyOf(array.values) } : array
}

const copyOf = (values: Float64Array | Int32Array): Float64Array | Int32Array => {
  const copy = values instanceof Float64Array ? float64(values.length) : int32(values.length)
  copy.set(values)
  return copy
}

/** As {@link parseNpy}, but the result may lie in `bytes`, where these are on shared memory. */
export function decodeNpy(who: string, bytes: Uint8Array, budget: Budget): NpyArray {
  const { descr, fortranOrder, shape, offset } = parseNpyHeader(who, bytes)
  const size = itemSize(who, descr)
  const n = shape.reduce((product, length) => product * length, 1)
  const held = bytes.length - offset
  if (n * size !== held)
    throw notNpy(who, `${n * size} bytes of data for shape (${shape.join(', ')}) of ${descr}`, `${held}`)
  const values = decodeNumbers(who, descr, bytes, offset, n, budget)
  return { shape, values: fortranOrder ? toRowMajor(values, shape, budget) : values }
}

/** First index fastest to last index fastest. */
function toRowMajor<T extends Float64Array | Int32Array>(from: T, shape: readonly number[], budget: Budget): T {
  if (shape.filter(length => length !== 1).length < 2) return from
  const make = from instanceof Float64Array ? float64 : int32
  const to = budget.allocate(from.byteLength, `${from.length} numbers`, () => make(from.length)) as T
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((product, length) => product * length, 1))
  const index = shape.map(() => 0)
  let at = 0
  for (let k = 0; k < from.length; k++) {
    to[at] = from[k]!
    for (let d = 0; d < shape.length; d++) {
      at += strides[d]!
      if (++index[d]! < shape[d]!) break
      at -= strides[d]! * shape[d]!
      index[d] = 0
    }
  }
  return to
}

/**
 * An array of at most two dimensions as a dense matrix; one dimension is a column.
 *
 * @throws KrylovError ERR_SHAPE for more dimensions
 */
export function npyToDense({ shape, values }: NpyArray): Dense {
  if (shape.length > 2) throw refuse('ERR_SHAPE', 'npyToDense', 'array', 'of at most two dimensions', shape)
  const [rows = 1, columns = 1] = shape
  if (values instanceof Float64Array) return { rows, columns, values }
  const doubles = float64(values.length)
  doubles.set(values)
  return { rows, columns, values: doubles }
}

/**
 * Writes an .npy file, version 1.0: doubles as `<f8`, 32-bit integers as `<i4`, C layout.
 *
 * @throws KrylovError ERR_TYPE, ERR_SHAPE where values and shape do not fit. Errors of the file system pass unchanged.
 */
export async function writeNpy(path: string | URL, array: NpyInput): Promise<void> {
  checkPath('writeNpy', path)
  const parts = encodeNpy('writeNpy', array)
  const file = await open(path, 'w')
  try {
    let position = 0
    for (const part of parts) position = await writeBytes(file, part, position)
  } finally {
    await file.close()
  }
}

/** Header and numbers of an .npy file. */
export function encodeNpy(who: string, array: NpyInput): readonly [header: Uint8Array, numbers: Uint8Array] {
  const { shape, values } = asArray(who, array)
  const descr = values instanceof Float64Array ? '<f8' : '<i4'
  return [formatNpyHeader(descr, shape), encodeNumbers(values)]
}

function asArray(who: string, array: NpyInput): NpyArray {
  if (array instanceof Float64Array || array instanceof Int32Array) return { shape: [array.length], values: array }
  const { shape, values } = isDense(array)
    ? { shape: [array.rows, array.columns], values: array.values }
    : (array ?? {})
  if (!Array.isArray(shape) || !(values instanceof Float64Array || values instanceof Int32Array))
    throw refuse('ERR_TYPE', who, 'array', 'a Dense, a Float64Array, an Int32Array or { shape, values }', array)
  const n = checkShape(who, shape)
  if (n !== values.length)
    throw refuse('ERR_SHAPE', who, 'values', `${n} long (shape ${shape.join(' x ')})`, values.length)
  return { shape, values }
}

/** Checks a shape; returns how many numbers it holds. */
export function checkShape(who: string, shape: readonly unknown[]): number {
  if (!shape.every(length => Number.isSafeInteger(length) && Number(length) >= 0))
    throw new KrylovError(
      'ERR_SHAPE',
      `${who}: shape must be non-negative integers, got (${shape.map(show).join(', ')})`,
    )
  return shape.reduce((product: number, length) => product * Number(length), 1)
}
