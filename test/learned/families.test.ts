import { describe, expect, it } from 'vitest'
import { KrylovError } from '../../src/core/errors.ts'
import { type Family, families } from '../../src/learned/families.ts'

const entry = (A: ReturnType<Family>, i: number, j: number): number => {
  for (let k = A.pattern.rowPointers[i]!; k < A.pattern.rowPointers[i + 1]!; k++)
    if (A.pattern.columnIndices[k] === j) return A.values[k]!
  return 0
}
const sums = (A: ReturnType<Family>): number[] =>
  Array.from({ length: A.rows }, (_, i) => {
    let sum = 0
    for (let k = A.pattern.rowPointers[i]!; k < A.pattern.rowPointers[i + 1]!; k++) sum += A.values[k]!
    return sum
  })

describe('families', () => {
  it('are symmetric, of the stated orders, and named by their seeds', () => {
    const orders = { diff: 100, fem: 81, heat: 81, blocks: 100, aniso: 100, diff3d: 1000 }
    for (const [name, family] of Object.entries(families)) {
      const A = family(10, { seed: 3 })
      expect(A.rows).toBe(orders[name as keyof typeof families])
      expect(Array.from(A.transpose().values)).toEqual(Array.from(A.values))
      expect(Array.from(family(10, { seed: 3 }).values)).toEqual(Array.from(A.values))
      expect(Array.from(family(10, { seed: 4 }).values)).not.toEqual(Array.from(A.values))
      expect(A.diagonal().every(d => d > 0)).toBe(true)
    }
  })

  it('diff: harmonic means on faces, half cells at the boundary, coefficients from 1 to the contrast', () => {
    const A = families.diff(8, { seed: 1, contrast: 50 })
    const s = sums(A)
    // inside, rows sum to zero; at a side to 2 k, at a corner to 4 k
    const k = (i: number): number => s[i]! / (i === 0 ? 4 : 2)
    expect(s[9]!).toBeCloseTo(0, 12)
    for (const i of [0, 1, 2]) expect(-entry(A, i, i + 1)).toBeCloseTo((2 * k(i) * k(i + 1)) / (k(i) + k(i + 1)), 12)
    const rim = s.filter(value => value > 1e-9)
    expect(Math.min(...rim)).toBeGreaterThanOrEqual(2 - 1e-12)
    expect(Math.max(...rim)).toBeLessThanOrEqual(4 * 50 + 1e-9)
  })

  it('have the covariance of the spectrum exp(-|k|^2 (pi l / 2)^2) on a doubled periodic box, integer k, cropped', () => {
    // separable, so one direction tells; gaussianField has the covariance exp(-d^2 / l^2) itself
    for (const length of [0.05, 0.12, 0.3])
      for (const d of [0, 0.03, 0.1, 0.25, 0.5, 1]) {
        let [covariance, variance] = [0, 0]
        for (let k = -200; k <= 200; k++) {
          const power = Math.exp(-((k * Math.PI * length) ** 2) / 4)
          covariance += power * Math.cos(Math.PI * k * d)
          variance += power
        }
        expect(Math.abs(covariance / variance - Math.exp(-(d * d) / length ** 2))).toBeLessThan(2e-5)
      }
  })

  it('diff3d: six faces, rows inside sum to zero', () => {
    const A = families.diff3d(5, { seed: 2 })
    const middle = 2 * 25 + 2 * 5 + 2
    expect(A.pattern.rowPointers[middle + 1]! - A.pattern.rowPointers[middle]!).toBe(7)
    expect(sums(A)[middle]!).toBeCloseTo(0, 10)
  })

  it('aniso: couplings across y are a hundredth of what diff has', () => {
    const [A, B] = [families.aniso(9, { seed: 5 }), families.diff(9, { seed: 5 })]
    expect(entry(A, 20, 29)).toBeCloseTo(entry(B, 20, 29) / 100, 14)
    expect(entry(A, 20, 21)).toBe(entry(B, 20, 21))
  })

  it('blocks: 8 x 8 blocks of 1 or 10^4', () => {
    const A = families.blocks(32, { seed: 1 })
    const faces = new Set<number>()
    for (let i = 0; i < 31; i++) faces.add(-entry(A, i, i + 1))
    for (const face of faces) expect([1, 1e4, (2 * 1e4) / (1 + 1e4)]).toContain(face)
  })

  it('fem: constants are in the null space away from the boundary; heat adds the mass', () => {
    const [K, H] = [families.fem(16, { seed: 7, contrast: 1 }), families.heat(16, { seed: 7, contrast: 1 })]
    const inside = sums(K).filter(sum => Math.abs(sum) < 1e-10).length
    expect(inside).toBeGreaterThan(0.6 * K.rows)
    // H = M / h^2 + q K: away from the boundary rows sum to the point's share of the area, N^2 area
    const masses = sums(H).filter((_, i) => Math.abs(sums(K)[i]!) < 1e-10)
    expect(masses.every(mass => mass > 0.1 && mass < 3)).toBe(true)
  })

  it('refuse what they cannot make', () => {
    for (const family of Object.values(families)) {
      expect(() => family(0)).toThrow(KrylovError)
      expect(() => family(4, { seed: -1 })).toThrow(KrylovError)
      expect(() => family(4, { contrast: 0.5 })).toThrow(KrylovError)
      expect(() => family(4, { colour: 1 } as never)).toThrow(/seed/)
    }
  })
})
