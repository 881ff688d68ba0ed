import { describe, expect, it } from 'vitest'
import {
  Csr,
  type Dense,
  dense,
  randomizedEigh,
  randomizedEighSync,
  randomizedSvd,
  randomizedSvdSync,
} from '../../src/index.ts'
import { both } from '../support/both.ts'
import { departure, frobenius, minus, randomDense, scaled, times, transposed } from '../support/dense.ts'
import { spectralNorm, withEigenvalues, withSingularValues } from '../support/spectra.ts'

const decays: Record<string, (j: number) => number> = {
  'like 1 / j': j => 1 / j,
  exponential: j => Math.exp(-j / 6) + 1e-4,
  flat: () => 1,
  'to nothing': j => (j <= 9 ? 10 - j : 0),
}

const values = (n: number, decay: (j: number) => number) => Float64Array.from({ length: n }, (_, i) => decay(i + 1))

describe.each(Object.entries(decays))('singular values %s', (name, decay) => {
  const [m, n, k] = [160, 90, 12]
  const s = values(n, decay)
  const A = withSingularValues(m, n, s)

  it.each([A, transposed(A)])('the best rank k, to a few percent (%#)', async matrix => {
    const { u, s: found, v, converged } = await both(randomizedSvdSync, randomizedSvd, matrix, { rank: k, seed: 3 })
    expect(departure(u)).toBeLessThan(1e-12)
    expect(departure(v)).toBeLessThan(1e-12)
    const exists = name === 'to nothing' ? 9 : k
    expect(found.length).toBe(exists)
    const error = spectralNorm(minus(matrix, times(scaled(u, found), transposed(v))))
    expect(error).toBeLessThanOrEqual(1.05 * s[k]! + 1e-12 * s[0]!)
    if (name === 'flat') return // any subspace is as good
    expect(converged).toBe(true)
    for (let j = 0; j < exists; j++) expect(Math.abs(found[j]! / s[j]! - 1)).toBeLessThanOrEqual(0.01)
  })

  it('to full accuracy where that is asked for', () => {
    const { s: found, accuracy } = randomizedSvdSync(A, { rank: 5, accuracy: 1e-8 })
    if (name !== 'flat') expect(accuracy).toBeLessThanOrEqual(1e-8)
    for (let j = 0; j < 5; j++) expect(found[j]).toBeCloseTo(s[j]!, 13)
  })

  it('to a tolerance', () => {
    for (const tolerance of [0.5, 0.1, 0.03]) {
      const { u, s: found, v } = randomizedSvdSync(A, { tolerance })
      const error = frobenius(minus(A, times(scaled(u, found), transposed(v))))
      expect(error).toBeLessThanOrEqual(tolerance * frobenius(A) * (1 + 1e-10))
      const tail = (r: number) => Math.hypot(...s.subarray(r))
      const best = s.findIndex((_, r) => tail(r) <= tolerance * frobenius(A))
      expect(found.length).toBeLessThanOrEqual(1.1 * (best < 0 ? n : best) + 1)
    }
  })

  it('by powers', async () => {
    const { u, s: found, v } = await both(randomizedSvdSync, randomizedSvd, A, { rank: k, method: 'power', powers: 4 })
    const error = spectralNorm(minus(A, times(scaled(u, found), transposed(v))))
    expect(error).toBeLessThanOrEqual(1.1 * s[k]! + 1e-12 * s[0]!)
  })
})

describe('matrices', () => {
  it('sparse ones give what dense ones do', () => {
    const A = randomDense(60, 40, 5)
    const sparse = dense(
      60,
      40,
      A.values.map(x => (Math.abs(x) < 0.8 ? 0 : x)),
    )
    const [a, b] = [sparse, Csr.fromDense(sparse)].map(M => randomizedSvdSync(M, { rank: 4, accuracy: 1e-9 }))
    for (let j = 0; j < 4; j++) expect(b!.s[j]).toBeCloseTo(a!.s[j]!, 12)
  })

  it.each([
    [0, 5],
    [5, 0],
    [1, 1],
    [3, 50],
  ])('%i x %i, more rank than there is', (m, n) => {
    const { u, s, v, converged } = randomizedSvdSync(randomDense(m, n), { rank: 20 })
    expect([u.rows, v.rows, converged]).toEqual([m, n, true])
    expect(s.length).toBe(Math.min(m, n))
    expect(frobenius(minus(randomDense(m, n), times(scaled(u, s), transposed(v))))).toBeLessThan(1e-13 * (1 + m * n))
  })

  it.each([1e-300, 1e-160, 1e160, 1e300])('in units of %d', unit => {
    const inUnits = (A: Dense): Dense => ({ ...A, values: A.values.map(x => x * unit) })
    const s = values(40, j => 1 / j)
    const A = inUnits(withSingularValues(60, 40, s))
    for (const matrix of [A, Csr.fromDense(A)]) {
      const { s: found, accuracy } = randomizedSvdSync(matrix, { rank: 3, accuracy: 1e-8 })
      expect(accuracy).toBeLessThanOrEqual(1e-8)
      for (let j = 0; j < 3; j++) expect(Math.abs(found[j]! / unit / s[j]! - 1)).toBeLessThanOrEqual(1e-12)
    }
    const { values: w } = randomizedEighSync(inUnits(withEigenvalues(s)), { rank: 3, accuracy: 1e-8 })
    for (let j = 0; j < 3; j++) expect(Math.abs(w[j]! / unit / s[2 - j]! - 1)).toBeLessThanOrEqual(1e-12)
  })

  it('zero has no rank', () => {
    expect(randomizedSvdSync(dense(4, 3, new Float64Array(12)), { rank: 2 }).s.length).toBe(0)
    expect(randomizedSvdSync(dense(4, 3, new Float64Array(12)), { tolerance: 0 }).s.length).toBe(0)
  })

  it('other seeds, other bits; the same seed, the same bits', () => {
    const A = randomDense(50, 50)
    const [a, b, c] = [1, 1, 2].map(seed => randomizedSvdSync(A, { rank: 3, seed }))
    expect(b!.u.values).toEqual(a!.u.values)
    expect(c!.u.values).not.toEqual(a!.u.values)
  })

  it('refuses what makes no sense', () => {
    const A = randomDense(4, 4)
    expect(() => randomizedSvdSync(A, {})).toThrow(/rank must be given, or else tolerance/)
    expect(() => randomizedSvdSync(A, undefined as never)).toThrow(/rank/)
    expect(() => randomizedSvdSync(A, { rank: 0 })).toThrow(/rank/)
    expect(() => randomizedSvdSync(A, { rank: 1, tolerance: 0.1 })).toThrow(/not both/)
    expect(() => randomizedSvdSync(A, { rank: 1, seed: 1.5 })).toThrow(/seed/)
    expect(() => randomizedSvdSync(dense(1, 1, [Number.NaN]), { rank: 1 })).toThrow(/finite/)
  })
})

describe('randomizedEigh', () => {
  const w = values(80, j => (j % 3 === 0 ? -1 : 1) / j)
  const A = withEigenvalues(w)

  it('finds the eigenvalues of largest magnitude, of either sign', async () => {
    const {
      values: found,
      vectors,
      converged,
    } = await both(randomizedEighSync, randomizedEigh, A, { rank: 6, accuracy: 1e-7 })
    expect(converged).toBe(true)
    const wanted = w.slice(0, 6).sort()
    for (let j = 0; j < 6; j++) expect(found[j]).toBeCloseTo(wanted[j]!, 12)
    expect(departure(vectors)).toBeLessThan(1e-12)
    const left = minus(times(A, vectors), scaled(vectors, found))
    expect(frobenius(left)).toBeLessThan(1e-6)
  })

  it('has a default that is good to 1%', () => {
    const { values: found } = randomizedEighSync(A, { rank: 10 })
    const wanted = w.slice(0, 10).sort()
    for (let j = 0; j < 10; j++) expect(Math.abs(found[j]! / wanted[j]! - 1)).toBeLessThan(0.01)
  })

  it('takes small and empty ones', () => {
    expect(randomizedEighSync(dense(1, 1, [-4]), { rank: 3 }).values).toEqual(Float64Array.of(-4))
    expect(randomizedEighSync(dense(0, 0, []), { rank: 3 }).values.length).toBe(0)
    expect(() => randomizedEighSync(randomDense(3, 2), { rank: 1 })).toThrow(/square/)
    expect(() => randomizedEighSync(A, {} as never)).toThrow(/rank/)
  })
})
