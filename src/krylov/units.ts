/*
 * Squares of numbers beyond 1e154, or below 1e-154, leave the range of doubles: a norm would come out infinite, or zero,
 * and a solver would believe it. Such systems are solved in other units, powers of two, which change no bit of the
 * answer: (u A) y = v b, x = (u / v) y.
 */

/** 1, or the power of two that brings `largest` near 1 where it lies beyond 1e-100 to 1e100. */
export function unitOf(largest: number): number {
  if (largest === 0 || (largest >= 1e-100 && largest <= 1e100)) return 1
  return 2 ** Math.max(-1000, Math.min(1000, -Math.floor(Math.log2(largest))))
}

/** max |x_i| over entries `offset`, `offset + step`, ... */
export function largestOf(x: Float64Array, offset = 0, step = 1): number {
  let largest = 0
  for (let i = offset; i < x.length; i += step) largest = Math.max(largest, Math.abs(x[i]!))
  return largest
}

/** x times `up`, over `down`: one after the other, since the quotient may leave the range of doubles itself. */
export function rescale(x: Float64Array, up: number, down: number, offset = 0, step = 1): void {
  if (up !== down) for (let i = offset; i < x.length; i += step) x[i] = (x[i]! * up) / down
}

/**
 * Brings y, solved in units, to x = (matrix / rhs) y in place. False where doubles cannot hold that: x is zero then.
 */
export function unscale(y: Float64Array, matrix: number, rhs: number, offset = 0, step = 1): boolean {
  if (matrix === rhs) return true
  const size = largestOf(y, offset, step)
  let lost = 0
  for (let i = offset; i < y.length; i += step) {
    const x = (y[i]! / rhs) * matrix
    lost = Math.max(lost, Math.abs((x / matrix) * rhs - y[i]!))
    y[i] = x
  }
  if (lost <= 1e-14 * size) return true
  for (let i = offset; i < y.length; i += step) y[i] = 0
  return false
}
