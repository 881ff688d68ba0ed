import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { lsmr, lsmrSync } from '../../src/krylov/lsmr.ts'
import { lsqr, lsqrSync } from '../../src/krylov/lsqr.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { both } from '../support/both.ts'
import { densely, norm } from '../support/problems.ts'
import { generator, randomCsr } from '../support/random.ts'
import { readSparse, readVector } from '../support/real-matrices.ts'
import { sharedOrSkip } from '../support/shared-data.ts'

/** min ||b - A x||^2 + damp^2 ||x||^2 by Cholesky of A^T A + damp^2 I: for small, well-conditioned problems. */
function normalEquations(A: Csr, b: Float64Array, damp: number): Float64Array {
  const [m, n, a] = [A.rows, A.columns, A.toDense().values]
  const G = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      let sum = i === j ? damp * damp : 0
      for (let k = 0; k < m; k++) sum += a[k * n + i]! * a[k * n + j]!
      return sum
    }),
  )
  const g = Array.from({ length: n }, (_, i) => b.reduce((sum, bk, k) => sum + bk * a[k * n + i]!, 0))
  for (let j = 0; j < n; j++)
    for (let i = j + 1; i < n; i++) {
      const f = G[i]![j]! / G[j]![j]!
      for (let k = j; k < n; k++) G[i]![k]! -= f * G[j]![k]!
      g[i]! -= f * g[j]!
    }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) g[i]! -= G[i]![k]! * g[k]!
    g[i]! /= G[i]![i]!
  }
  return Float64Array.from(g)
}

const distance = (x: Float64Array, y: Float64Array) => norm(x.map((v, i) => v - y[i]!)) / norm(y)

describe.each([
  ['lsqr', lsqrSync, lsqr],
  ['lsmr', lsmrSync, lsmr],
] as const)('%s', (name, sync, later) => {
  const A = randomCsr(generator(7), 60, 25, () => 4)
  const b = normal(3, 60)

  it.each([0, 0.3, 10])('minimises with damp = %d', async damp => {
    const found = await both(sync, later, A, b, { damp, rtol: 1e-12 })
    expect(found.reason).toBe('converged')
    expect(distance(found.x, normalEquations(A, b, damp))).toBeLessThan(1e-9)
    const r = b.map((v, i) => v - densely(A, found.x)[i]!)
    expect(found.residualNorm).toBeCloseTo(norm(r), 10)
    const g = densely(A.transpose(), r).map((v, i) => v - damp * damp * found.x[i]!)
    expect(norm(g)).toBeLessThan(1e-10 * found.matrixNorm * norm(b))
  })

  it('finds the solution of least norm where there are many', () => {
    const wide = A.transpose()
    const found = sync(wide, normal(4, 25), { rtol: 1e-12 })
    expect(found.reason).toBe('converged')
    // of least norm: in the range of A^T
    const y = sync(wide.transpose(), found.x, { rtol: 1e-13 })
    expect(y.relativeResidual).toBeLessThan(1e-9)
  })

  it('goes through a matrix of lower rank to its pseudo-inverse', () => {
    const rank1 = Csr.fromDense({ rows: 3, columns: 2, values: Float64Array.of(1, 2, 2, 4, 3, 6) })
    const found = sync(rank1, [1, 1, 1], { rtol: 1e-12 })
    expect(found.reason).toBe('converged')
    const c = 6 / 14 / 5
    expect([...found.x]).toEqual([expect.closeTo(c, 10), expect.closeTo(2 * c, 10)])
  })

  it('runs on an operator with a transpose, and refuses one without', async () => {
    const operator = {
      rows: 60,
      columns: 25,
      apply: (x: Float64Array, y: Float64Array) => void y.set(densely(A, x)),
      applyTranspose: (x: Float64Array, y: Float64Array) => void y.set(densely(A.transpose(), x)),
    }
    const found = await both(sync, later, operator, b, { rtol: 1e-10 })
    expect([found.reason, found.driver]).toEqual(['converged', 'ts'])
    expect(distance(found.x, sync(A, b, { rtol: 1e-10 }).x)).toBeLessThan(1e-8)
    const { applyTranspose: _, ...without } = operator
    expect(() => sync(without as never, b)).toThrow(
      expect.objectContaining({ code: 'ERR_TYPE', message: expect.stringContaining(`${name}Sync: A.applyTranspose`) }),
    )
  })

  it('answers zero for zero, and for a matrix of zeros', () => {
    expect(sync(A, new Float64Array(60))).toMatchObject({ converged: true, iterations: 0, residualNorm: 0 })
    const zero = Csr.fromTriplets(3, 2, [], [], [])
    expect(sync(zero, [1, 2, 3])).toMatchObject({ converged: true, x: new Float64Array(2) })
  })

  it('keeps its answer at any scale', () => {
    const plain = sync(A, b)
    const scaled = sync(
      A.withValues(A.values.map(a => a * 1e-160)),
      b.map(v => v * 1e140),
    )
    expect(scaled.converged).toBe(true)
    expect(
      distance(
        scaled.x.map(v => v / 1e300),
        plain.x,
      ),
    ).toBeLessThan(1e-6)
  })

  it('reaches the known answers of well1033 and illc1033', async context => {
    sharedOrSkip(context, 'lsq')
    for (const [file, residual, size] of [
      ['well1033', 0.75215786937, 10278.82228],
      ['illc1033', 0.7521578687, 10302.3152],
    ] as const) {
      const M = await readSparse(`lsq/${file}.mtx.gz`)
      const found = sync(M, await readVector(`lsq/${file}_rhs1.mtx`), { rtol: 1e-13, maxIterations: 30_000 })
      expect(found.residualNorm).toBeCloseTo(residual, 8)
      expect(Math.abs(norm(found.x) - size)).toBeLessThan(1e-2)
    }
  })

  it.each([
    ['damp', -1],
    ['rtol', 'x'],
    ['x0', [1]],
  ])('refuses %s = %s', (key, value) => {
    expect(() => sync(A, b, { [key]: value } as never)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining(`option ${key}`) }),
    )
  })
})
