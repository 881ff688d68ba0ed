import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { gmresSync } from '../../src/krylov/gmres.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import { gcrodrSync } from '../../src/recycle/gcrodr.ts'
import type { RecycledSpace } from '../../src/recycle/space.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { convectionDiffusion2d } from '../../src/sparse/gallery/convection.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { expectInvariants } from '../support/invariants.ts'
import { trueRelativeResidual } from '../support/problems.ts'
import { diagonal, withEigenvalues } from '../support/small.ts'

const spaceOf = (vectors: Float64Array, rows: number, images = vectors): RecycledSpace => ({
  kind: 'recycled-space',
  rows,
  columns: vectors.length / rows,
  vectors,
  images,
  solutions: new Float64Array(0),
})
const A = convectionDiffusion2d(20, { diffusion: 0.02, angle: 0.7 })
const n = A.rows
const b = normal(1, n)

describe('a space that gcrodr has no use for', () => {
  it('never changes what the answer is, and costs at most a fifth more', () => {
    const cold = gcrodrSync(poisson2d(40), normal(2, 1600))
    for (const seed of [1, 2, 3]) {
      const space = spaceOf(normal(seed, 20 * 1600), 1600)
      const solution = gcrodrSync(poisson2d(40), normal(2, 1600), { space })
      expect(solution.converged).toBe(true)
      expect(trueRelativeResidual(poisson2d(40), solution.x, normal(2, 1600))).toBeLessThanOrEqual(1.001e-8)
      expectInvariants(poisson2d(40), solution.space)
      expect(solution.products).toBeLessThanOrEqual(1.2 * cold.products)
    }
  })

  it.each(['none', 'jacobi'] as const)('costs at most a fifth more where it is of an unrelated matrix: %s', recipe => {
    const given = recipe === 'none' ? {} : { preconditioner: jacobi }
    const matrices = [
      poisson2d(40),
      diffusion2d(40, { length: 0.3, seed: 1 }),
      diffusion2d(40, { length: 0.1, variance: 2, seed: 2 }),
      convectionDiffusion2d(40, { diffusion: 0.01, angle: 0.3 }),
      convectionDiffusion2d(40, { diffusion: 0.001, angle: 2 }),
    ]
    const rhs = normal(3, 1600)
    const spaces = matrices.map(B => gcrodrSync(B, normal(9, 1600), { ...given, solutions: 0 }).space)
    for (const [at, B] of matrices.entries()) {
      const cold = gcrodrSync(B, rhs, given)
      for (const space of spaces.filter((_, from) => from !== at)) {
        const solution = gcrodrSync(B, rhs, { ...given, space })
        expect(trueRelativeResidual(B, solution.x, rhs)).toBeLessThanOrEqual(1.001e-8)
        expect(solution.products).toBeLessThanOrEqual(1.2 * cold.products)
      }
    }
  })

  it('does not trust images of another matrix, where SciPy diverges', () => {
    const far = A.withValues(A.values.map((value, k) => value * (1 + (k % 7))))
    const { space } = gcrodrSync(far, b, { rtol: 1e-12 })
    const stale = gcrodrSync(A, b, { space })
    expect(trueRelativeResidual(A, stale.x, b)).toBeLessThanOrEqual(1.001e-8)
    const forged = gcrodrSync(A, b, { space: { ...space, images: normal(4, space.images.length).map(v => 1e8 * v) } })
    expect(forged.converged).toBe(true)
    expect(trueRelativeResidual(A, forged.x, b)).toBeLessThanOrEqual(1.001e-8)
  })

  it('drops columns that depend on others, or have no image', () => {
    const { space } = gcrodrSync(A, b)
    const vectors = space.vectors.slice()
    vectors.copyWithin(3 * n, 0, n) // twice the same
    for (let i = 0; i < n; i++) vectors[5 * n + i] = 2 * vectors[i]! - vectors[n + i]!
    vectors.fill(0, 7 * n, 8 * n)
    const whole = gcrodrSync(A, b, { space: { ...space, vectors }, solutions: 0 })
    expect(whole.converged).toBe(true)
    expectInvariants(A, whole.space)
    expect(whole.space.columns).toBeGreaterThan(0)
    const three = gcrodrSync(A, b, { space: spaceOf(new Float64Array(3 * n), n) })
    expect(three.converged).toBe(true)
  })

  it('takes the first of more vectors than it recycles', () => {
    const { space } = gcrodrSync(A, b)
    const solution = gcrodrSync(A, normal(2, n), { restart: 12, recycle: 5, space })
    expect([solution.converged, solution.space.columns <= 5]).toEqual([true, true])
    expectInvariants(A, solution.space)
  })
})

describe('gcrodr at its edges', () => {
  it('keeps complex pairs together', () => {
    // blocks with eigenvalues a +- i: every harmonic vector is one of two
    const [i, j, a]: [number[], number[], number[]] = [[], [], []]
    for (let at = 0; at < 300; at += 2) {
      const [re, im] = [0.05 + at / 20, 1]
      for (const [r, c, v] of [
        [0, 0, re],
        [0, 1, im],
        [1, 0, -im],
        [1, 1, re],
      ] as const) {
        i.push(at + r)
        j.push(at + c)
        a.push(v)
      }
    }
    const R = Csr.fromTriplets(300, 300, i, j, a)
    for (const recycle of [5, 6]) {
      const first = gcrodrSync(R, normal(3, 300), { restart: 14, recycle })
      expect(first.converged).toBe(true)
      expectInvariants(R, first.space)
      const second = gcrodrSync(R, normal(4, 300), { restart: 14, recycle, space: first.space })
      expect(second.converged).toBe(true)
      expectInvariants(R, second.space)
    }
  })

  it('exhausts a space smaller than restart, and solves again with what is left', () => {
    for (const size of [1, 2, 3, 7, 20]) {
      const M = withEigenvalues(Array.from({ length: size }, (_, at) => (at % 2 === 0 ? 1 : -1) * (1 + at)))
      const first = gcrodrSync(M, normal(size, size), { rtol: 1e-12 })
      expect(first.converged).toBe(true)
      expectInvariants(M, first.space)
      const second = gcrodrSync(M, normal(size + 1, size), { rtol: 1e-12, space: first.space })
      expect(second.converged).toBe(true)
      expectInvariants(M, second.space)
    }
  })

  it('solves from the space alone where the solution lies in it', () => {
    const { space, x } = gcrodrSync(A, b, { rtol: 1e-13 })
    const vectors = space.vectors.slice()
    vectors.set(x)
    const again = gcrodrSync(A, b, { space: { ...space, vectors }, solutions: 0 })
    expect(again.converged).toBe(true)
    expect(again.products).toBeLessThanOrEqual(space.columns + 3)
  })

  it('ends at once for b = 0, and leaves the space as it was given', () => {
    const { space } = gcrodrSync(A, b)
    const solution = gcrodrSync(A, new Float64Array(n), { space })
    expect([solution.converged, solution.iterations, Math.hypot(...solution.x)]).toEqual([true, 0, 0])
    expect(solution.space.vectors).toEqual(space.vectors)
    expect(gcrodrSync(A, b, { space }).space.vectors).toEqual(space.vectors) // solved by the first guess
  })

  it('names singular systems as gmres does', () => {
    const projector = diagonal([2, 4, 0])
    expect(gcrodrSync(projector, [2, 4, 0], { restart: 3 }).converged).toBe(true)
    const nothing = gcrodrSync(projector, [2, 4, 1], { restart: 3 })
    expect([nothing.converged, nothing.residualNorm]).toEqual([false, expect.closeTo(1, 10)])
    expect(nothing.reason).not.toBe('converged')
  })

  it('with nothing recycled is GMRES', () => {
    const [one, other] = [gcrodrSync(A, b, { restart: 25, recycle: 0 }), gmresSync(A, b, { restart: 25 })]
    expect(Math.abs(one.iterations - other.iterations)).toBeLessThanOrEqual(1)
    expect(one.space.columns).toBe(0)
  })

  it('takes long cycles', () => {
    const solution = gcrodrSync(A, b, { restart: 150, recycle: 70, rtol: 1e-12 })
    expect(solution.converged).toBe(true)
    expectInvariants(A, solution.space)
  })

  it.each([
    ['restart', 0, 'ERR_OPTION'],
    ['restart', 501, 'ERR_OPTION'],
    ['recycle', 40, 'ERR_OPTION'],
    ['recycle', -1, 'ERR_OPTION'],
    ['recycle', 1.5, 'ERR_OPTION'],
    ['solutions', 65, 'ERR_OPTION'],
    ['solutions', '8', 'ERR_OPTION'],
    ['space', null, 'ERR_TYPE'],
    ['space', {}, 'ERR_TYPE'],
    ['space', spaceOf(new Float64Array(20), 10), 'ERR_SHAPE'],
    ['space', { ...spaceOf(new Float64Array(n), n), columns: 2 }, 'ERR_SHAPE'],
    ['space', { ...spaceOf(new Float64Array(n), n), columns: 0.5 }, 'ERR_SHAPE'],
    ['space', { ...spaceOf(new Float64Array(n), n), vectors: new Float32Array(n) }, 'ERR_TYPE'],
    ['space', { ...spaceOf(new Float64Array(n), n), images: [...b] }, 'ERR_TYPE'],
    ['space', { ...spaceOf(new Float64Array(n), n), solutions: new Float64Array(n + 1) }, 'ERR_SHAPE'],
    ['space', { ...spaceOf(new Float64Array(n), n), solutions: undefined }, 'ERR_TYPE'],
    ['space', spaceOf(new Float64Array(n).fill(Number.NaN), n), 'ERR_NOT_FINITE'],
  ])('refuses %s %s', (key, value, code) => {
    expect(() => gcrodrSync(A, b, { [key]: value } as never)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`gcrodrSync: option ${key}`) }),
    )
  })
})
