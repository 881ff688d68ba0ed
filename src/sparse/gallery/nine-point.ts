import { float64, int32 } from '../../core/shared.ts'
import { Csr } from '../csr.ts'
import { checkSize } from '../pattern.ts'
import { checkCounts } from './options.ts'

/** The weights of a 9-point stencil that is its own mirror image through the centre. */
export interface NinePoint {
  readonly center: number
  readonly east: number
  readonly north: number
  readonly northEast: number
  readonly northWest: number
}

/** The matrix of a constant 9-point stencil on an nx x ny grid, x fastest, zero outside. */
export function ninePointMatrix(method: string, nx: number, ny: number, stencil: NinePoint): Csr {
  checkSize(method, 'nx', nx)
  checkSize(method, 'ny', ny)
  const rows = nx * ny
  const count = rows === 0 ? 0 : (3 * nx - 2) * (3 * ny - 2)
  checkCounts(method, rows, count)
  const rowPointers = int32(rows + 1)
  const columnIndices = int32(count)
  const values = float64(count)
  const { center, east, north, northEast, northWest } = stencil
  let i = 0
  let k = 0
  const three = (column: number, x: number, west: number, middle: number, right: number): void => {
    if (x > 0) {
      columnIndices[k] = column - 1
      values[k++] = west
    }
    columnIndices[k] = column
    values[k++] = middle
    if (x < nx - 1) {
      columnIndices[k] = column + 1
      values[k++] = right
    }
  }
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++) {
      if (y > 0) three(i - nx, x, northEast, north, northWest)
      three(i, x, east, center, east)
      if (y < ny - 1) three(i + nx, x, northWest, north, northEast)
      rowPointers[++i] = k
    }
  return Csr.fromArrays(rows, rows, rowPointers, columnIndices, values, { symmetric: 'yes' })
}
