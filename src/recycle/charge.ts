import { applyBytes } from '../precondition/apply-bytes.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import { isOperator, type LinearOperator } from '../sparse/operator.steps.ts'

/** What a solve did. */
interface Work {
  readonly operator: number
  readonly preconditioner: number
  /** Vectors read or written besides. */
  readonly moved: number
  /** Those of them that only serve the next system. */
  readonly renewal: number
}

const UNKNOWN = 300 // bytes a row that a user's function is taken to move: 23 entries

/** Bytes that a solve moved, counted, and those for the next system's sake. */
export interface Charge {
  readonly bytes: number
  readonly ahead: number
}

/** What a solve of n unknowns cost: products, preconditioner and vectors. */
export function charged(A: LinearOperator, M: AnyPreconditioner, n: number, work: Work): Charge {
  const product = isOperator(A) ? UNKNOWN * n : 12 * A.values.length + 20 * n
  const apply = typeof M === 'function' ? UNKNOWN * n : applyBytes(M)
  const bytes = work.operator * product + work.preconditioner * apply + 8 * n * work.moved
  return { bytes, ahead: 8 * n * work.renewal }
}
