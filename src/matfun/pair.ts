import { refuse } from '../core/errors.ts'
import type { Call } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { checkDense } from '../dense/own.ts'
import { symmetricCopy } from '../dense/symmetric.ts'

/** Two symmetric matrices of one order, copied. */
export interface Pair {
  readonly A: Float64Array
  readonly B: Float64Array
  readonly n: number
}

/** Checks two symmetric matrices of one order. */
export function* checkPair({ name }: Call, givenA: Dense, givenB: Dense): Steps<Pair> {
  const [a, b] = [checkDense(name, 'A', givenA), checkDense(name, 'B', givenB)]
  if (a.rows !== b.rows || a.columns !== b.columns)
    throw refuse('ERR_SHAPE', name, 'B', `${a.rows} x ${a.columns}, as A`, `${b.rows} x ${b.columns}`)
  return { A: yield* symmetricCopy(name, a), B: yield* symmetricCopy(name, b), n: a.rows }
}
