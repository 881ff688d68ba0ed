import { setThreads } from '../../src/core/backend.ts'
import { fillNormal } from '../../src/core/random.ts'
import { float64 } from '../../src/core/shared.ts'
import { choleskySync } from '../../src/dense/cholesky.ts'
import { eighSync } from '../../src/dense/eigh.ts'
import { gemmSync } from '../../src/dense/gemm.ts'
import { qrSync } from '../../src/dense/qr.ts'
import { svdSync } from '../../src/dense/svd.ts'
import type { Dense } from '../../src/index.ts'
import { qrcpSync } from '../../src/lowrank/qrcp.ts'
import { lu } from '../../src/precondition/lu.ts'
import { serve } from './serve.ts'

/* krylov as a contender on dense matrices: `method`, or `method into` with preallocated output, and `m,n`. */

setThreads(Number(process.env.KRYLOV_THREADS ?? 1))

interface Made {
  readonly A: Dense
  /** Symmetric positive definite, where A is square. */
  readonly S: Dense
  readonly into: readonly [Dense, Dense]
}

function make(m: number, n: number): Made {
  const A = { rows: m, columns: n, values: float64(m * n) }
  fillNormal(A.values, 1)
  const square = (): Dense => ({ rows: n, columns: n, values: float64(n * n) })
  const S = square()
  if (m === n)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        S.values[i * n + j] = (A.values[i * n + j]! + A.values[j * n + i]!) / 2 + (i === j ? 4 * n : 0)
  return { A, S, into: [{ rows: m, columns: n, values: float64(m * n) }, square()] }
}

const methods: Readonly<Record<string, (made: Made) => unknown>> = {
  gemm: ({ A, S }) => gemmSync(A, S),
  'gemm-into': ({ A, S, into: [out] }) => gemmSync(A, S, { out }),
  cholesky: ({ S }) => choleskySync(S),
  'cholesky-into': ({ S, into: [out] }) => choleskySync(S, { out, check: false }),
  eigh: ({ S }) => eighSync(S),
  'eigh-into': ({ S, into: [out] }) => eighSync(S, { out, check: false }),
  qr: ({ A }) => qrSync(A),
  'qr-into': ({ A, into: [q, r] }) => qrSync(A, { out: { q, r }, check: false }),
  svd: ({ A }) => svdSync(A),
  'svd-into': ({ A, into: [u, v] }) => svdSync(A, { out: { u, v }, check: false }),
  lu: ({ A }) => lu.sync(A),
  'lu-into': ({ A, into: [out] }) => lu.sync(A, { out, check: false }),
  'qrcp-q': ({ A }) => qrcpSync(A),
  qrcp: ({ A }) => qrcpSync(A, { vectors: false }),
  'qrcp-walk-q': ({ A }) => qrcpSync(walked(A)),
  'qrcp-walk': ({ A }) => qrcpSync(walked(A), { vectors: false }),
}

const walks = new WeakMap<Dense, Dense>()

/** Columns that are sums of those before: a condition of about n. */
function walked(A: Dense): Dense {
  const found = walks.get(A)
  if (found) return found
  const values = float64(A.values.length)
  for (let i = 0, at = 0; i < A.rows; i++)
    for (let j = 0, sum = 0; j < A.columns; j++, at++) values[at] = sum += A.values[at]!
  const walk = { ...A, values }
  walks.set(A, walk)
  return walk
}

let made: { readonly shape: string; readonly made: Made } | undefined

await serve('krylov', ({ method, preconditioner: shape, count }) => {
  if (made?.shape !== shape) {
    const [m = 0, n = m] = shape.split(',').map(Number)
    made = { shape, made: make(m, n) }
  }
  const call = methods[method]!
  const begun = performance.now()
  for (let k = 0; k < count; k++) call(made.made)
  return { setup: 0, solve: performance.now() - begun, iterations: count, relativeResidual: 0 }
})
