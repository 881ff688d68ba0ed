/*
 * An operator that is never stored: the 3D Laplacian as a stencil, applied by a function of one's own, preconditioned
 * by a function of one's own. The rest of the iteration runs on native kernels.
 *
 * npx tsx examples/matrix-free.ts
 */
import { cg, type Operator } from 'krylov'

const m = 40
const n = m ** 3

const laplacian: Operator = {
  rows: n,
  columns: n,
  apply(x, y) {
    for (let i = 0; i < n; i++) {
      const column = i % m
      const row = Math.floor(i / m) % m
      let sum = 6 * x[i]!
      if (column > 0) sum -= x[i - 1]!
      if (column < m - 1) sum -= x[i + 1]!
      if (row > 0) sum -= x[i - m]!
      if (row < m - 1) sum -= x[i + m]!
      if (i >= m * m) sum -= x[i - m * m]!
      if (i < n - m * m) sum -= x[i + m * m]!
      y[i] = sum
    }
  },
}

/** z = (2 I - A / 6) r / 6: two terms of the Neumann series of A^-1. */
const polynomial = (r: Float64Array, z: Float64Array): void => {
  laplacian.apply(r, z)
  for (let i = 0; i < n; i++) z[i] = (2 * r[i]! - z[i]! / 6) / 6
}

const b = new Float64Array(n).fill(1)
const plain = await cg(laplacian, b)
const better = await cg(laplacian, b, { preconditioner: polynomial })
for (const { iterations, applications, driver } of [plain, better])
  console.log(`${iterations} iterations, ${applications.operator} products, driven by ${driver}`)
if (!plain.converged || !better.converged) throw new Error('not converged')
