import { normal } from '../../src/core/random.ts'
import type { ProblemTag } from '../../src/methods.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { convectionDiffusion2d } from '../../src/sparse/gallery/convection.ts'
import { delaunayLaplacian } from '../../src/sparse/gallery/delaunay.ts'
import { diffusion2d, diffusion3d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d, poisson3d } from '../../src/sparse/gallery/poisson.ts'
import { q1Laplacian2d } from '../../src/sparse/gallery/q1.ts'
import { randomGraphLaplacian } from '../../src/sparse/gallery/random-graph.ts'

/** A problem of the gallery, with what is known of its matrix. */
export interface Problem {
  readonly name: string
  readonly tag: ProblemTag
  readonly A: Csr
  readonly b: Float64Array
}

const withRandomRhs = (name: string, tag: ProblemTag, A: Csr): Problem => ({ name, tag, A, b: normal(7, A.rows) })

/** Consistent: b = A y. */
function consistent(name: string, A: Csr): Problem {
  const y = normal(8, A.rows)
  return { name, tag: 'semidefinite', A, b: densely(A, y) }
}

/** A x by the plainest loop there is. */
export function densely(A: Csr, x: Float64Array): Float64Array {
  const { rowPointers, columnIndices } = A.pattern
  return Float64Array.from({ length: A.rows }, (_, i) => {
    let sum = 0
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) sum += A.values[k]! * x[columnIndices[k]!]!
    return sum
  })
}

export const norm = (x: Float64Array): number => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0))

/** ||b - A x|| / ||b||, recomputed: never what a solver reports. */
export function trueRelativeResidual(A: Csr, x: Float64Array, b: Float64Array): number {
  const Ax = densely(A, x)
  return norm(b.map((value, i) => value - Ax[i]!)) / norm(b)
}

/** The Laplacian shifted into the middle of its spectrum: as many negative eigenvalues as positive ones, nearly. */
function shifted(A: Csr, shift: number): Csr {
  const { rowPointers, columnIndices } = A.pattern
  const values = A.values.slice()
  for (let i = 0; i < A.rows; i++)
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) if (columnIndices[k] === i) values[k]! -= shift
  return A.withValues(values)
}

export const gallery: readonly Problem[] = [
  withRandomRhs('poisson 2D', 'spd', poisson2d(24, 17)),
  withRandomRhs('poisson 3D', 'spd', poisson3d(8)),
  withRandomRhs('Q1 elements', 'spd', q1Laplacian2d(19)),
  withRandomRhs('P1 elements', 'spd', delaunayLaplacian(400, { seed: 3 })),
  withRandomRhs('diffusion 2D', 'spd', diffusion2d(20, { variance: 1, seed: 4 })),
  withRandomRhs('diffusion 3D', 'spd', diffusion3d(7, { contrast: 100, seed: 5 })),
  withRandomRhs('1 x 1', 'spd', Csr.fromTriplets(1, 1, [0], [0], [3])),
  withRandomRhs('diagonal', 'spd', Csr.fromTriplets(5, 5, [0, 1, 2, 3, 4], [0, 1, 2, 3, 4], [1, 10, 100, 1e3, 1e4])),
  consistent('graph Laplacian', randomGraphLaplacian(300, { degree: 4, seed: 6 })),
  withRandomRhs('shifted Laplacian', 'indefinite', shifted(poisson2d(15), 1.7)),
  withRandomRhs('convection', 'nonsymmetric', convectionDiffusion2d(17, { diffusion: 0.02, angle: 0.6 })),
]
