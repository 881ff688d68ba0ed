/*
 * Effective resistance between two vertices of a network: L v = e_s - e_t, where L is singular. Its null space is the
 * constant vector; with `nullspace` the consistent system has an answer, and an inconsistent one is named.
 *
 * npx tsx examples/graph-laplacian.ts
 */
import { cg, jacobi, randomGraphLaplacian } from 'krylov'

const L = randomGraphLaplacian(1000, { degree: 6, weights: 'uniform', seed: 3 })
const [source, sink] = [17, 903]

const current = new Float64Array(L.rows)
current[source] = 1
current[sink] = -1
const flow = await cg(L, current, { preconditioner: jacobi, nullspace: 'constant', rtol: 1e-10 })
if (!flow.converged) throw new Error(flow.reason)
console.log(`resistance ${(flow.x[source]! - flow.x[sink]!).toFixed(6)} after ${flow.iterations} iterations`)

current[sink] = 0 // what flows in no longer flows out
const wrong = await cg(L, current, { preconditioner: jacobi, nullspace: 'constant' })
console.log(`without a sink: ${wrong.reason}, relative residual ${wrong.relativeResidual.toPrecision(3)}`)
if (wrong.converged) throw new Error('an inconsistent system cannot converge')
