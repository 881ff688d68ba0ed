/**
 * ||x_c||_2 of each column of an n x s block, row-major, without squares that leave the range of doubles. A column with an
 * entry that is not finite has the norm Infinity or NaN.
 */
export function columnNorms(X: Float64Array, s: number): Float64Array {
  const largest = new Float64Array(s)
  const sums = new Float64Array(s)
  for (let at = 0, c = 0; at < X.length; at++, c = c + 1 === s ? 0 : c + 1) {
    const x = Math.abs(X[at]!)
    if (!(x <= largest[c]!)) largest[c] = x
  }
  for (let at = 0, c = 0; at < X.length; at++, c = c + 1 === s ? 0 : c + 1) {
    const x = X[at]! / largest[c]!
    sums[c]! += x * x
  }
  return largest.map((size, c) => (size > 0 && size < Number.POSITIVE_INFINITY ? size * Math.sqrt(sums[c]!) : size))
}
