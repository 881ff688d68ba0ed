import { setThreads } from '../../src/core/backend.ts'
import { normal } from '../../src/core/random.ts'
import { float64 } from '../../src/core/shared.ts'
import { gemmSync } from '../../src/dense/gemm.ts'
import { qrSync } from '../../src/dense/qr.ts'
import type { Dense } from '../../src/index.ts'
import { expmSync } from '../../src/matfun/expm.ts'
import { frechetDistanceSync } from '../../src/matfun/frechet.ts'
import { logmSync } from '../../src/matfun/logm.ts'
import type { RootMethod } from '../../src/matfun/roots.ts'
import { sqrtmSync } from '../../src/matfun/sqrtm.ts'
import { serve } from './serve.ts'

/*
 * krylov as a contender on square roots and their gradients: `method n,count,kappa` lines, times of one matrix, the first part of
 * them, the root itself, as set-up. A method is that of the root, with `+8` or `+lyapunov` the published backward pass after it,
 * and with `?` alone: no gradient.
 */

setThreads(Number(process.env.KRYLOV_THREADS ?? 1))

interface Made {
  readonly A: Dense
  readonly G: Dense
}

const dense = (rows: number, columns: number, values: Float64Array): Dense => ({ rows, columns, values })

function symmetrised(M: Float64Array, n: number, out: Float64Array): void {
  for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) out[r * n + c] = (M[r * n + c]! + M[c * n + r]!) / 2
}

/** Matrices with eigenvalues from 1 to 1 / kappa by equal factors, and cotangents. */
function make(n: number, count: number, kappa: number): Made {
  const [A, G] = [float64(count * n * n), float64(count * n * n)]
  for (let i = 0; i < count; i++) {
    const { q } = qrSync(dense(n, n, normal(2 * i, n * n)))
    const W = dense(
      n,
      n,
      q.values.map((x, at) => x * kappa ** (-(at % n) / Math.max(n - 1, 1))),
    )
    symmetrised(gemmSync(W, q, { transposeB: true }).values, n, A.subarray(i * n * n, (i + 1) * n * n))
    symmetrised(normal(2 * i + 1, n * n), n, G.subarray(i * n * n, (i + 1) * n * n))
  }
  return { A: dense(count * n, n, A), G: dense(count * n, n, G) }
}

/** 2 I + G / (2 sqrt(n)), the upper triangle of G doubled: eigenvalues to the right of the imaginary axis. */
const slanted = (G: Float64Array, n: number): Float64Array =>
  G.map((g, at) => {
    const [r, c] = [Math.floor(at / n) % n, at % n]
    return (r === c ? 2 : 0) + ((r < c ? 2 : 1) * g) / (2 * Math.sqrt(n))
  })

const general = { sqrtm: sqrtmSync, logm: logmSync, expm: expmSync }
const isGeneral = (method: string): method is keyof typeof general => Object.hasOwn(general, method)

let made: { readonly shape: string; readonly made: Made } | undefined
let samples: { readonly shape: string; readonly made: readonly [Dense, Dense] } | undefined

function frechet(shape: string): number {
  if (samples?.shape !== shape) {
    const [N = 0, d = 0] = shape.split(',').map(Number)
    const mix = dense(
      d,
      d,
      normal(1, d * d).map(x => x / Math.sqrt(d)),
    )
    const of = (seed: number) => gemmSync(dense(N, d, normal(seed, N * d)), mix)
    samples = { shape, made: [of(2), of(3)] }
  }
  const begun = performance.now()
  frechetDistanceSync(...samples.made)
  return performance.now() - begun
}

await serve('krylov', ({ method: line, preconditioner: shape, count: calls }) => {
  if (line === 'frechet') return { setup: 0, solve: frechet(shape), iterations: 1, relativeResidual: 0 }
  const [n = 0, count = 0, kappa = 0] = shape.split(',').map(Number)
  if (made?.shape !== shape) made = { shape, made: make(n, count, kappa) }
  const { A, G } = made.made
  if (isGeneral(line)) {
    const M = dense(count * n, n, slanted(G.values, n))
    const begun = performance.now()
    for (let k = 0; k < calls; k++) general[line](M, { count, structure: 'general' })
    return { setup: 0, solve: (performance.now() - begun) / calls / count, iterations: calls, relativeResidual: 0 }
  }
  const [name, backward] = line.replace('?', '').split('+')
  const options = {
    count,
    method: name as RootMethod,
    gradient: !line.endsWith('?'),
    ...(backward !== undefined && { backward: 'lyapunov' as const }),
    ...(backward === '8' && { backwardSteps: 8 }),
  }
  let [setup, solve] = [0, 0]
  for (let k = 0; k < calls; k++) {
    const begun = performance.now()
    const { pullback } = sqrtmSync(A, options)
    setup += performance.now() - begun
    if (options.gradient) pullback(G)
    solve += performance.now() - begun
  }
  return { setup: setup / calls / count, solve: solve / calls / count, iterations: calls, relativeResidual: 0 }
})
