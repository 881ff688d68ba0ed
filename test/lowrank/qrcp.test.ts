import { describe, expect, it } from 'vitest'
import { type Dense, dense, qrcp, qrcpSync, qrSync, svdSync } from '../../src/index.ts'
import { both } from '../support/both.ts'
import { columnsOf, departure, frobenius, minus, randomDense, times } from '../support/dense.ts'
import { withSingularValues } from '../support/spectra.ts'

const spectrum = (n: number, decay: (j: number) => number) => Float64Array.from({ length: n }, (_, i) => decay(i + 1))

/** Kahan's matrix, on which pivoting by norms chooses badly. */
function kahan(m: number, n: number): Dense {
  const [s, c] = [Math.sin(1.2), Math.cos(1.2)]
  const values = new Float64Array(m * n)
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) values[i * n + j] = s ** i * (i === j ? 1 + 1e-13 * (n - i) : -c)
  return dense(m, n, values)
}

const inputs = (m: number, n: number): Record<string, Dense> => {
  const random = randomDense(m, n, 4)
  return {
    'fast decay': withSingularValues(
      m,
      n,
      spectrum(n, j => 0.8 ** j),
    ),
    'slow decay': withSingularValues(
      m,
      n,
      spectrum(n, j => 1 / j),
    ),
    'rank-deficient': withSingularValues(
      m,
      n,
      spectrum(n, j => (j <= n / 3 ? 1 / j : 0)),
    ),
    Kahan: kahan(m, n),
    'nearly orthogonal': random,
    'badly scaled': dense(
      m,
      n,
      random.values.map((x, at) => x * 10 ** ((((at % n) * 7) % 31) - 15)),
    ),
  }
}

/** ||R22||_2 below the first k rows. */
function rest({ rows, columns, values }: Dense, k: number): number {
  const corner = new Float64Array((rows - k) * (columns - k))
  for (let i = k; i < rows; i++)
    corner.set(values.subarray(i * columns + k, (i + 1) * columns), (i - k) * (columns - k))
  return svdSync(dense(rows - k, columns - k, corner), { vectors: false }).s[0]!
}

describe.each([
  [900, 100, 'cqrrpt'],
  [150, 100, 'bqrrp'],
  [90, 110, 'bqrrp'],
] as const)('%i x %i', (m, n, method) => {
  it.each(Object.entries(inputs(m, Math.min(m, n))))('%s: as good as pivoting by norms', async (name, A) => {
    const found = await both(qrcpSync, qrcp, A, { seed: 2 })
    const { q, r, pivots, rank } = found
    if (name === 'slow decay') expect(found.method).toBe(method)
    expect([...pivots].sort((a, b) => a - b)).toEqual(Array.from({ length: A.columns }, (_, j) => j))
    expect(departure(q)).toBeLessThanOrEqual(1e-13)
    expect(frobenius(minus(columnsOf(A, pivots), times(q, r)))).toBeLessThanOrEqual(50 * Number.EPSILON * frobenius(A))
    const wanted = qrSync(A, { pivot: true })
    const k = Math.min(m, A.columns)
    for (const at of [Math.floor(k / 10), Math.floor(k / 2)])
      expect(rest(r, at)).toBeLessThanOrEqual(3 * rest(wanted.r, at) + 1e-13 * frobenius(A))
    const least = Math.max(m, A.columns) * Number.EPSILON * Math.abs(wanted.r.values[0]!)
    const there = Array.from({ length: k }, (_, j) => Math.abs(wanted.r.values[j * A.columns + j]!)).filter(
      x => x > least,
    )
    // of Kahan's matrix pivoting by norms does not see that it is singular to working precision
    const singular = svdSync(A, { vectors: false }).s
    expect(rank).toBe(name === 'Kahan' ? singular.filter(x => x > least).length : there.length)
  })
})

it.each([
  [0, 0],
  [0, 4],
  [4, 0],
  [1, 1],
  [3, 9],
  [40, 3],
])('%i x %i', (m, n) => {
  const A = randomDense(m, n)
  for (const options of [{}, { blockSize: 2 }]) {
    const { q, r, pivots } = qrcpSync(A, options)
    expect(frobenius(minus(columnsOf(A, pivots), times(q, r)))).toBeLessThanOrEqual(1e-14 * (1 + m * n))
  }
})

it.each([
  [900, 100],
  [150, 100],
  [40, 30],
])('%i x %i without Q: the same R', (m, n) => {
  for (const A of [
    randomDense(m, n, 4),
    withSingularValues(
      m,
      n,
      spectrum(n, j => 1 / j ** 2),
    ),
  ]) {
    const [whole, found] = [qrcpSync(A), qrcpSync(A, { vectors: false })]
    expect([found.q.rows, found.q.columns, found.q.values.length]).toEqual([m, 0, 0])
    expect(found.pivots).toEqual(whole.pivots)
    expect(found.r.values).toEqual(whole.r.values)
  }
})

it('zero has rank 0', () => {
  expect(qrcpSync(dense(200, 70, new Float64Array(14000))).rank).toBe(0)
})

it('refuses what makes no sense', () => {
  expect(() => qrcpSync(dense(1, 1, [Number.NaN]))).toThrow(/finite/)
  expect(() => qrcpSync(randomDense(2, 2), { vectors: 0 as never })).toThrow(/vectors/)
  expect(() => qrcpSync(randomDense(2, 2), { blockSize: 0 })).toThrow(/blockSize/)
  expect(() => qrcpSync(randomDense(2, 2), { block: 3 } as never)).toThrow(/did you mean blockSize/)
})
