import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'

/* Upper quasi-triangular matrices, n x n by rows: triangular but for 2 x 2 blocks with complex eigenvalues on the diagonal. */

/** Where the blocks begin, and n. */
export function blockStarts(T: Float64Array, n: number): number[] {
  const starts: number[] = []
  for (let j = 0; j < n; j++) {
    starts.push(j)
    if (j + 1 < n && T[(j + 1) * n + j] !== 0) j++
  }
  return [...starts, n]
}

/**
 * The principal square roots R_i of T_i, which have no eigenvalues on the closed negative axis. n^3 / 3 flops each.
 */
export function* quasiRootSteps(_: Kernels, T: Float64Array, n: number, count: number, R: Float64Array): Steps<void> {
  R.set(T)
  for (let i = 0; i < count; i++) yield* rootOf(R.subarray(i * n * n, (i + 1) * n * n), n)
}

/**
 * In place: blocks on the diagonal by a formula, the others from R_ii X + X R_jj = T_ij - sum R_ik R_kj (Higham 2008,
 * algorithm 6.7).
 */
function* rootOf(R: Float64Array, n: number): Steps<void> {
  const starts = blockStarts(R, n)
  for (let b = 0; b + 1 < starts.length; b++) {
    const [j, next] = [starts[b]!, starts[b + 1]!]
    rootOfBlock(R, n, j, next - j)
    for (let a = b - 1; a >= 0; a--) {
      const [i, below] = [starts[a]!, starts[a + 1]!]
      for (let r = i; r < below; r++)
        for (let c = j; c < next; c++) for (let k = below; k < j; k++) R[r * n + c]! -= R[r * n + k]! * R[k * n + c]!
      solveBlock(R, n, i, below - i, R, n, j, next - j, R, n)
    }
    yield tick
  }
}

/** Of a 1 x 1 block, or of a 2 x 2 one with eigenvalues theta +- i mu: alpha I + (B - theta I) / (2 alpha). */
function rootOfBlock(R: Float64Array, n: number, j: number, size: number): void {
  const at = j * n + j
  if (size === 1) {
    R[at] = Math.sqrt(R[at]!)
    return
  }
  const [a, b, c, d] = [R[at]!, R[at + 1]!, R[at + n]!, R[at + n + 1]!]
  const [theta, half] = [(a + d) / 2, (a - d) / 2]
  const mu = Math.sqrt(Math.max(-(half * half + b * c), 0))
  const far = Math.hypot(theta, mu)
  const alpha = theta > 0 ? Math.sqrt((far + theta) / 2) : mu / Math.sqrt(2 * (far - theta))
  R[at] = alpha + half / (2 * alpha)
  R[at + 1] = b / (2 * alpha)
  R[at + n] = c / (2 * alpha)
  R[at + n + 1] = alpha - half / (2 * alpha)
}

/**
 * X with R X + X S = C, in the place of C, m x n; R m x m and S n x n quasi-triangular (Bartels and Stewart 1972). Entries are not
 * finite where R and -S have an eigenvalue in common. m n (m + n) flops.
 */
export function* quasiSylvesterSteps(
  _: Kernels,
  R: Float64Array,
  m: number,
  S: Float64Array,
  n: number,
  C: Float64Array,
): Steps<void> {
  const [rows, columns] = [blockStarts(R, m), blockStarts(S, n)]
  for (let b = 0; b + 1 < columns.length; b++) {
    const [j, next] = [columns[b]!, columns[b + 1]!]
    for (let r = 0; r < m; r++)
      for (let c = j; c < next; c++) for (let k = 0; k < j; k++) C[r * n + c]! -= C[r * n + k]! * S[k * n + c]!
    for (let a = rows.length - 2; a >= 0; a--) {
      const [i, below] = [rows[a]!, rows[a + 1]!]
      for (let r = i; r < below; r++)
        for (let c = j; c < next; c++) for (let k = below; k < m; k++) C[r * n + c]! -= R[r * m + k]! * C[k * n + c]!
      solveBlock(R, m, i, below - i, S, n, j, next - j, C, n)
    }
    yield tick
  }
}

/** The block X of C at row i and column j, p x q, from R_ii X + X S_jj = C_ij: a system of 1, 2 or 4 unknowns. */
function solveBlock(
  R: Float64Array,
  m: number,
  i: number,
  p: number,
  S: Float64Array,
  n: number,
  j: number,
  q: number,
  C: Float64Array,
  stride: number,
): void {
  if (p === 1 && q === 1) {
    C[i * stride + j]! /= R[i * m + i]! + S[j * n + j]!
    return
  }
  const size = p * q
  const M = new Float64Array(size * (size + 1)) // unknowns by rows of X, then the right-hand side
  for (let r = 0; r < p; r++)
    for (let c = 0; c < q; c++) {
      const row = (r * q + c) * (size + 1)
      for (let k = 0; k < p; k++) M[row + k * q + c]! += R[(i + r) * m + i + k]!
      for (let k = 0; k < q; k++) M[row + r * q + k]! += S[(j + k) * n + j + c]!
      M[row + size] = C[(i + r) * stride + j + c]!
    }
  eliminate(M, size)
  for (let r = 0; r < p; r++)
    for (let c = 0; c < q; c++) C[(i + r) * stride + j + c] = M[(r * q + c) * (size + 1) + size]!
}

/** Solves a small system by elimination with row exchanges; the solution takes the last column. */
function eliminate(M: Float64Array, size: number): void {
  const width = size + 1
  for (let k = 0; k < size; k++) {
    let best = k
    for (let r = k + 1; r < size; r++) if (Math.abs(M[r * width + k]!) > Math.abs(M[best * width + k]!)) best = r
    for (let c = k; c < width; c++) [M[k * width + c], M[best * width + c]] = [M[best * width + c]!, M[k * width + c]!]
    for (let r = k + 1; r < size; r++) {
      const factor = M[r * width + k]! / M[k * width + k]!
      for (let c = k; c < width; c++) M[r * width + c]! -= factor * M[k * width + c]!
    }
  }
  for (let k = size - 1; k >= 0; k--) {
    for (let c = k + 1; c < size; c++) M[k * width + size]! -= M[k * width + c]! * M[c * width + size]!
    M[k * width + size]! /= M[k * width + k]!
  }
}
