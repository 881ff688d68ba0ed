import type { Csr } from '../csr.ts'
import { ninePointMatrix } from './nine-point.ts'

/**
 * Bilinear finite elements for the Laplacian on square cells around nx x ny interior points, zero on the boundary:
 * 8/3 on the diagonal, -1/3 for each of the eight neighbours. Symmetric positive definite for any size.
 *
 * @returns nx ny rows, point (x, y) in row y nx + x
 * @throws KrylovError ERR_SHAPE for a bad size, or more than 2^31 - 1 rows or non-zeros
 */
export function q1Laplacian2d(nx: number, ny: number = nx): Csr {
  const third = -1 / 3
  return ninePointMatrix('q1Laplacian2d', nx, ny, {
    center: 8 / 3,
    east: third,
    north: third,
    northEast: third,
    northWest: third,
  })
}
