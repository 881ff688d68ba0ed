import type { Csr } from '../csr.ts'
import { grid, gridMatrix } from './grid.ts'

/**
 * The 5-point Laplacian on nx x ny interior points of a rectangle, zero on the boundary, not scaled by h^2: 4 on the
 * diagonal, -1 for each neighbour. Point (x, y) is row y nx + x. Symmetric positive definite for any size.
 *
 * @returns nx ny rows; none where a size is 0
 * @throws KrylovError ERR_SHAPE for a bad size, or more than 2^31 - 1 rows or non-zeros
 */
export function poisson2d(nx: number, ny: number = nx): Csr {
  return constant('poisson2d', nx, ny, 1, 4)
}

/**
 * The 7-point Laplacian on nx x ny x nz interior points of a box, zero on the boundary, not scaled by h^2: 6 on the
 * diagonal, -1 for each neighbour. Point (x, y, z) is row (z ny + y) nx + x. Symmetric positive definite for any size.
 *
 * @returns nx ny nz rows; none where a size is 0
 * @throws KrylovError ERR_SHAPE for a bad size, or more than 2^31 - 1 rows or non-zeros
 */
export function poisson3d(nx: number, ny: number = nx, nz: number = nx): Csr {
  return constant('poisson3d', nx, ny, nz, 6)
}

function constant(method: string, nx: number, ny: number, nz: number, center: number): Csr {
  const points = grid(method, nx, ny, nz)
  const { values, diagonal } = points
  values.fill(-1)
  for (let i = 0; i < diagonal.length; i++) values[diagonal[i]!] = center
  return gridMatrix(points)
}
