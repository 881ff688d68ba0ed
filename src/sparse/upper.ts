import { bind, run } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import { type SparsityPattern, trust } from './pattern.ts'
import { type UpperTriangle, upperTriangleSteps } from './upper.steps.ts'

const upperTriangle = bind('upperTriangle', upperTriangleSteps)

const known = new WeakMap<SparsityPattern, UpperTriangle>()

/** The strictly upper triangle of a pattern: found once per pattern, shared by all its matrices. */
export function* upperTriangleOf(pattern: SparsityPattern): Steps<UpperTriangle> {
  const found = known.get(pattern)
  if (found !== undefined) return found
  const triangle = yield* run(upperTriangle, pattern)
  trust(triangle.pattern)
  known.set(pattern, triangle)
  return triangle
}
