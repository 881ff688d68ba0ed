import Delaunator from 'delaunator'
import { refuse } from '../../core/errors.ts'
import { checkSeed, fillUniform } from '../../core/random.ts'
import type { Csr } from '../csr.ts'
import { checkSize } from '../pattern.ts'
import { type CheckedMesh, checkPoints, interiorOf, type Mesh } from './mesh.ts'
import { checkKeys } from './options.ts'
import { assemble } from './p1.ts'

/** Where random points come from. */
export interface DelaunayOptions {
  /** An integer from 0 to 2^53 - 1; default 0. Of use only where the number of points is given. */
  readonly seed?: number
}

const MAX_POINTS = 1e8 // 4 sqrt(n) boundary points and 6 triangle corners a point still count in 32 bits

/**
 * The Delaunay triangulation of points in the plane.
 *
 * @param points interleaved coordinates: x0, y0, x1, y1, ...
 * @throws KrylovError ERR_SHAPE for an odd number of coordinates, ERR_NOT_FINITE for one that is not finite
 */
export function delaunay(points: ArrayLike<number>): Mesh {
  return triangulate(checkPoints('delaunay', 'points', points))
}

/**
 * Linear finite elements for the Laplacian on a Delaunay triangulation, zero on its boundary: an unstructured problem.
 *
 * @param points interleaved coordinates, of which the hull is eliminated (see `interiorPoints` for the rows); or a
 * number n: then n random points in the unit square are the rows, in random order, and 4 ceil(sqrt(n)) even points on
 * its sides the boundary
 * @returns one row for each point that is not on the boundary
 * @throws KrylovError ERR_SHAPE, ERR_NOT_FINITE for bad points, ERR_OPTION for a bad option
 */
export function delaunayLaplacian(points: number | ArrayLike<number>, options: DelaunayOptions = {}): Csr {
  const method = 'delaunayLaplacian'
  checkKeys(method, options, ['seed'])
  const { seed = 0 } = options
  checkSeed(method, 'option seed', seed)
  if (typeof points !== 'number') {
    const mesh = triangulate(checkPoints(method, 'points', points))
    return assemble(method, mesh, interiorOf(mesh))
  }
  if (checkSize(method, 'points', points) > MAX_POINTS)
    throw refuse('ERR_SHAPE', method, 'points', `at most ${MAX_POINTS}`, points)
  return assemble(
    method,
    triangulate(randomSquare(points, seed)),
    Int32Array.from({ length: points }, (_, i) => i),
  )
}

/** The triangulation of checked points. */
export function triangulate(points: Float64Array): CheckedMesh {
  return { points, triangles: new Int32Array(new Delaunator(points).triangles) }
}

/** n random points, then as many on each side of the unit square as keep the spacing. */
function randomSquare(n: number, seed: number): Float64Array {
  const side = Math.ceil(Math.sqrt(n))
  const points = new Float64Array(2 * (n + 4 * side))
  fillUniform(points.subarray(0, 2 * n), seed)
  let k = 2 * n
  const put = (x: number, y: number): void => {
    points[k++] = x
    points[k++] = y
  }
  for (let s = 0; s < side; s++) {
    const t = s / side
    put(t, 0)
    put(1, t)
    put(1 - t, 1)
    put(0, 1 - t)
  }
  return points
}
