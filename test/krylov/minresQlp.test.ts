import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { minresSync } from '../../src/krylov/minres.ts'
import { minresQlp, minresQlpSync } from '../../src/krylov/minresQlp.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { randomGraphLaplacian } from '../../src/sparse/gallery/random-graph.ts'
import { both } from '../support/both.ts'
import { densely, norm, trueRelativeResidual } from '../support/problems.ts'
import { diagonal, dot, times, withEigenvalues } from '../support/small.ts'

const dense = (rows: number[][]) =>
  Csr.fromDense({ rows: rows.length, columns: rows.length, values: Float64Array.from(rows.flat()) })

const distance = (x: Float64Array, y: Float64Array) => norm(x.map((v, i) => v - y[i]!)) / norm(y)

/** A with these eigenvalues, and its pseudo-inverse, which has their inverses and the same eigenvectors. */
const withPseudoInverse = (eigenvalues: readonly number[], seed: number) => ({
  A: withEigenvalues(eigenvalues, seed),
  P: withEigenvalues(
    eigenvalues.map(v => (v === 0 ? 0 : 1 / v)),
    seed,
  ),
})

/** What rounding may change in the least-squares solution of an inconsistent system: it grows with the condition squared. */
function uncertain(eigenvalues: readonly number[]): number {
  const sizes = eigenvalues.filter(v => v !== 0).map(Math.abs)
  return Number.EPSILON * (Math.max(...sizes) / Math.min(...sizes)) ** 2
}

/** ||A r|| / (||A|| ||r||), from x. */
function stationary(A: Csr, x: Float64Array, b: Float64Array, size: number): number {
  const Ax = densely(A, x)
  const r = b.map((v, i) => v - Ax[i]!)
  return norm(densely(A, r)) / (size * norm(r))
}

const zeros = (n: number) => new Array<number>(n).fill(0)
const spectra: readonly (readonly [string, number[]])[] = [
  ['indefinite', [...zeros(10), ...Array.from({ length: 30 }, (_, i) => (i % 2 ? -1 : 1) * (1 + i))]],
  ['of condition 1e3', [...zeros(10), ...Array.from({ length: 30 }, (_, i) => (i % 3 ? 1 : -1) * 10 ** (-i / 10))]],
  ['of condition 1e5', [...zeros(5), ...Array.from({ length: 26 }, (_, i) => 10 ** (-i / 5))]],
  ['of order 200', [...zeros(20), ...Array.from({ length: 180 }, (_, i) => (i % 2 ? -1 : 1) * (1 + i / 2))]],
  ['of rank 1', [...zeros(9), -4]],
]

describe.each(spectra)('minresQlp on a singular matrix, %s,', (_, eigenvalues) => {
  it.each([1, 2, 3])('finds the pseudo-inverse solution of an inconsistent system (seed %i)', async seed => {
    const { A, P } = withPseudoInverse(eigenvalues, seed)
    const b = normal(seed, A.rows)
    const found = await both(minresQlpSync, minresQlp, A, b)
    expect([found.reason, found.converged]).toEqual(['least-squares', false])
    expect(distance(found.x, densely(P, b))).toBeLessThanOrEqual(Math.max(1e-8, uncertain(eigenvalues)))
    const size = Math.max(...eigenvalues.map(Math.abs))
    expect(stationary(A, found.x, b, size)).toBeLessThanOrEqual(1e-9)
    expect(found.relativeResidual).toBeCloseTo(trueRelativeResidual(A, found.x, b), 10)
    expect(found.normalNorm).toBeLessThanOrEqual(1e-8 * found.spectrum.largest * found.residualNorm)
  })

  it.each([1, 2, 3])('and of a consistent one (seed %i)', async seed => {
    const { A, P } = withPseudoInverse(eigenvalues, seed)
    const b = densely(A, normal(seed, A.rows))
    const found = await both(minresQlpSync, minresQlp, A, b, { rtol: 1e-13 })
    expect(found.reason).toBe('converged')
    expect(distance(found.x, densely(P, b))).toBeLessThanOrEqual(1e-8)
  })
})

describe('minresQlp', () => {
  it.each([
    [
      [
        [1, -1, 0],
        [-1, 1, 0],
        [0, 0, 0],
      ],
      [1, 0, 1],
      [0.25, -0.25, 0],
    ], // SciPy's minres: 2e15, and success
    [
      [
        [2, -1, -1],
        [-1, 2, -1],
        [-1, -1, 2],
      ],
      [1, 1, 0],
      [1 / 9, 1 / 9, -2 / 9],
    ],
    [
      [
        [1, -1, 0],
        [-1, 2, -1],
        [0, -1, 1],
      ],
      [1, 2, 3],
      [-1, 0, 1],
    ],
    [
      [
        [1, 0],
        [0, 0],
      ],
      [1, 1],
      [1, 0],
    ],
    [
      [
        [0, 0],
        [0, 0],
      ],
      [1, 2],
      [0, 0],
    ],
    [[[0]], [3], [0]],
  ])('finds the least-squares solution of small inconsistent systems: %j, %j', async (rows, b, x) => {
    const found = await both(minresQlpSync, minresQlp, dense(rows), b)
    expect(found.reason).toBe('least-squares')
    expect([...found.x]).toEqual(x.map(v => expect.closeTo(v, 12)))
  })

  it('solves where the first step finds nothing, and where one is enough', () => {
    expect([
      ...minresQlpSync(
        dense([
          [0, 1],
          [1, 0],
        ]),
        [1, 0],
      ).x,
    ]).toEqual([0, 1])
    expect(minresQlpSync(dense([[-2]]), [1])).toMatchObject({
      converged: true,
      iterations: 1,
      x: Float64Array.of(-0.5),
    })
    const eigenvector = minresQlpSync(
      poisson2d(3),
      Float64Array.of(1, Math.SQRT2, 1, Math.SQRT2, 2, Math.SQRT2, 1, Math.SQRT2, 1),
    )
    expect([eigenvector.converged, eigenvector.iterations]).toEqual([true, 1])
  })

  it('needs no iteration at the solution, and for b = 0 hands out fresh zeros', async () => {
    const A = diagonal([1, -2, 4])
    const exact = await both(minresQlpSync, minresQlp, A, [1, -4, 12], { x0: [1, 2, 3], rtol: 0 })
    expect([exact.reason, exact.iterations, ...exact.x]).toEqual(['converged', 0, 1, 2, 3])
    const zero = await both(minresQlpSync, minresQlp, A, [0, 0, 0], { x0: [1, 2, 3] })
    expect([zero.reason, zero.iterations, zero.normalNorm, ...zero.x]).toEqual(['converged', 0, 0, 0, 0, 0])
  })

  it('ends at once where b lies in the null space, to rounding', () => {
    for (const seed of [1, 2, 3]) {
      const A = withEigenvalues([0, 1, 2, -3, 5, 7], seed)
      const b = densely(withEigenvalues([1, 0, 0, 0, 0, 0], seed), normal(2, 6))
      const found = minresQlpSync(A, b)
      expect(found.reason).toBe('least-squares')
      expect(norm(found.x)).toBeLessThan(1e-12 * norm(b))
    }
  })

  it('treats a Laplacian without being told of its null space, preconditioned or not', async () => {
    const L = randomGraphLaplacian(500, { seed: 2 })
    const b = normal(3, 500)
    const mean = b.reduce((sum, v) => sum + v, 0) / 500
    const solved = minresSync(
      L,
      b.map(v => v - mean),
      { nullspace: 'constant', rtol: 1e-13 },
    )
    const found = await both(minresQlpSync, minresQlp, L, b)
    expect(found.reason).toBe('least-squares')
    expect(distance(found.x, solved.x)).toBeLessThan(1e-8)
    expect(found.residualNorm).toBeCloseTo(Math.abs(mean) * Math.sqrt(500), 10)
    for (const preconditioner of [jacobi, ic0]) {
      const weighted = await both(minresQlpSync, minresQlp, L, b, { preconditioner })
      expect(weighted.reason).toBe('least-squares')
      expect(weighted.normalNorm).toBeLessThan(1e-8 * weighted.spectrum.largest * weighted.residualNorm)
    }
  })

  it.each([
    [1e-150, 1],
    [1e150, 1e150],
    [1e-300, 1e-150],
  ])('keeps its answer at any scale: %d A, %d b', (a, c) => {
    const { A, P } = withPseudoInverse([0, 0, 0, 1, 2, -3, 5, 7], 3)
    const b = normal(1, 8)
    const found = minresQlpSync(
      times(A, a),
      b.map(v => v * c),
    )
    expect(found.reason).toBe('least-squares')
    expect(
      distance(
        found.x.map(v => (v * a) / c),
        densely(P, b),
      ),
    ).toBeLessThan(1e-11)
    expect(found.normalNorm / a / c).toBeLessThan(1e-9)
  })

  it('goes on where a matrix is only nearly singular', () => {
    for (const seed of [1, 2, 3]) {
      const A = withEigenvalues(
        Array.from({ length: 15 }, (_, i) => 10 ** ((-10 * i) / 14)),
        seed,
      )
      const b = densely(A, normal(seed, 15))
      const found = minresQlpSync(A, b, { rtol: 1e-12 })
      expect(found.reason).toBe('converged')
      expect(trueRelativeResidual(A, found.x, b)).toBeLessThanOrEqual(1e-12)
    }
  })

  it('keeps what a first guess has in the null space, but for what lies along the residual', () => {
    const { A, P } = withPseudoInverse([0, 0, 1, 2, 3, 4], 5)
    const b = densely(A, normal(1, 6))
    const inNull = normal(7, 6)
    const projected = densely(P, densely(A, inNull)).map((v, i) => inNull[i]! - v)
    const found = minresQlpSync(A, b, { x0: projected, rtol: 1e-13 })
    expect(found.reason).toBe('converged')
    expect(
      distance(
        found.x,
        densely(P, b).map((v, i) => v + projected[i]!),
      ),
    ).toBeLessThan(1e-10)
  })

  it('takes the iterations of minres where A is regular, and estimates its norm and condition', () => {
    const A = poisson2d(30)
    const b = normal(1, 900)
    const [qlp, plain] = [minresQlpSync(A, b, { history: true }), minresSync(A, b)]
    expect(qlp.reason).toBe('converged')
    expect(Math.abs(qlp.iterations - plain.iterations)).toBeLessThanOrEqual(1)
    expect(distance(qlp.x, plain.x)).toBeLessThan(1e-6)
    expect(qlp.spectrum.largest).toBeLessThanOrEqual(8)
    expect(qlp.spectrum.largest).toBeGreaterThan(4)
    expect(qlp.spectrum.smallest).toBeGreaterThan(8 * Math.sin(Math.PI / 62) ** 2)
    qlp.history!.forEach((size, i) => {
      if (i > 0) expect(size).toBeLessThanOrEqual(qlp.history![i - 1]! * (1 + 1e-12))
    })
    expect(dot(qlp.history!.slice(-1), [1])).toBeCloseTo(qlp.residualNorm, 12)
  })

  it('stops at maxIterations, split or not', () => {
    const { A } = withPseudoInverse(spectra[1]![1], 1)
    const b = normal(1, A.rows)
    const { iterations } = minresQlpSync(A, b)
    for (let most = 1; most < iterations; most += 7) {
      const found = minresQlpSync(A, b, { maxIterations: most })
      expect([found.reason, found.iterations]).toEqual(['max-iterations', most])
      expect(found.relativeResidual).toBeCloseTo(trueRelativeResidual(A, found.x, b), 10)
      expect(found.relativeResidual).toBeLessThanOrEqual(1.0001)
    }
  })

  it('names an indefinite preconditioner', () => {
    const flip = (r: Float64Array, z: Float64Array) => z.set(r.map((v, i) => (i % 2 ? -v : v)))
    const b = Float64Array.from({ length: 16 }, (_, i) => i % 2)
    expect(minresQlpSync(poisson2d(4), b, { preconditioner: flip }).reason).toBe('indefinite-preconditioner')
  })
})
