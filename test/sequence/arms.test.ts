import { describe, expect, it } from 'vitest'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { normal } from '../../src/core/random.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import type { Preconditioner } from '../../src/precondition/kinds.ts'
import { ssor } from '../../src/precondition/ssor.ts'
import { type Arm, labelOf, recipeOf, ssorBySize } from '../../src/sequence/arms.ts'
import { cgCost } from '../../src/sequence/cost.ts'
import { fixed } from '../../src/sequence/direct.ts'
import { restoreSequence, sequence } from '../../src/sequence/sequence.ts'
import { thompson } from '../../src/sequence/thompson.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { failure, type Loose } from '../support/misuse.ts'
import { trueRelativeResidual } from '../support/problems.ts'

const arms: readonly Arm[] = [
  ['ic0'],
  ['identity'],
  ['jacobi'],
  ['ssor', { omega: 1.5 }],
  ['ric0', { omega: 0.99, precision: 'single' }],
  ['ict', { dropTolerance: 0.01, omega: 0.97 }],
  ['chebyshev', { degree: 6 }],
  ['amg', { degree: 1, threshold: 0.02 }],
  ['twoLevel', { aggregates: 16 }],
  ['twoLevel', { base: ['ssor', { omega: 1.2 }], aggregates: 40 }],
]
const A = diffusion2d(26, { contrast: 1e3, seed: 3 })
const built = (arm: Arm, matrix: Csr): Preconditioner =>
  runSync(recipeOf('test', arm).build('test', matrix), makeControl('test', {}))

describe.each(arms.map(arm => [labelOf(arm), arm] as const))('the arm %s', (_, arm) => {
  it('solves, costs what its preconditioner moves, and is restored', () => {
    const s = sequence({ tune: { preconditioner: fixed(0), arms: [arm] }, warmStart: false })
    const b = normal(4, A.rows)
    const { x, choice, iterations } = s.solveSync(A, b)
    expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1e-8)
    const { setup, iteration } = cgCost(A, built(arm, A))
    expect(choice.loss).toBeCloseTo(setup + iterations * iteration, 9)
    expect(setup).toBeGreaterThan(0)
    const again = restoreSequence(JSON.parse(JSON.stringify(s.save())))
    expect(again.solveSync(A, b).choice).toEqual(s.solveSync(A, b).choice)
  })
})

describe('arms', () => {
  it('cost more the more they keep', () => {
    const cost = (arm: Arm) => cgCost(A, built(arm, A))
    const tolerances = [0.1, 0.01, 1e-3].map(dropTolerance => cost(['ict', { dropTolerance }]))
    const degrees = [1, 2, 4].map(degree => cost(['amg', { degree }]))
    const aggregates = [200, 50, 10].map(size => cost(['twoLevel', { aggregates: size }]))
    for (const family of [tolerances, degrees, aggregates])
      expect(family.map(({ iteration }) => iteration)).toEqual(
        family.map(({ iteration }) => iteration).sort((p, q) => p - q),
      )
    expect(tolerances[2]!.setup).toBeGreaterThan(tolerances[0]!.setup)
  })

  it('are learnt among, budgets and all, to the bit after a restart', () => {
    const options = { tune: { preconditioner: thompson(), arms }, warmStart: false, seed: 5 }
    const whole = sequence(options)
    const first = sequence(options)
    const solve = (s: typeof whole, step: number) => expect(s.solveSync(A, normal(step, A.rows)).converged).toBe(true)
    for (let step = 0; step < 40; step++) solve(whole, step)
    for (let step = 0; step < 17; step++) solve(first, step)
    const second = restoreSequence(JSON.parse(JSON.stringify(first.save())))
    for (let step = 17; step < 40; step++) solve(second, step)
    expect(JSON.stringify(second.save())).toBe(JSON.stringify(whole.save()))
    expect(whole.report().arms.every(({ pulls }) => pulls > 0)).toBe(true)
    expect(whole.report().arms[1]!.pulls).toBeLessThan(6) // no preconditioner at all: over the budget
  })

  it('are shown by name and options', () => {
    expect(arms.map(labelOf).slice(-3)).toEqual([
      'amg degree=1 threshold=0.02',
      'twoLevel aggregates=16',
      'twoLevel base=(ssor omega=1.2) aggregates=40',
    ])
  })

  it.each([
    [[['ilu']], /an arm/],
    [['ic0'], /an arm/],
    [[['ict', { dropTolerance: -1 }]], /dropTolerance/],
    [[['ict', { maxFill: Number.POSITIVE_INFINITY }]], /JSON/],
    [[['twoLevel', { aggregates: new Int32Array(4) }]], /JSON/],
    [[['twoLevel', { base: ['amg'], aggregates: 16 }]], undefined],
    [[['twoLevel', { base: 'ic0' }]], /an arm/],
    [[['amg', { smoother: 'gauss' }]], /smoother/],
    [[['ssor', 3]], /arm ssor/],
    [[], /arms/],
    [[['ssor', { omega: 0 }]], /omega/],
  ])('refuse %j', (wrong, text) => {
    const options = { tune: { preconditioner: thompson(), arms: wrong } }
    const act = () => (sequence as Loose)(options)
    if (text !== undefined) expect(failure(act)).toMatchObject({ code: 'ERR_OPTION', message: text })
    else {
      const s = act() as ReturnType<typeof sequence>
      expect(failure(() => s.solveSync(A, normal(1, A.rows)))).toMatchObject({ code: 'ERR_OPTION', message: /base/ })
      expect(s.report().solves).toBe(0)
    }
  })
})

describe('ssor-cg', () => {
  it("iterates in Eisenstat's form on grids that are large enough, with as many iterations", () => {
    for (const [side, kind] of [
      [40, 'factor'],
      [50, 'diagonals'],
    ] as const) {
      const grid = poisson2d(side)
      const M = runSync(ssorBySize({ omega: 1.6 }).build('test', grid), makeControl('test', {}))
      expect(M.kind).toBe(kind)
      const b = normal(2, grid.rows)
      const s = sequence({ method: 'ssor-cg', tune: { omega: fixed(1.6) } })
      const found = s.solveSync(grid, b)
      const plain = cgSync(grid, b, { preconditioner: ssor({ omega: 1.6, schedule: 'serial' }) })
      expect(found.converged).toBe(true)
      expect(Math.abs(found.iterations - plain.iterations)).toBeLessThanOrEqual(1)
      // Eisenstat's form multiplies by A only to check
      if (kind === 'diagonals') expect(found.applications.operator).toBeLessThan(5)
      else expect(found.applications.operator).toBeGreaterThanOrEqual(found.iterations)
    }
  })
})
