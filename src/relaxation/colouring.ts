import { bind, run } from '../core/method.ts'
import { int32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { SparsityPattern } from '../sparse/pattern.ts'
import { type Colouring, colouringSteps } from './colouring.steps.ts'

const colouring = bind('colouring', colouringSteps)

const known = new WeakMap<SparsityPattern, Colouring>()

/** The colouring of a symmetric pattern, found once. */
export function* colouringOf(pattern: SparsityPattern): Steps<Colouring> {
  const found = known.get(pattern)
  if (found !== undefined) return found
  const made = yield* run(colouring, pattern)
  known.set(pattern, made)
  return made
}

const none = int32(0)

/** No colours: rows in their own order. */
export const uncoloured: Colouring = { order: none, starts: int32(1), offsets: int32(1), columns: none, source: none }
