import { roundDecimal } from './long-decimal.ts'

/** A place in a run of bytes that ends with a newline. */
export interface Cursor {
  bytes: Uint8Array
  at: number
  /** Set when digits were read whose value is beyond the doubles. */
  overflowed: boolean
}

const EXACT = 2 ** 53
const POWERS = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`))
const WORD = /^[+-]?(nan|inf|infinity)$/i

/** Whether a byte separates tokens within a line. */
export const isBlank = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13 && byte !== 10)

/**
 * Reads the number at the cursor, correctly rounded, and moves behind it; where there is none the cursor stays.
 * An exponent may be marked with e, E or, as Fortran does, d, D. `nan`, `inf` and `infinity` are numbers.
 *
 * Clinger (1990), fast path: an integer below 2^53 times or over a power of ten up to 10^22 is one rounding.
 */
export function readNumber(cursor: Cursor): number {
  const { bytes, at: start } = cursor
  let p = start
  let c = bytes[p]!
  const negative = c === 45
  if (negative || c === 43) c = bytes[++p]!
  const first = p
  let mantissa = 0
  for (; c >= 48 && c <= 57; c = bytes[++p]!) mantissa = mantissa * 10 + (c - 48)
  let digits = p - first
  let last = p
  let scale = 0
  if (c === 46) {
    const point = p
    for (c = bytes[++p]!; c >= 48 && c <= 57; c = bytes[++p]!) mantissa = mantissa * 10 + (c - 48)
    scale = point + 1 - p
    digits -= scale
    last = p
  }
  if (digits === 0) return readWord(cursor)
  if ((c | 32) === 101 || (c | 32) === 100) {
    let q = p + 1
    const down = bytes[q] === 45
    if (down || bytes[q] === 43) q++
    const firstOfExponent = q
    let exponent = 0
    for (c = bytes[q]!; c >= 48 && c <= 57; c = bytes[++q]!) exponent = Math.min(exponent * 10 + (c - 48), 1e9)
    if (q === firstOfExponent) return Number.NaN
    p = q
    scale += down ? -exponent : exponent
  }
  cursor.at = p
  let value: number
  if (!(mantissa < EXACT)) value = roundDecimal(bytes, first, last, scale)
  else if (scale < -22 || scale > 22) value = Number.NaN
  else value = scale < 0 ? mantissa / POWERS[-scale]! : mantissa * POWERS[scale]!
  if (Number.isNaN(value)) return readSlowly(cursor, start)
  return negative ? -value : value
}

/** Leaves the rounding to the engine, which is exact for any number of digits. */
function readSlowly(cursor: Cursor, start: number): number {
  const value = Number(latin1(cursor.bytes, start, cursor.at).replace(/d/i, 'e'))
  if (!Number.isFinite(value)) cursor.overflowed = true
  return value
}

function readWord(cursor: Cursor): number {
  const { bytes, at: start } = cursor
  let p = start
  while (p - start < 10 && bytes[p]! > 32) p++
  const word = latin1(bytes, start, p).toLowerCase()
  if (!WORD.test(word)) return Number.NaN
  cursor.at = p
  if (word.includes('nan')) return Number.NaN
  return word.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** Bytes as text, one character each. */
export const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, to)
