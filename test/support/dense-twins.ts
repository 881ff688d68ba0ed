import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { int32 } from '../../src/core/shared.ts'
import { bunchKaufmanSteps } from '../../src/dense/bunch-kaufman.steps.ts'
import { choleskySteps } from '../../src/dense/cholesky.steps.ts'
import { reference } from '../../src/kernels/reference.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { randomVector } from './random.ts'

/** A dense matrix of at most 150 rows: definite with a large `shift`. */
export function square(A: Csr, random: () => number, shift: number): [a: Float64Array, n: number] {
  const n = Math.min(A.rows, 150)
  const a = randomVector(random, n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[j * n + i] = a[i * n + j]! += i === j ? shift : 0
  return [a, n]
}

/** Its factor by the reference, with pivots where it has them, and three right-hand sides. */
export function factored(A: Csr, random: () => number, definite: boolean): unknown[] {
  const [a, n] = square(A, random, definite ? 2 * A.rows : 0)
  const pivots = int32(n)
  runSync<unknown>(
    definite ? choleskySteps(reference, a, n) : bunchKaufmanSteps(reference, a, n, pivots),
    makeControl('test', {}),
  )
  return [a, n, ...(definite ? [] : [pivots]), randomVector(random, 3 * n), 3]
}
