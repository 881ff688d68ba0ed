// A field that diffuses over many time steps, the step length changing: one ordering, a factorization for each length,
// a solve for each step.
import { type Csr, diffusion2d, type Ldlt, ldltSync, solveWithSync } from 'krylov'

const nx = 100
const K = diffusion2d(nx, { contrast: 100, seed: 1 })
const n = K.rows

/** I + dt K, on the pattern of K: what is known of that pattern is shared by all. */
function implicit(dt: number): Csr {
  const { rowPointers, columnIndices } = K.pattern
  const values = K.values.map(k => dt * k)
  for (let i = 0; i < n; i++)
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) if (columnIndices[at] === i) values[at]! += 1
  return K.withValues(values)
}

let u: Float64Array = new Float64Array(n)
u[(nx / 2) * nx + nx / 2] = 1
const [setups, factors]: [number[], number[]] = [[], []]
for (const dt of [1e-3, 1e-2, 0.1]) {
  const F: Ldlt = ldltSync(implicit(dt), { library: 'own' })
  setups.push(F.time.setup)
  factors.push(F.time.factor)
  for (let step = 0; step < 20; step++) {
    const { x, converged } = solveWithSync(F, u)
    if (!converged) throw new Error('not solved')
    u = x
  }
}
const text = (times: readonly number[]) => times.map(t => t.toFixed(1)).join(', ')
console.log(`ordering and symbolic part ${text(setups)} ms, factorization ${text(factors)} ms`)
console.log(`largest value ${Math.max(...u).toExponential(3)} after 60 steps`)
