import { refuse } from '../../core/errors.ts'
import { Csr } from '../csr.ts'
import { type CheckedMesh, checkMesh, interiorOf, type Mesh } from './mesh.ts'
import { checkCounts } from './options.ts'

/**
 * Linear finite elements for the Laplacian on a triangulation, zero on the boundary: entry (i, j) is the integral of
 * grad phi_i . grad phi_j. Boundary points are eliminated. Symmetric to the bit, positive definite; no positive entry
 * off the diagonal where the triangulation is Delaunay.
 *
 * @returns one row for each of `interiorPoints(mesh)`, in that order
 * @throws KrylovError ERR_SHAPE, ERR_INDEX, ERR_NOT_FINITE for a bad mesh, ERR_SHAPE for a triangle without area
 */
export function p1Laplacian(mesh: Mesh): Csr {
  const checked = checkMesh('p1Laplacian', mesh)
  return assemble('p1Laplacian', checked, interiorOf(checked))
}

/** What a triangle, by the place of its first corner in the list, adds. */
export interface Elements {
  /** Its coefficient of the integrals of grad phi_i . grad phi_j. */
  readonly stiffness: (triangle: number) => number
  /** Of the integrals of phi_i phi_j. */
  readonly mass: number
}

const laplacian: Elements = { stiffness: () => 1, mass: 0 }

/** The matrix of a checked mesh on the points `unknowns`, all others being zero. */
export function assemble(
  method: string,
  { points, triangles }: CheckedMesh,
  unknowns: Int32Array,
  { stiffness, mass }: Elements = laplacian,
): Csr {
  checkCounts(method, unknowns.length, triangles.length * 3)
  const row = new Int32Array(points.length / 2).fill(-1)
  for (let i = 0; i < unknowns.length; i++) row[unknowns[i]!] = i
  const i = new Int32Array(triangles.length * 3)
  const j = new Int32Array(triangles.length * 3)
  const a = new Float64Array(triangles.length * 3)
  const edgeX = new Float64Array(3)
  const edgeY = new Float64Array(3)
  let count = 0
  for (let t = 0; t < triangles.length; t += 3) {
    // the gradient of phi at a corner is the opposite edge, turned and over twice the area
    for (let corner = 0; corner < 3; corner++) {
      const p = triangles[t + ((corner + 1) % 3)]!
      const q = triangles[t + ((corner + 2) % 3)]!
      edgeX[corner] = points[2 * q]! - points[2 * p]!
      edgeY[corner] = points[2 * q + 1]! - points[2 * p + 1]!
    }
    const twiceArea = Math.abs(edgeX[0]! * edgeY[1]! - edgeX[1]! * edgeY[0]!)
    if (!(twiceArea > 0)) throw refuse('ERR_SHAPE', method, `the area of triangle ${t / 3}`, 'positive', twiceArea / 2)
    const k = stiffness(t)
    for (let c = 0; c < 3; c++)
      for (let d = 0; d < 3; d++) {
        i[count] = row[triangles[t + c]!]!
        j[count] = row[triangles[t + d]!]!
        a[count] = (k * (edgeX[c]! * edgeX[d]! + edgeY[c]! * edgeY[d]!)) / (2 * twiceArea)
        if (mass > 0) a[count]! += (mass * twiceArea * (c === d ? 2 : 1)) / 24
        if (i[count]! >= 0 && j[count]! >= 0) count++
      }
  }
  const n = unknowns.length
  const used = [i.subarray(0, count), j.subarray(0, count), a.subarray(0, count)] as const
  return Csr.fromTriplets(n, n, ...used, { symmetric: 'yes' }) // duplicates are summed in order: (i, j) as (j, i)
}
