/* Square matrices by rows, their lower triangle beside its mirror image. */

/** S = (A + A^T) / 2; the largest difference from it, and the largest entry. */
export function symmetrised(A: Float64Array, n: number, S: Float64Array): [asymmetry: number, largest: number] {
  let [asymmetry, largest, doubt] = [0, 0, 0]
  for (let r = 0; r < n; r++)
    for (let c = 0; c <= r; c++) {
      const [x, y] = [A[r * n + c]!, A[c * n + r]!]
      if (Math.abs(x - y) > asymmetry) asymmetry = Math.abs(x - y)
      largest = Math.max(largest, Math.abs(x), Math.abs(y))
      doubt += x * 0 + y * 0
      S[r * n + c] = S[c * n + r] = 0.5 * x + 0.5 * y
    }
  return [asymmetry, doubt === 0 ? largest : Number.NaN]
}

/** The upper triangle becomes a copy of the lower one. */
export function mirror(X: Float64Array, n: number): void {
  for (let r = 0; r < n; r++) for (let c = r + 1; c < n; c++) X[r * n + c] = X[c * n + r]!
}

/** ||R - (A + A^T) / 2||_F / ||A||_F, in numbers scaled by the largest of A; 0 where A is. */
export function distance(A: Float64Array, R: Float64Array, n: number): number {
  let largest = 0
  for (const a of A) largest = Math.max(largest, Math.abs(a))
  if (largest === 0) return 0
  let [far, size] = [0, 0]
  for (let r = 0; r < n; r++)
    for (let c = 0; c <= r; c++) {
      const a = 0.5 * A[r * n + c]! + 0.5 * A[c * n + r]!
      const weight = r === c ? 1 : 2
      far += weight * ((R[r * n + c]! - a) / largest) ** 2
      size += weight * (a / largest) ** 2
    }
  return Math.sqrt(far / size)
}
