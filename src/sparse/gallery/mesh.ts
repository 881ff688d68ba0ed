import { refuse } from '../../core/errors.ts'
import { checkFinite, checkVector } from '../../core/vector.ts'
import { checkIndexArray } from '../pattern.ts'

/** A triangulation of a plane domain. */
export interface Mesh {
  /** Point i is (points[2i], points[2i + 1]). */
  readonly points: ArrayLike<number>
  /** Triangle t has the points triangles[3t], triangles[3t + 1], triangles[3t + 2], in either direction. */
  readonly triangles: ArrayLike<number>
}

/** The points of a mesh that are in a triangle and on no edge of the boundary, in ascending order. */
export function interiorPoints(mesh: Mesh): Int32Array {
  return interiorOf(checkMesh('interiorPoints', mesh))
}

/** A mesh whose arrays have been checked. */
export interface CheckedMesh {
  readonly points: Float64Array
  readonly triangles: ArrayLike<number>
}

export function checkMesh(method: string, mesh: Mesh): CheckedMesh {
  if (typeof mesh !== 'object' || mesh === null)
    throw refuse('ERR_TYPE', method, 'mesh', 'an object with points and triangles', mesh)
  const triangles = checkIndexArray(method, 'mesh.triangles', mesh.triangles)
  if (triangles.length % 3 !== 0)
    throw refuse('ERR_SHAPE', method, 'mesh.triangles', 'a multiple of 3 long', triangles.length)
  const points = checkPoints(method, 'mesh.points', mesh.points)
  const n = points.length / 2
  for (let k = 0; k < triangles.length; k++)
    if (!(triangles[k]! >= 0 && triangles[k]! < n))
      throw refuse('ERR_INDEX', method, `mesh.triangles[${k}]`, `from 0 to ${n - 1}`, triangles[k])
  return { points, triangles }
}

/** Checks interleaved coordinates: finite, an even number of them. */
export function checkPoints(method: string, argument: string, points: ArrayLike<number>): Float64Array {
  const list = checkVector(method, argument, points, points?.length)
  if (list.length % 2 !== 0) throw refuse('ERR_SHAPE', method, argument, 'of even length', list.length)
  checkFinite(method, argument, list)
  return list
}

export function interiorOf({ points, triangles }: CheckedMesh): Int32Array {
  const n = points.length / 2
  const inside = new Uint8Array(n)
  for (let k = 0; k < triangles.length; k++) inside[triangles[k]!] = 1
  clearBoundary(n, triangles, inside)
  return Int32Array.from({ length: n }, (_, i) => i).filter(i => inside[i] === 1)
}

/** An edge of one triangle only is on the boundary. Edges are met from their lower end, so each end needs one mark. */
function clearBoundary(n: number, triangles: ArrayLike<number>, inside: Uint8Array): void {
  const pointers = new Int32Array(n + 1)
  eachEdge(triangles, low => pointers[low + 1]!++)
  for (let i = 0; i < n; i++) pointers[i + 1]! += pointers[i]!
  const next = pointers.slice(0, n)
  const upper = new Int32Array(triangles.length)
  eachEdge(triangles, (low, high) => {
    upper[next[low]!++] = high
  })
  const met = new Int32Array(n)
  for (let low = 0; low < n; low++) {
    for (let k = pointers[low]!; k < pointers[low + 1]!; k++) met[upper[k]!]!++
    for (let k = pointers[low]!; k < pointers[low + 1]!; k++)
      if (met[upper[k]!] === 1) inside[low] = inside[upper[k]!] = 0
    for (let k = pointers[low]!; k < pointers[low + 1]!; k++) met[upper[k]!] = 0
  }
}

function eachEdge(triangles: ArrayLike<number>, visit: (low: number, high: number) => void): void {
  for (let t = 0; t < triangles.length; t += 3)
    for (let e = 0; e < 3; e++) {
      const a = triangles[t + e]!
      const b = triangles[t + ((e + 1) % 3)]!
      visit(Math.min(a, b), Math.max(a, b))
    }
}
