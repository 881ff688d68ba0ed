/*
 * One call for very different matrices: `solve` picks the method by what the matrix looks like, and says why.
 *
 * npx tsx examples/backslash.ts
 */
import { Csr, dense, diffusion2d, normal, poisson3d, solve } from 'krylov'

const n = 200
const covariance = dense(
  n,
  n,
  Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    return Math.exp(-Math.abs(i - j) / 20) + (i === j ? 0.1 : 0)
  }),
)
const springs = Csr.fromTriplets(3, 3, [0, 0, 1, 1, 1, 2, 2], [0, 1, 0, 1, 2, 1, 2], [2, -1, -1, 2, -1, -1, 0])

const systems = {
  'heat in a layered plate': diffusion2d(64, { contrast: 1e4, seed: 1 }),
  'a charge in a box': poisson3d(12),
  'a covariance matrix': covariance,
  'springs and a constraint': springs,
}

for (const [name, A] of Object.entries(systems)) {
  const { converged, relativeResidual, method, why } = await solve(A, normal(1, A.rows))
  console.log(`${name}: ${method}, residual ${relativeResidual.toExponential(1)}\n  ${why}`)
  if (!converged) process.exitCode = 1
}
