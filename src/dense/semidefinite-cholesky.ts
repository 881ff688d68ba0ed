/**
 * L L^T = A for a positive semidefinite A of order n by rows, in place of its lower triangle (Golub and Van Loan,
 * Algorithm 4.2.2). A pivot that falls to `tolerance` of its diagonal entry counts as zero and is replaced by that entry:
 * on consistent systems the solution stays one, and L L^T is positive definite. Returns false where a pivot is negative
 * beyond that.
 */
export function semidefiniteCholesky(n: number, values: Float64Array, tolerance: number): boolean {
  for (let i = 0; i < n; i++) {
    const row = i * n
    const given = values[row + i]!
    for (let j = 0; j < i; j++) {
      let sum = values[row + j]!
      for (let k = 0; k < j; k++) sum -= values[row + k]! * values[j * n + k]!
      values[row + j] = sum / values[j * n + j]!
    }
    let pivot = given
    for (let k = 0; k < i; k++) pivot -= values[row + k]! ** 2
    if (!(pivot >= -tolerance * given && given > 0)) return false
    values[row + i] = Math.sqrt(pivot > tolerance * given ? pivot : given)
    for (let j = i + 1; j < n; j++) values[row + j] = 0
  }
  return true
}

/** Solves L L^T x = b in place. */
export function choleskySolve(n: number, L: ArrayLike<number>, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = x[i]!
    for (let k = 0; k < i; k++) sum -= L[i * n + k]! * x[k]!
    x[i] = sum / L[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    x[i]! /= L[i * n + i]!
    for (let k = 0; k < i; k++) x[k]! -= L[i * n + k]! * x[i]!
  }
}
