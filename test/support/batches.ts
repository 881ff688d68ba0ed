import type { Dense } from '../../src/index.ts'
import { dense } from '../../src/index.ts'
import { generator, randomVector } from './random.ts'
import { withEigenvalues } from './spectra.ts'

/* Batches of symmetric matrices for the tests of functions of matrices. */

/** From 1 down to 1 / kappa, by equal factors. */
export const logSpaced = (n: number, kappa: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => kappa ** (-i / Math.max(n - 1, 1)))

/** A matrix, symmetric to the bit. */
export function symmetricPart({ rows, columns, values }: Dense): Dense {
  const at = (i: number, j: number) => values[i * columns + j]!
  return dense(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, (_, k) => {
      const [i, j] = [Math.floor(k / columns), k % columns]
      return 0.5 * at(i, j) + 0.5 * at(j, i)
    }),
  )
}

/** A positive definite matrix with eigenvalues from 1 to 1 / kappa. */
export const definite = (n: number, kappa: number, seed = 1): Dense =>
  symmetricPart(withEigenvalues(logSpaced(n, kappa), seed))

export const randomSymmetric = (n: number, seed: number): Dense =>
  symmetricPart(dense(n, n, randomVector(generator(seed), n * n)))

/** Matrices one below the other. */
export const stack = (...matrices: readonly Dense[]): Dense =>
  dense(
    matrices.reduce((sum, { rows }) => sum + rows, 0),
    matrices[0]!.columns,
    matrices.flatMap(({ values }) => Array.from(values)),
  )

/** tr(A^T B) */
export const inner = (A: Dense, B: Dense): number => A.values.reduce((sum, a, at) => sum + a * B.values[at]!, 0)
