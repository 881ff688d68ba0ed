import { setThreads } from '../../src/core/backend.ts'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { run } from '../../src/core/method.ts'
import { fillUniform } from '../../src/core/random.ts'
import { float64 } from '../../src/core/shared.ts'
import { type Dense, dense } from '../../src/dense/dense.ts'
import { gemmSync } from '../../src/dense/gemm.ts'
import { normalPass } from '../../src/dense/normal-pass.ts'
import { lstsqSync } from '../../src/lstsq/lstsq.ts'
import type { Timing } from '../contender.ts'
import { serve } from './serve.ts'

/* krylov as a contender on least squares: the same family of problems as its rivals', by rows. */

const threads = Number(process.env.KRYLOV_THREADS ?? 1)
setThreads(threads)

interface Problem {
  readonly A: Dense
  readonly b: Float64Array
}

const matrix = (m: number, n: number, seed: number, scale: (j: number) => number): Dense => {
  const values = float64(m * n)
  fillUniform(values, seed)
  for (let at = 0; at < values.length; at++) values[at] = (values[at]! - 0.5) * Math.sqrt(12) * scale(at % n)
  return { rows: m, columns: n, values }
}

function problemOf(m: number, n: number, kappa: number): Problem {
  const G = matrix(m, n, 1, j => kappa ** (-j / (n - 1)) / Math.sqrt(m))
  const A = gemmSync(
    G,
    matrix(n, n, 2, () => 1 / Math.sqrt(n)),
  )
  const b = gemmSync(A, dense(n, 1, new Array<number>(n).fill(1))).values
  const noise = matrix(m, 1, 3, () => 1e-3 / Math.sqrt(m)).values
  for (let i = 0; i < m; i++) b[i]! += noise[i]!
  return { A, b }
}

let made: { readonly key: string; readonly problem: Problem } | undefined

function passes({ A: { rows: m, columns: n, values }, b }: Problem, count: number): Timing {
  const [x, w, y] = [float64(n), float64(m), float64(n)]
  const begun = performance.now()
  for (let k = 0; k < count; k++) runSync(run(normalPass, values, n, x, b, w, y), makeControl('bench', { threads }))
  return { setup: 0, solve: performance.now() - begun, iterations: count, relativeResidual: 0 }
}

await serve('krylov', ({ method, preconditioner, rtol, count }) => {
  const key = `${preconditioner} ${rtol}`
  const [m = 0, n = 0] = preconditioner.split(',').map(Number)
  if (made?.key !== key) {
    made = undefined
    made = { key, problem: problemOf(m, n, rtol) }
  }
  const { problem } = made
  if (method === 'pass') return passes(problem, count)
  const begun = performance.now()
  const found = lstsqSync(problem.A, problem.b)
  const solve = performance.now() - begun
  console.error(`  ${found.method}, ${found.passes} passes, backward error ${found.backwardError.toExponential(1)}`)
  return { setup: 0, solve, iterations: found.passes, relativeResidual: found.backwardError }
})
