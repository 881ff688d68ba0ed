import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { jacobiGapSync } from '../../src/relaxation/jacobi-gap.ts'
import { formula, youngOmega } from '../../src/sequence/direct.ts'
import { dominance } from '../../src/sequence/dominance.ts'
import { sequence } from '../../src/sequence/sequence.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'

const side = 25

/** Diffusion on a square, zero on its boundary, whose edges conduct `rim` times as well as the rest. */
function insulated(rim: number): Csr {
  const [i, j, a] = [[], [], []] as [number[], number[], number[]]
  const add = (row: number, column: number, value: number) => {
    i.push(row)
    j.push(column)
    a.push(value)
  }
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      for (const [dx, dy] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const) {
        const inside = x + dx >= 0 && x + dx < side && y + dy >= 0 && y + dy < side
        const k = inside ? 1 : rim
        add(y * side + x, y * side + x, k)
        if (inside) add(y * side + x, (y + dy) * side + x + dx, -k)
      }
  return Csr.fromTriplets(side * side, side * side, i, j, a)
}

describe('omega by formula', () => {
  it('is found anew where the matrix changes out of sight of a glance, and stays where it does not change', () => {
    const matrices = [insulated(1), insulated(0.003)]
    expect(dominance(matrices[0]!)).toBe(dominance(matrices[1]!))
    const omegas = matrices.map(A => youngOmega(jacobiGapSync(A)))
    expect(2 - omegas[1]!).toBeLessThan((2 - omegas[0]!) / 2)
    const s = sequence({ method: 'sor', tune: { omega: formula() }, warmStart: false })
    const chosen = Array.from(
      { length: 30 },
      (_, step) => s.solveSync(matrices[step < 15 ? 0 : 1]!, normal(step, side * side)).choice.value,
    )
    expect(new Set(chosen.slice(0, 15))).toEqual(new Set([omegas[0]]))
    expect(chosen.at(-1)).toBe(omegas[1])
    expect(chosen.lastIndexOf(omegas[0]!)).toBeLessThan(22)
  })

  it('is estimated off the JavaScript thread, or in slices', async () => {
    const A = poisson2d(150)
    const s = sequence({ method: 'sor', tune: { omega: formula() }, maxIterations: 1 })
    const begun = performance.now()
    let [last, longest] = [begun, 0]
    const beat = () => {
      const now = performance.now()
      longest = Math.max(longest, now - last)
      last = now
    }
    const timer = setInterval(beat, 1)
    await s.solve(A, normal(1, A.rows))
    beat()
    clearInterval(timer)
    expect(longest / (last - begun)).toBeLessThan(0.5)
  })
})
