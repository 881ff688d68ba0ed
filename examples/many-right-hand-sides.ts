/*
 * Columns of an inverse: 8 unit loads on one plate, solved as a block. The matrix is read once per iteration for all of
 * them; the factor is built once.
 *
 * npx tsx examples/many-right-hand-sides.ts
 */
import { cg, dense, ic0, poisson2d } from 'krylov'

const A = poisson2d(100)
const s = 8
const b = new Float64Array(A.rows * s)
for (let c = 0; c < s; c++) b[Math.floor(((c + 0.5) * A.rows) / s) * s + c] = 1

const M = await ic0(A)
const block = await cg(A, dense(A.rows, s, b), { preconditioner: M })
for (const [c, { reason, iterations, relativeResidual }] of block.columns.entries())
  console.log(`column ${c}: ${reason} after ${iterations} iterations, ${relativeResidual.toExponential(1)}`)
if (!block.converged) throw new Error(block.reason)

// Row-major: entry (i, c) of the solution is block.x.values[i * s + c].
const compliance = Array.from({ length: s }, (_, c) => block.x.values[Math.floor(((c + 0.5) * A.rows) / s) * s + c]!)
console.log(`compliance: ${compliance.map(value => value.toFixed(4)).join(' ')}`)
