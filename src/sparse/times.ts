import { bind, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import type { Csr } from './csr.ts'
import { sparseTimesSteps } from './times.steps.ts'

const into = bind('sparseTimes', sparseTimesSteps)

/** A X, dense. */
export function* sparseTimes(A: Csr, X: Dense): Steps<Dense> {
  const values = float64(A.rows * X.columns)
  if (values.length > 0) yield* run(into, A, X.values, values, X.columns)
  return { rows: A.rows, columns: X.columns, values }
}
