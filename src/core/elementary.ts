/*
 * exp, log, sine and cosine from + - * / sqrt and floor alone, so that a random matrix has the same bits on every
 * machine: the Math functions are left to the engine, and engines differ. Errors are below 2 units in the last place.
 * Twin of native/core/elementary.hpp, operation for operation.
 */

const LN2_HIGH = 0.6931471803691238 // 33 bits: its product with an exponent is exact
const LN2_LOW = 1.9082149292705877e-10

const pun = new Float64Array(1)
const words = new Int32Array(pun.buffer)
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0
const LOW = 1 - HIGH

/** 2^k for -1022 <= k <= 1023. */
function powerOfTwo(k: number): number {
  words[HIGH] = (k + 1023) << 20
  words[LOW] = 0
  return pun[0]!
}

/** e^x; Infinity above 709.78, 0 below -745.13. */
export function exp(x: number): number {
  if (!(x <= 709.782712893384)) return x > 0 ? Number.POSITIVE_INFINITY : Number.NaN
  if (x < -745.1332191019412) return 0
  const n = Math.floor(x * Math.LOG2E + 0.5)
  const high = x - n * LN2_HIGH
  const low = n * LN2_LOW
  const r = high - low
  const c = high - r - low
  // Taylor to r^13 / 13!: |r| <= ln(2) / 2, so that the rest is below 2^-57
  let q = 1 / 6227020800
  q = q * r + 1 / 479001600
  q = q * r + 1 / 39916800
  q = q * r + 1 / 3628800
  q = q * r + 1 / 362880
  q = q * r + 1 / 40320
  q = q * r + 1 / 5040
  q = q * r + 1 / 720
  q = q * r + 1 / 120
  q = q * r + 1 / 24
  q = q * r + 1 / 6
  q = q * r + 0.5
  const e = 1 + (r + (r * r * q + c))
  const half = Math.floor(n * 0.5) // two factors, so that a subnormal result is rounded once and 2^1024 never formed
  return e * powerOfTwo(half) * powerOfTwo(n - half)
}

/** The natural logarithm; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
  if (x === Number.POSITIVE_INFINITY) return x
  let k = 0
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984 // 2^54
    k = -54
  }
  pun[0] = x
  k += (words[HIGH]! >> 20) - 1023
  words[HIGH] = (words[HIGH]! & 0xfffff) | 0x3ff00000
  let m = pun[0]!
  if (m > Math.SQRT2) {
    m *= 0.5
    k += 1
  }
  // log(1 + f) = 2 atanh(s) with s = f / (2 + f), |s| <= 0.172; 2s is written as f - f^2/2 + s f^2/2, whose error is less
  const f = m - 1
  const s = f / (2 + f)
  const z = s * s
  let R = 2 / 23
  R = R * z + 2 / 21
  R = R * z + 2 / 19
  R = R * z + 2 / 17
  R = R * z + 2 / 15
  R = R * z + 2 / 13
  R = R * z + 2 / 11
  R = R * z + 2 / 9
  R = R * z + 2 / 7
  R = R * z + 2 / 5
  R = R * z + 2 / 3
  R = R * z
  const h = 0.5 * f * f
  return k * LN2_HIGH - (h - (s * (h + R) + k * LN2_LOW) - f)
}

/** sin(2 pi u): exact at multiples of a quarter turn. */
export function sinTurns(u: number): number {
  const q = Math.floor(4 * u + 0.5)
  return quadrant(q, 4 * u - q)
}

/** cos(2 pi u): exact at multiples of a quarter turn. */
export function cosTurns(u: number): number {
  const q = Math.floor(4 * u + 0.5)
  return quadrant(q + 1, 4 * u - q)
}

/** sin(pi/2 (q + r)) for an integer q and |r| <= 1/2. */
function quadrant(q: number, r: number): number {
  const turn = q - 4 * Math.floor(q * 0.25)
  const theta = r * 1.5707963267948966
  const value = turn === 0 || turn === 2 ? sine(theta) : cosine(theta)
  return turn >= 2 ? -value : value
}

/** Taylor to x^17: |x| <= pi/4. */
function sine(x: number): number {
  const z = x * x
  let q = 1 / 355687428096000
  q = q * z - 1 / 1307674368000
  q = q * z + 1 / 6227020800
  q = q * z - 1 / 39916800
  q = q * z + 1 / 362880
  q = q * z - 1 / 5040
  q = q * z + 1 / 120
  q = q * z - 1 / 6
  return x + x * z * q
}

/** Taylor to x^16: |x| <= pi/4. */
function cosine(x: number): number {
  const z = x * x
  let q = 1 / 20922789888000
  q = q * z - 1 / 87178291200
  q = q * z + 1 / 479001600
  q = q * z - 1 / 3628800
  q = q * z + 1 / 40320
  q = q * z - 1 / 720
  q = q * z + 1 / 24
  return 1 - (0.5 * z - z * z * q)
}
