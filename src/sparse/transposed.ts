import type { Steps } from '../core/steps.ts'
import { Csr } from './csr.ts'
import type { SparsityPattern } from './pattern.ts'
import { gathered, type Transposition, transposition } from './transpose.ts'

const known = new WeakMap<SparsityPattern, Transposition>()

/** The transposed pattern, found once. */
export function* transpositionOf(pattern: SparsityPattern): Steps<Transposition> {
  const found = known.get(pattern) ?? (yield* transposition(pattern))
  known.set(pattern, found)
  return found
}

/** A^T, whose pattern is shared by all matrices on A's. */
export function* transposed(A: Csr): Steps<Csr> {
  const { pattern, order } = yield* transpositionOf(A.pattern)
  return Csr.from({ pattern, values: yield* gathered(A.values, order) })
}
