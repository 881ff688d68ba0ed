/*
 * A Poisson problem with progress, a time budget and an abort: what a server or a user interface does with a solve.
 *
 * npx tsx examples/poisson.ts
 */
import { cg, poisson2d, ric0 } from 'krylov'

const A = poisson2d(200)
const b = new Float64Array(A.rows).fill(1)

const solution = await cg(A, b, {
  preconditioner: ric0,
  timeLimit: 10_000,
  onProgress: ({ iteration, residualNorm }) => console.log(`${iteration}: ${residualNorm.toExponential(2)}`),
})
const { reason, iterations, relativeResidual, time } = solution
console.log(`${reason} after ${iterations} iterations, true relative residual ${relativeResidual.toExponential(1)}`)
console.log(`set-up ${time.setup.toFixed(1)} ms, solve ${time.solve.toFixed(1)} ms`)
if (!solution.converged) throw new Error(reason)

// A solve that nobody waits for any more is aborted: the promise rejects with the signal's reason.
const controller = new AbortController()
const given = cg(A, b, { rtol: 1e-14, maxIterations: 100_000, signal: controller.signal })
setTimeout(() => controller.abort('no longer needed'), 5)
await given.then(
  ({ iterations }) => console.log(`done before the abort, after ${iterations} iterations`),
  why => console.log(`aborted: ${why}`),
)
