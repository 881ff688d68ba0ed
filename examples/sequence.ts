/*
 * Implicit time steps of a diffusion equation whose conductivity changes: (I + dt K(t)) u_new = u_old. All matrices share
 * one pattern, so it is checked and split once; the last solution is the first guess of the next solve.
 *
 * npx tsx examples/sequence.ts
 */
import { cg, diffusion2d, ric0 } from 'krylov'

const K = diffusion2d(60, { contrast: 100, seed: 1 })
const { rowPointers, columnIndices } = K.pattern
const dt = 1e-3

/** I + dt (1 + t) K, on K's pattern. */
function stepMatrix(t: number) {
  const values = K.values.map(value => dt * (1 + t) * value)
  for (let i = 0; i < K.rows; i++)
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) if (columnIndices[k] === i) values[k]! += 1
  return K.withValues(values)
}

let u = new Float64Array(K.rows).fill(1)
for (let step = 0; step < 10; step++) {
  const solution = await cg(stepMatrix(step * dt), u, { preconditioner: ric0, x0: u, rtol: 1e-10 })
  if (!solution.converged) throw new Error(solution.reason)
  u = new Float64Array(solution.x)
  const mean = u.reduce((sum, value) => sum + value, 0) / u.length
  console.log(`step ${step}: ${solution.iterations} iterations, mean ${mean.toFixed(6)}`)
}
