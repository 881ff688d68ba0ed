import { bind, run } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import { type SparsityPattern, trust } from './pattern.ts'
import { type UpperTriangle, upperTriangleSteps } from './upper.steps.ts'

const upperTriangle = bind('upperTriangle', upperTriangleSteps)

const known = new WeakMap<SparsityPattern, Map<number, UpperTriangle>>()

/**
 * The strictly upper triangle of a pattern, cut into diagonal blocks: found once per pattern and number of blocks,
 * shared by all its matrices.
 */
export function* upperTriangleOf(pattern: SparsityPattern, blocks: number): Steps<UpperTriangle> {
  let triangles = known.get(pattern)
  if (triangles === undefined) {
    triangles = new Map()
    known.set(pattern, triangles)
  }
  const found = triangles.get(blocks)
  if (found !== undefined) return found
  const triangle = yield* run(upperTriangle, pattern, blocks)
  trust(triangle.pattern)
  triangles.set(blocks, triangle)
  return triangle
}
