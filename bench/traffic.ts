/*
 * Bytes that a method has to move per iteration: 8 for a double, 4 for an index, write-allocate not counted.
 */

/** The matrix in compressed rows. */
export const matrixBytes = (n: number, nnz: number): number => 12 * nnz + 4 * (n + 1)

/** y = A x, of a matrix that takes so many bytes in the plan in use. */
export const spmvBytes = (n: number, matrix: number): number => matrix + 16 * n

/**
 * Two passes: [q = A p, p.q, q.q], [x += alpha p, r -= alpha q, p = r + beta p, r.r]; a diagonal preconditioner is read
 * in both.
 */
export const cgBytes = (n: number, matrix: number): number => matrix + 72 * n

/** Three sweeps with any other preconditioner: [p = z + beta p], [q = A p, p.q], [x += alpha p, r -= alpha q, r.r]. */
export const preconditionedCgBytes = (n: number, matrix: number): number => matrix + 88 * n

/** Strict upper triangle of a symmetric pattern with a full diagonal. */
const triangle = (n: number, nnz: number): number => (nnz - n) / 2

/** Both triangular solves of a factor kept as one triangle and the inverted diagonal. */
export const factorBytes = (n: number, nnz: number): number =>
  2 * (matrixBytes(n, triangle(n, nnz)) + 8 * n) + 16 * n + 16 * n

/** The same for a factor kept by its diagonals. */
export const diagonalFactorBytes = (n: number, nnz: number): number => 16 * triangle(n, nnz) + 40 * n

/** SSOR-CG in Eisenstat's form by diagonals: two solves, the direction, and the advance with its residual. */
export const eisenstatBytes = (n: number, nnz: number): number => 16 * triangle(n, nnz) + 136 * n

/** What a preconditioner adds to an iteration: its application, and the product r.z. */
export const preconditionerBytes = (preconditioner: string, n: number, nnz: number): number => {
  switch (preconditioner) {
    case 'none':
      return 0
    case 'jacobi':
      return 16 * n
    default:
      return factorBytes(n, nnz) + 16 * n
  }
}
