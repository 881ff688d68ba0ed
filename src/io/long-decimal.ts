/*
 * Decimals of 16 to 19 digits, as doubles are printed: computed with 106 bits (Dekker 1971), and taken only where the
 * error of that cannot change the rounding.
 */

const SPLITTER = 2 ** 27 + 1
const MOST = 44 // 10^44 = 2^44 5^44, and 5^44 has 103 bits: exact as the sum of two doubles
const HEAD = 10 // digits
const TAIL = 9

/** a b - fl(a b), exactly. */
function productError(a: number, b: number, product: number): number {
  const c = SPLITTER * a
  const a1 = c - (c - a)
  const a2 = a - a1
  const d = SPLITTER * b
  const b1 = d - (d - b)
  const b2 = b - b1
  return a1 * b1 - product + a1 * b2 + a2 * b1 + a2 * b2
}

const powers = Float64Array.from({ length: MOST + 1 }, (_, k) => Number(`1e${k}`))
const powerErrors = powers.map((power, k) => (k <= 22 ? 0 : productError(powers[22]!, powers[k - 22]!, power)))
const UNCERTAIN = 2 ** -98 // of the value: bounds the error of the steps below, each 2^-105 or less

/**
 * The double nearest to the digits in bytes `from` to `to` (a point among them is skipped) times 10^scale; NaN where
 * this way of computing cannot tell.
 */
export function roundDecimal(bytes: Uint8Array, from: number, to: number, scale: number): number {
  if (scale > MOST || scale < -MOST) return Number.NaN
  let head = 0
  let tail = 0
  let digits = 0
  for (let p = from; p < to; p++) {
    const digit = bytes[p]! - 48
    if (digit < 0 || (digit === 0 && digits === 0)) continue
    if (digits < HEAD) head = head * 10 + digit
    else tail = tail * 10 + digit
    digits++
  }
  if (digits <= HEAD || digits > HEAD + TAIL) return Number.NaN

  const shift = powers[digits - HEAD]!
  const shifted = head * shift
  const high = shifted + tail
  const low = tail - (high - shifted) + productError(head, shift, shifted)

  const power = powers[Math.abs(scale)]!
  const powerError = powerErrors[Math.abs(scale)]!
  let value: number
  let rest: number
  if (scale < 0) {
    value = high / power
    const product = value * power
    rest = (high - product - productError(value, power, product) + low - value * powerError) / power
  } else {
    value = high * power
    rest = productError(high, power, value) + low * power + high * powerError
  }
  const uncertain = value * UNCERTAIN
  const rounded = value + (rest - uncertain)
  return rounded === value + (rest + uncertain) ? rounded : Number.NaN
}
