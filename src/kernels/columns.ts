/*
 * Kernels on blocks of s vectors, row-major (entry (i, c) at i s + c), one scalar per column.
 */

/** out[c] = x_c . y_c */
export function columnDots(X: Float64Array, Y: Float64Array, out: Float64Array): void {
  const s = out.length
  out.fill(0)
  for (let at = 0; at < X.length; at += s) for (let c = 0; c < s; c++) out[c]! += X[at + c]! * Y[at + c]!
}

/** y_c = x_c + b[c] y_c; where b[c] = 0 the old y is not read */
export function columnXpby(X: Float64Array, b: Float64Array, Y: Float64Array): void {
  const s = b.length
  for (let at = 0; at < X.length; at += s)
    for (let c = 0; c < s; c++) Y[at + c] = b[c] === 0 ? X[at + c]! : X[at + c]! + b[c]! * Y[at + c]!
}

/** x_c += a[c] p_c and r_c -= a[c] q_c; out[c] = r_c . r_c */
export function columnAdvance(
  a: Float64Array,
  P: Float64Array,
  Q: Float64Array,
  X: Float64Array,
  R: Float64Array,
  out: Float64Array,
): void {
  const s = a.length
  out.fill(0)
  for (let at = 0; at < X.length; at += s)
    for (let c = 0; c < s; c++) {
      X[at + c]! += a[c]! * P[at + c]!
      const next = R[at + c]! - a[c]! * Q[at + c]!
      R[at + c] = next
      out[c]! += next * next
    }
}
