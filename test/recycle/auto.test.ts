import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { ilu0 } from '../../src/precondition/ilu0.ts'
import { gcrodr, gcrodrSync, type RecyclingSolution } from '../../src/recycle/gcrodr.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { convectionDiffusion2d } from '../../src/sparse/gallery/convection.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { both } from '../support/both.ts'
import { expectInvariants } from '../support/invariants.ts'
import { trueRelativeResidual } from '../support/problems.ts'

const n = 256
const SYSTEMS = 20
const MEMORY = { restart: 16 } as const
type Options = NonNullable<Parameters<typeof gcrodrSync>[2]>

/** Counted bytes of a sequence with unrelated right-hand sides, of which solutions foretell nothing. */
function play(matrix: (step: number) => Csr, options: Options, chained: boolean) {
  let last: RecyclingSolution | undefined
  let bytes = 0
  const withSpace: boolean[] = []
  for (let step = 0; step < SYSTEMS; step++) {
    const [A, b] = [matrix(step), normal(100 + step, n)]
    last = gcrodrSync(A, b, { ...MEMORY, ...options, ...(chained && last && { space: last.space }) })
    expect(trueRelativeResidual(A, last.x, b)).toBeLessThanOrEqual(1.001e-8)
    bytes += last.bytes
    withSpace.push(!Number.isNaN(last.recycleDrift))
  }
  return { bytes, withSpace, space: last!.space }
}

const steady = diffusion2d(16, { length: 0.3, seed: 1 })
const wind = (step: number) => convectionDiffusion2d(16, { diffusion: 0.01, angle: 0.02 * step })

describe("recycle: 'auto'", () => {
  it.each([
    ['a space that pays', () => steady, {}, true],
    ['a space that does not', wind, {}, false],
    ['few iterations', () => steady, { preconditioner: ilu0 }, false],
  ] as const)('costs hardly more than the better of always and never: %s', (_, matrix, options, pays) => {
    const always = play(matrix, options, true)
    const never = play(matrix, options, false)
    const auto = play(matrix, { ...options, recycle: 'auto' }, true)
    expect(always.bytes < never.bytes).toBe(pays)
    expect(auto.bytes).toBeLessThanOrEqual(1.1 * Math.min(always.bytes, never.bytes))
    const used = auto.withSpace.filter(Boolean).length
    expect(pays ? SYSTEMS - used : used).toBeLessThanOrEqual(SYSTEMS / 4)
    expect(auto.space.choice!.recycling).toBe(pays)
  })

  it('hides nothing: a copy of the space goes on in the same way, in both forms', async () => {
    const { space } = play(() => steady, { recycle: 'auto' }, true)
    const b = normal(7, n)
    const copy = structuredClone(space)
    const one = await both(gcrodrSync, gcrodr, steady, b, { ...MEMORY, recycle: 'auto', space })
    expect(gcrodrSync(steady, b, { ...MEMORY, recycle: 'auto', space: copy }).x).toEqual(one.x)
    expect(one.space.choice).toMatchObject({ systems: SYSTEMS + 1 })
    expectInvariants(steady, one.space)
    expect(gcrodrSync(steady, b, { space }).space.choice).toBeUndefined()
  })

  it('asks first guesses that foretell nothing less and less often', () => {
    const { choice } = play(wind, { recycle: 'auto' }, true).space
    expect(choice!.failures).toBeGreaterThan(3)
    const calm = gcrodrSync(wind(0), normal(1, n), { recycle: 'auto' })
    expect(gcrodrSync(wind(0), normal(1, n), { recycle: 'auto', space: calm.space }).space.choice!.failures).toBe(0)
  })

  it('costs at most a fifth more with a space from elsewhere, and its history, and is right', () => {
    let { space } = gcrodrSync(steady, normal(2, n), { recycle: 'auto' })
    space = gcrodrSync(steady, normal(4, n), { recycle: 'auto', space }).space
    const [A, b] = [poisson2d(16), normal(3, n)]
    const cold = gcrodrSync(A, b)
    const solution = gcrodrSync(A, b, { recycle: 'auto', space })
    expect(trueRelativeResidual(A, solution.x, b)).toBeLessThanOrEqual(1.001e-8)
    expect(solution.products).toBeLessThanOrEqual(1.2 * cold.products)
  })

  it.each([
    [null, 'ERR_TYPE'],
    [{}, 'ERR_TYPE'],
    [3, 'ERR_TYPE'],
  ])('refuses the choice %s', (choice, code) => {
    const { space } = gcrodrSync(steady, normal(1, n), { recycle: 'auto' })
    const forged = { recycle: 'auto', space: { ...space, choice: choice as never } } as const
    expect(() => gcrodrSync(steady, normal(1, n), forged)).toThrow(expect.objectContaining({ code }))
    const broken = { ...space, choice: { ...space.choice!, gain: Number.NaN } }
    expect(() => gcrodrSync(steady, normal(1, n), { recycle: 'auto', space: broken })).toThrow(/space\.choice\.gain/)
  })

  it('refuses other words', () => {
    expect(() => gcrodrSync(steady, normal(1, n), { recycle: 'always' as never })).toThrow(/option recycle/)
  })
})
