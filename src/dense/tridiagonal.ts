/*
 * Extreme eigenvalues of a symmetric tridiagonal matrix by bisection on Sturm counts (Golub and Van Loan, 8.4.1).
 */

const BISECTIONS = 60 // halves the Gershgorin interval down to the rounding of its ends

/** The smallest and the largest eigenvalue; `diagonal` n long, `off` at least n - 1. NaN for n = 0. */
export function tridiagonalExtremes(
  diagonal: Float64Array,
  off: Float64Array,
): { readonly smallest: number; readonly largest: number } {
  const n = diagonal.length
  if (n === 0) return { smallest: Number.NaN, largest: Number.NaN }
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < n; i++) {
    const radius = (i > 0 ? Math.abs(off[i - 1]!) : 0) + (i + 1 < n ? Math.abs(off[i]!) : 0)
    low = Math.min(low, diagonal[i]! - radius)
    high = Math.max(high, diagonal[i]! + radius)
  }
  return { smallest: bisect(diagonal, off, low, high, 1), largest: bisect(diagonal, off, low, high, n) }
}

/** The `index`-th eigenvalue from below (1-based) inside [low, high]. */
function bisect(diagonal: Float64Array, off: Float64Array, low: number, high: number, index: number): number {
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = low + (high - low) / 2
    if (middle <= low || middle >= high) break
    if (countBelow(diagonal, off, middle) >= index) high = middle
    else low = middle
  }
  return low + (high - low) / 2
}

/** Eigenvalues below `shift`: negative pivots of T - shift I. */
function countBelow(diagonal: Float64Array, off: Float64Array, shift: number): number {
  let count = 0
  let pivot = 1
  for (let i = 0; i < diagonal.length; i++) {
    const coupling = i > 0 ? off[i - 1]! : 0
    pivot = diagonal[i]! - shift - (coupling * coupling) / pivot
    if (pivot === 0) pivot = Number.MIN_VALUE
    if (pivot < 0) count++
  }
  return count
}
