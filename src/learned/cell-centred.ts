import type { Csr } from '../sparse/csr.ts'
import { grid, gridMatrix } from '../sparse/gallery/grid.ts'

/**
 * -div(k grad u) on N^2 or N^3 cells, the unknowns at their centres, not scaled by h: a face has the harmonic mean of its
 * two cells, and half a cell lies between a centre and the boundary, where u is zero. Faces across y count `across`.
 */
export function cellCentred(method: string, dimension: 2 | 3, N: number, k: Float64Array, across = 1): Csr {
  const points = grid(method, N, N, dimension === 3 ? N : 1)
  const { values, diagonal, columnIndices, rowPointers } = points
  const steps = dimension === 3 ? [1, N, N * N] : [1, N]
  for (let i = 0; i < diagonal.length; i++) {
    let sum = 0
    for (const [axis, step] of steps.entries()) {
      const weight = axis === 1 ? across : 1
      const at = Math.floor(i / step) % N
      if (at === 0) sum += 2 * weight * k[i]!
      if (at === N - 1) sum += 2 * weight * k[i]!
    }
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) {
      const j = columnIndices[e]!
      if (j === i) continue
      const weight = Math.abs(j - i) === N && N > 1 ? across : 1
      const low = Math.min(i, j)
      const high = Math.max(i, j)
      const face = weight * ((2 * k[low]! * k[high]!) / (k[low]! + k[high]!))
      values[e] = -face
      sum += face
    }
    values[diagonal[i]!] = sum
  }
  return gridMatrix(points)
}
