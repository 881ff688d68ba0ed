import { describe, expect, it } from 'vitest'
import { kernels } from '../../src/core/kernels.ts'
import { normal } from '../../src/core/random.ts'
import { float64, sharedFloat64 } from '../../src/core/shared.ts'
import { cg, cgSync } from '../../src/krylov/cg.ts'
import { families } from '../../src/learned/families.ts'
import { FEATURES } from '../../src/learned/features.steps.ts'
import { learned } from '../../src/learned/learned.ts'
import { parameterCount } from '../../src/learned/network.loops.ts'
import { shippedWeights } from '../../src/learned/shipped.ts'
import { type PreconditionerWeights, type ProlongationWeights, shapeOf } from '../../src/learned/weights.ts'
import { amg, DAMPING } from '../../src/precondition/amg.ts'
import { precondition } from '../../src/precondition/apply.steps.ts'
import type { Preconditioner } from '../../src/precondition/kinds.ts'
import type { Recipe } from '../../src/precondition/recipe.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { both } from '../support/both.ts'
import { trueRelativeResidual } from '../support/problems.ts'

const shipped = shippedWeights()
const size = parameterCount(shapeOf(shipped))
const F = FEATURES.length
/** The shipped weights with other parameters; normalisations stay. */
const withParameters = (change: (value: number, i: number) => number): ProlongationWeights => ({
  ...shipped,
  numbers: sharedFloat64(
    shipped.numbers.map((value, i) => (i % (size + 2 * F) < 2 * F ? value : change(value, i % (size + 2 * F)))),
  ),
})

/** z = M^-1 r */
function applied(M: Preconditioner, r: Float64Array): Float64Array {
  const z = new Float64Array(r.length)
  for (const _ of precondition(kernels, M, r, z));
  return z
}
const dot = (u: Float64Array, v: Float64Array): number => u.reduce((sum, ui, i) => sum + ui * v[i]!, 0)

describe('learned', () => {
  it('works out of the box, in both forms, and says what was used', async () => {
    const A = families.fem(40, { seed: 500 })
    const b = normal(1, A.rows)
    const { x, converged, preconditioner } = await both(cgSync, cg, A, b, { preconditioner: learned() })
    expect(converged).toBe(true)
    expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1.01e-8)
    expect(preconditioner).toEqual({ used: 'learned', why: 'as asked for' })
    const built = await learned(A)
    expect(cgSync(A, b, { preconditioner: built }).preconditioner).toEqual({ used: 'learned', why: 'as given' })
    expect(learned.sync(A).kind).toBe('amg')
  })

  it('is smoothed aggregation, iteration for iteration, where the last layer is zero', () => {
    const weights = {
      ...withParameters((v, i) => (i >= 2 * F + size - shipped.second - 1 ? 0 : v)),
      smoother: float64(0),
      correction: float64(0),
      damping: DAMPING,
    }
    for (const family of ['diff', 'fem', 'heat'] as const) {
      const A = families[family](36, { seed: 9 })
      const b = normal(2, A.rows)
      const run = (preconditioner: Recipe) => cgSync(A, b, { preconditioner, history: true }).history!
      const [ours, theirs] = [run(learned(weights, { precision: 'double' })), run(amg({ precision: 'double' }))]
      expect(ours.length).toBe(theirs.length)
      for (const [i, norm] of ours.entries()) expect(Math.abs(norm / theirs[i]! - 1)).toBeLessThanOrEqual(1e-6)
    }
  })

  it('is symmetric to 1e-12 and positive for random weights', () => {
    const A = families.fem(24, { seed: 11 })
    for (let seed = 0; seed < 4; seed++) {
      const draws = normal(seed, size + 2 * F)
      const M = learned.sync(A, { weights: withParameters((_, i) => draws[i]!), precision: 'double' })
      expect(M.kind).toBe('amg')
      const [r, s] = [normal(20 + seed, A.rows), normal(40 + seed, A.rows)]
      const [z, w] = [applied(M, r), applied(M, s)]
      const length = Math.sqrt(dot(z, z) * dot(s, s))
      expect(Math.abs(dot(z, s) - dot(r, w))).toBeLessThanOrEqual(1e-12 * length)
      expect(dot(r, z)).toBeGreaterThan(0)
      expect(dot(s, w)).toBeGreaterThan(0)
    }
  })

  it('does not see the scale of A', () => {
    const A = families.heat(30, { seed: 12 })
    const b = normal(3, A.rows)
    const counts = [1, 1e-12, 1e9].map(c => {
      const scaled = A.withValues(sharedFloat64(A.values.map(value => c * value)))
      const { iterations, converged, preconditioner } = cgSync(scaled, b, { preconditioner: learned() })
      expect([converged, preconditioner.used]).toEqual([true, 'learned'])
      return iterations
    })
    expect(new Set(counts).size).toBe(1)
  })

  it('is no slower than smoothed aggregation on systems that training never saw', () => {
    let [ours, theirs] = [0, 0]
    for (const family of ['diff', 'fem', 'heat', 'diff3d'] as const)
      for (const seed of [1, 2]) {
        const A = families[family](family === 'diff3d' ? 12 : 48, { seed })
        const b = normal(seed, A.rows)
        ours += cgSync(A, b, { preconditioner: learned() }).iterations
        theirs += cgSync(A, b, { preconditioner: amg() }).iterations
      }
    expect(ours).toBeLessThan(theirs)
  })

  it('is no learned one any more after amg.update, which says so', () => {
    const A = families.diff(40, { seed: 3 })
    const M = amg.updateSync(learned.sync(A), A.withValues(A.values.map(value => 2 * value)))
    const { converged, preconditioner } = cgSync(A, normal(4, A.rows), { preconditioner: M })
    expect([converged, preconditioner.used]).toEqual([true, 'amg'])
    expect(preconditioner.why).toMatch(/amg.update/)
  })

  it('serves small, empty and diagonal systems', () => {
    for (const A of [poisson2d(0), poisson2d(1), poisson2d(3)]) {
      const b = normal(1, A.rows)
      const { converged } = cgSync(A, b, { preconditioner: learned() })
      expect(converged).toBe(true)
    }
  })
})

describe('the guard', () => {
  const systems = (['diff', 'fem', 'heat', 'aniso', 'blocks'] as const).map(
    (family, at) => [family, families[family](at % 2 === 0 ? 30 : 36, { seed: 70 + at })] as const,
  )
  const draws = normal(99, size + 2 * F)
  const adversaries: readonly (readonly [string, (value: number, i: number) => number])[] = [
    ['random', (_, i) => 3 * draws[i]!],
    ['scaled by 1e3', value => 1e3 * value],
    ['shuffled', (_, i) => shipped.numbers[2 * F + ((i * 7919) % size)]!],
    ['scaled by -1e3', value => -1e3 * value],
    ['huge', (_, i) => (i % 2 === 0 ? 1e30 : -1e30)],
  ]
  // the done-when of 1000 solves: KRYLOV_LEARNED=1000
  const total = Number(process.env.KRYLOV_LEARNED ?? 100)

  it(`answers rightly with adversarial weights, ${total} solves`, () => {
    let [solves, guarded] = [0, 0]
    for (let round = 0; solves < total; round++)
      for (const [, change] of adversaries)
        for (const [, A] of systems) {
          if (solves++ >= total) return
          const b = normal(1000 + round, A.rows, solves)
          // every other one coarsens badly as well
          const preconditioner = learned({ ...withParameters(change), damping: solves % 2, rate: 0.25 })
          const { x, converged, preconditioner: report } = cgSync(A, b, { preconditioner })
          expect(converged).toBe(true)
          expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1.01e-8)
          if (report.used !== 'learned') guarded++
        }
    expect(guarded).toBeGreaterThan(0)
  })

  it('goes on with smoothed aggregation where a solve contracts worse than in training, and says so', () => {
    const [, A] = systems[1]!
    const b = normal(5, A.rows)
    const weights = { ...shipped, rate: 0.01 }
    const { x, converged, preconditioner, iterations, history } = cgSync(A, b, {
      preconditioner: learned(weights),
      history: true,
    })
    expect(converged).toBe(true)
    expect(preconditioner.used).toBe('amg')
    expect(preconditioner.why).toMatch(/given up after 8 iterations/)
    expect(history!.length).toBe(iterations + 1)
    expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1.01e-8)
  })

  it('probes where it is told to, or where many solves will follow', () => {
    const A = families.fem(40, { seed: 33 })
    const b = normal(5, A.rows)
    const bad = withParameters((_, i) => 3 * draws[i]!)
    const report = (options: object) => cgSync(A, b, { preconditioner: learned(bad, options) }).preconditioner
    expect(report({ probe: true })).toEqual({ used: 'amg', why: 'a probe found the learned one slower' })
    expect(report({ reuse: 8 }).used).toBe('amg')
    expect(cgSync(A, b, { preconditioner: learned(shipped, { probe: true }) }).preconditioner.used).toBe('learned')
  })
})

describe('weights', () => {
  const wrong: readonly (readonly [string, unknown, RegExp])[] = [
    ['nothing', null, /weights/],
    ['another kind', { kind: 'amg' }, /weights/],
    ['another version', { ...shipped, version: 1 }, /version 2/],
    ['another model', { ...shipped, model: 'neural' }, /model/],
    ['other features', { ...shipped, features: [...shipped.features].reverse() }, /features/],
    ['no units', { ...shipped, first: 0 }, /units/],
    ['wrong shapes', { ...shipped, numbers: shipped.numbers.subarray(1) }, /multiple/],
    ['NaN', withParameters(() => Number.NaN), /finite/],
    ['no damping', { ...shipped, damping: 2 }, /damping/],
    ['a factor without a start', { ...shipped, model: 'incompleteFactor' }, /features/],
    ['no rate', { ...shipped, rate: Number.NaN }, /rate/],
    ['a short head', { ...shipped, smoother: new Float64Array(1) }, /coefficients/],
  ]
  it.each(wrong)('are refused: %s', (_, weights, text) => {
    expect(() => learned(weights as PreconditionerWeights)).toThrow(text)
  })
})
