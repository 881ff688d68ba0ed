import { endianness } from 'node:os'
import { KrylovError, show } from '../core/errors.ts'
import { float64, int32 } from '../core/shared.ts'
import type { Budget } from './budget.ts'

/** Typed arrays that hold what NumPy's types hold, two of which are wide and must be narrowed to doubles. */
type Raw = new (
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
) => (Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array) | Wide
type Wide = BigInt64Array | BigUint64Array

const types: Readonly<Record<string, { readonly raw: Raw; readonly bytes: number; readonly as: 'f8' | 'i4' }>> = {
  f8: { raw: Float64Array, bytes: 8, as: 'f8' },
  f4: { raw: Float32Array, bytes: 4, as: 'f8' },
  i8: { raw: BigInt64Array, bytes: 8, as: 'f8' },
  u8: { raw: BigUint64Array, bytes: 8, as: 'f8' },
  i4: { raw: Int32Array, bytes: 4, as: 'i4' },
  u4: { raw: Uint32Array, bytes: 4, as: 'f8' },
  i2: { raw: Int16Array, bytes: 2, as: 'i4' },
  u2: { raw: Uint16Array, bytes: 2, as: 'i4' },
  i1: { raw: Int8Array, bytes: 1, as: 'i4' },
  u1: { raw: Uint8Array, bytes: 1, as: 'i4' },
  b1: { raw: Uint8Array, bytes: 1, as: 'i4' },
}

const host = endianness() === 'LE' ? '<' : '>'

/** Bytes per number of a NumPy type. */
export function itemSize(who: string, descr: string): number {
  return typeOf(who, descr).bytes
}

function typeOf(who: string, descr: string) {
  const type = /^[<>|=]/.test(descr) ? types[descr.slice(1)] : undefined
  if (type !== undefined && Object.hasOwn(types, descr.slice(1)) && (descr[0] !== '|' || type.bytes === 1)) return type
  throw new KrylovError(
    'ERR_UNSUPPORTED',
    `${who}: expected real numbers (f8, f4, i8 to i1, u8 to u1, b1), got ${show(descr)}`,
  )
}

/**
 * The `n` numbers at `offset`, on shared memory: integers of up to 32 bits as they are, all others as doubles. In
 * place where the file has our own layout.
 */
export function decodeNumbers(
  who: string,
  descr: string,
  bytes: Uint8Array,
  offset: number,
  n: number,
  budget: Budget,
): Float64Array | Int32Array {
  const type = typeOf(who, descr)
  const { buffer } = bytes
  const at = bytes.byteOffset + offset
  const isNative = type.bytes === 1 || descr[0] === '=' || descr[0] === host
  const isAligned = at % type.bytes === 0
  if (isNative && isAligned && buffer instanceof SharedArrayBuffer && descr.slice(1) === type.as)
    return type.as === 'f8' ? new Float64Array(buffer, at, n) : new Int32Array(buffer, at, n)

  const numbers = budget.allocate(n * 8, `${n} numbers`, () => (type.as === 'f8' ? float64(n) : int32(n)))
  let raw = isAligned && isNative ? new type.raw(buffer, at, n) : undefined
  if (raw === undefined) {
    // not slice(), which does not copy where the bytes are a Buffer
    const copy = new Uint8Array(bytes.subarray(offset, offset + n * type.bytes))
    if (!isNative) reverseEach(copy, type.bytes)
    raw = new type.raw(copy.buffer, 0, n)
  }
  if (raw instanceof BigInt64Array || raw instanceof BigUint64Array) narrow(who, raw, numbers)
  else numbers.set(raw)
  if (descr.endsWith('b1') && numbers.some(bit => bit > 1))
    throw new KrylovError('ERR_FORMAT', `${who}: expected booleans 0 or 1, got ${numbers.find(bit => bit > 1)}`)
  return numbers
}

function narrow(who: string, wide: Wide, numbers: Float64Array | Int32Array): void {
  for (let k = 0; k < wide.length; k++) {
    const number = Number(wide[k]!)
    if (!(Math.abs(number) <= 2 ** 53))
      throw new KrylovError('ERR_FORMAT', `${who}: expected integers up to 2^53, got ${wide[k]} at position ${k}`)
    numbers[k] = number
  }
}

function reverseEach(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse()
}

/** Numbers as the bytes of a little-endian file. */
export function encodeNumbers(values: Float64Array | Int32Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  if (host === '<') return bytes
  const copy = bytes.slice()
  reverseEach(copy, values.BYTES_PER_ELEMENT)
  return copy
}
