import { float64, int32 } from '../../core/shared.ts'
import { Csr } from '../csr.ts'
import { checkSize } from '../pattern.ts'
import { checkCounts } from './options.ts'

/** Stored entries of a 3-point (one axis), 5-point (two) or 7-point (three) stencil, before any value is known. */
export interface Grid {
  readonly rowPointers: Int32Array
  readonly columnIndices: Int32Array
  /** Zeroed; neighbours in -z, -y, -x order come before the diagonal, +x, +y, +z after. */
  readonly values: Float64Array
  /** Position of each diagonal entry in `values`. */
  readonly diagonal: Int32Array
}

/**
 * The nearest-neighbour pattern of an nx x ny x nz grid, x fastest; nz = 1 gives a plane.
 *
 * @throws KrylovError ERR_SHAPE for a bad size, or more than 2^31 - 1 rows or non-zeros
 */
export function grid(method: string, nx: number, ny: number, nz: number): Grid {
  checkSize(method, 'nx', nx)
  checkSize(method, 'ny', ny)
  checkSize(method, 'nz', nz)
  const rows = nx * ny * nz
  const count = rows === 0 ? 0 : 7 * rows - 2 * (ny * nz + nx * nz + nx * ny)
  checkCounts(method, rows, count)
  const rowPointers = int32(rows + 1)
  const columnIndices = int32(count)
  const diagonal = new Int32Array(rows)
  const plane = nx * ny
  let i = 0
  let k = 0
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++) {
        if (z > 0) columnIndices[k++] = i - plane
        if (y > 0) columnIndices[k++] = i - nx
        if (x > 0) columnIndices[k++] = i - 1
        diagonal[i] = k
        columnIndices[k++] = i
        if (x < nx - 1) columnIndices[k++] = i + 1
        if (y < ny - 1) columnIndices[k++] = i + nx
        if (z < nz - 1) columnIndices[k++] = i + plane
        rowPointers[++i] = k
      }
  return { rowPointers, columnIndices, values: float64(count), diagonal }
}

/** The matrix of a filled grid, symmetric unless said. */
export function gridMatrix({ rowPointers, columnIndices, values }: Grid, symmetric: 'yes' | 'no' = 'yes'): Csr {
  const n = rowPointers.length - 1
  return Csr.fromArrays(n, n, rowPointers, columnIndices, values, { symmetric })
}
