import { describe, expect, it } from 'vitest'
import { fixed, youngOmega } from '../../src/sequence/direct.ts'
import type { SequenceOptions } from '../../src/sequence/options.ts'
import { sequence } from '../../src/sequence/sequence.ts'
import { heatEquation2d } from '../../src/sparse/gallery/heat.ts'
import { failure } from '../support/misuse.ts'

/** Totals over the first 1000 steps at nx = 25; `test/krylov/heat.test.ts` has those over all 5000. */
const STEPS = 1000
const totals: readonly (readonly [string, SequenceOptions, total: number])[] = [
  ['CG', { method: 'cg', tune: { preconditioner: fixed(0), arms: [['identity']] } }, 17_038],
  ['SSOR(1.0)', { method: 'ssor-cg', tune: { omega: fixed(1) } }, 6525],
  ['SSOR(1.3)', { method: 'ssor-cg', tune: { omega: fixed(1.3) } }, 5902],
  ['SSOR(1.75)', { method: 'ssor-cg', tune: { omega: fixed(1.75) } }, 8914],
  ['IC(0)', { method: 'cg', tune: { preconditioner: fixed(0), arms: [['ic0']] } }, 5855],
  ['RIC(.99)', { method: 'cg', tune: { omega: fixed(0.99) } }, 4808],
]

describe('the heat equation', () => {
  it.each(totals)('takes %s the iterations that were measured', (_, options, total) => {
    const s = sequence(options)
    for (const { A, b, x0, advance } of heatEquation2d({ nx: 25, steps: STEPS })) {
      const { x, converged } = s.solveSync(A, b, x0 && { x0 })
      expect(converged).toBe(true)
      advance(x)
    }
    expect(Math.abs(s.report().iterations / total - 1)).toBeLessThanOrEqual(1e-3)
  })

  it('costs a sequence without options little more than the best setting that never changes', () => {
    const cost = (options: SequenceOptions): number => {
      const s = sequence(options)
      for (const { A, b, x0, advance } of heatEquation2d({ nx: 25, steps: STEPS }))
        advance(s.solveSync(A, b, x0 && { x0 }).x)
      return s.report().loss
    }
    const settings: SequenceOptions[] = [
      ...[0.9, 0.99, 0.999].map((omega): SequenceOptions => ({ tune: { omega: fixed(omega) } })),
      { method: 'ssor-cg', tune: { omega: fixed(1.4) } }, // the best of 20: `npm run bench -- relaxation`
    ]
    expect(cost({}) / Math.min(...settings.map(cost))).toBeLessThanOrEqual(1.05)
  })

  it('knows the Jacobi radius of its matrices, and Young his omega', () => {
    for (const { A, jacobiGap, advance, b } of heatEquation2d({ nx: 8, steps: 3, dt: 0.3 })) {
      const d = A.diagonal()
      const v = Float64Array.from({ length: 49 }, (_, i) => {
        const [x, y] = [((i % 7) + 1) / 8, (Math.floor(i / 7) + 1) / 8]
        return Math.sin(Math.PI * x) * Math.sin(Math.PI * y)
      })
      const { rowPointers, columnIndices } = A.pattern
      let sum = 0
      for (let k = rowPointers[24]!; k < rowPointers[25]!; k++) sum += A.values[k]! * v[columnIndices[k]!]!
      expect(sum / d[24]! / v[24]!).toBeCloseTo(jacobiGap, 12)
      advance(b)
    }
    // the 5-point Laplacian on 10 x 10 points plus c I
    const smallest = 8 * Math.sin(Math.PI / 22) ** 2
    const omegas = [-0.15, 0, 0.45].map(c => youngOmega((smallest + c) / (4 + c)))
    expect(omegas.map(omega => omega.toFixed(4))).toEqual(['1.8536', '1.5604', '1.3279'])
  })

  it('insists on being advanced', () => {
    const steps = heatEquation2d({ nx: 4 })
    steps.next()
    expect(failure(() => steps.next())).toMatchObject({ code: 'ERR_OPTION', message: /advance/ })
    expect(failure(() => heatEquation2d({ nx: 1 }).next())).toMatchObject({ code: 'ERR_SHAPE' })
    expect(failure(() => heatEquation2d({ nx: 4, dt: 0 }).next())).toMatchObject({ code: 'ERR_OPTION' })
  })
})
