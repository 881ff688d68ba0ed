import { describe, expect, it } from 'vitest'
import { backend } from '../../src/core/backend.ts'
import { fixed, youngOmega } from '../../src/sequence/direct.ts'
import type { SequenceOptions } from '../../src/sequence/options.ts'
import { sequence } from '../../src/sequence/sequence.ts'
import { heatEquation2d } from '../../src/sparse/gallery/heat.ts'
import { failure } from '../support/misuse.ts'

const whole = backend().name === 'native'

/** Totals over 5000 steps at nx = 25, and over the first 1000, which the TypeScript backend runs. */
const totals: readonly (readonly [string, SequenceOptions, all: number, first: number])[] = [
  ['CG', { method: 'cg', tune: { preconditioner: fixed(0), arms: [['identity']] } }, 85_422, 17_038],
  ['SSOR(1.0)', { method: 'ssor-cg', tune: { omega: fixed(1) } }, 32_793, 6525],
  ['SSOR(1.3)', { method: 'ssor-cg', tune: { omega: fixed(1.3) } }, 29_746, 5902],
  ['SSOR(1.75)', { method: 'ssor-cg', tune: { omega: fixed(1.75) } }, 44_866, 8914],
  ['IC(0)', { method: 'cg', tune: { preconditioner: fixed(0), arms: [['ic0']] } }, 29_303, 5855],
  ['RIC(.99)', { method: 'cg', tune: { omega: fixed(0.99) } }, 24_060, 4808],
]

describe('the heat equation', () => {
  it.each(totals)('takes %s the iterations that were measured', (_, options, all, first) => {
    const s = sequence(options)
    for (const { A, b, x0, advance } of heatEquation2d({ nx: 25, steps: whole ? 5000 : 1000 })) {
      const { x, converged } = s.solveSync(A, b, x0 && { x0 })
      expect(converged).toBe(true)
      advance(x)
    }
    expect(Math.abs(s.report().iterations / (whole ? all : first) - 1)).toBeLessThanOrEqual(1e-3)
  })

  it('costs a sequence without options little more than the best setting that never changes', () => {
    const cost = (options: SequenceOptions): number => {
      const s = sequence(options)
      for (const { A, b, x0, advance } of heatEquation2d({ nx: 25, steps: whole ? 5000 : 1000 }))
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
