import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { minresSync } from '../../src/krylov/minres.ts'
import { recyclingMinres, recyclingMinresSync } from '../../src/recycle/recyclingMinres.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { both } from '../support/both.ts'
import { expectInvariants } from '../support/invariants.ts'
import { densely, trueRelativeResidual } from '../support/problems.ts'
import { diagonal, times, withEigenvalues } from '../support/small.ts'
import { spaceOf } from '../support/spaces.ts'

type Options = NonNullable<Parameters<typeof recyclingMinresSync>[2]>
type Answer = ReturnType<typeof recyclingMinresSync>

const side = 30
const n = side * side

/** -Laplace - k^2 (1 + g), k^2 midway between two eigenvalues of the former; g drifts from step to step. */
function helmholtz(step: number): Csr {
  const A = poisson2d(side)
  const wave = (i: number) => 2 - 2 * Math.cos((i * Math.PI) / (side + 1))
  const waves = Array.from({ length: n }, (_, at) => wave(1 + (at % side)) + wave(1 + Math.floor(at / side)))
  waves.sort((one, other) => one - other)
  const k2 = (waves[11]! + waves[12]!) / 2
  const [g, h] = [normal(7, n), normal(8, n)]
  const shift = diagonal(Array.from(g, (gi, i) => -k2 * (1 + 0.2 * (gi + 0.03 * step * h[i]!))))
  const values = A.values.slice()
  const { rowPointers, columnIndices } = A.pattern
  for (let i = 0; i < n; i++)
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++)
      if (columnIndices[at] === i) values[at]! += shift.values[i]!
  return A.withValues(values)
}

/** A positive definite preconditioner that has little to do with A. */
const skewed = (v: Float64Array) => v.map((value, i) => value / (1 + (i % 4)))

/** Solves so many systems, handing the space on; each answer and space is checked. */
function play(count: number, options: Options = {}, matrix = helmholtz, applyM?: typeof skewed): Answer[] {
  const answers: Answer[] = []
  for (let step = 0; step < count; step++) {
    const A = matrix(step)
    const b = normal(50 + step, A.rows)
    const last = answers.at(-1)
    const answer = recyclingMinresSync(A, b, { ...options, ...(last && { space: last.space }) })
    expect(answer.reason).toBe('converged')
    expect(trueRelativeResidual(A, answer.x, b)).toBeLessThanOrEqual(1.001 * (options.rtol ?? 1e-8))
    expect(answer.products).toBe(answer.applications.operator)
    expectInvariants(A, answer.space, applyM)
    answers.push(answer)
  }
  return answers
}

const products = (answers: readonly Answer[]) => answers.reduce((sum, answer) => sum + answer.products, 0)

describe('recyclingMinres', () => {
  it.each([
    ['without a preconditioner', undefined],
    ['with one', skewed],
  ])('takes half of the products of minres on an indefinite sequence, %s', (_, M) => {
    const options = M ? { preconditioner: M } : {}
    const answers = play(6, options, helmholtz, M)
    const cold = answers.map((_, step) => minresSync(helmholtz(step), normal(50 + step, n), options))
    for (const { converged } of cold) expect(converged).toBe(true)
    const rest = cold.slice(1).reduce((sum, { applications }) => sum + applications.operator, 0)
    expect(products(answers.slice(1))).toBeLessThanOrEqual(0.55 * rest)
    expect(answers[0]!.recycleDrift).toBeNaN()
    for (const { recycleDrift, space } of answers.slice(1)) {
      expect(recycleDrift).toBeGreaterThan(0)
      expect(recycleDrift).toBeLessThan(0.2)
      expect(space.columns).toBe(20)
    }
  })

  it('without a space takes the steps of minres', () => {
    const [A, b] = [helmholtz(0), normal(3, n)]
    for (const recycle of [0, 10]) {
      const plain = recyclingMinresSync(A, b, { recycle })
      expect(Math.abs(plain.iterations - minresSync(A, b).iterations)).toBeLessThanOrEqual(2)
      expect(plain.space.columns).toBe(recycle)
    }
  })

  it('follows a preconditioner that comes and goes', () => {
    const [first] = play(1) as [Answer]
    const [A, b] = [helmholtz(1), normal(4, n)]
    const there = recyclingMinresSync(A, b, { preconditioner: skewed, space: first.space })
    expectInvariants(A, there.space, skewed)
    const back = recyclingMinresSync(A, b, { space: there.space })
    expectInvariants(A, back.space)
    for (const { x } of [there, back]) expect(trueRelativeResidual(A, x, b)).toBeLessThanOrEqual(1.001e-8)
  })

  it('gives the same in both forms, and matrix-free', async () => {
    const [{ space }] = play(1) as [Answer]
    const [A, b] = [helmholtz(1), normal(5, n)]
    const answer = await both(recyclingMinresSync, recyclingMinres, A, b, { space })
    const apply = (x: Float64Array, y: Float64Array) => void y.set(densely(A, x))
    const free = await recyclingMinres({ rows: n, columns: n, apply }, b, { space })
    expect(free.converged).toBe(true)
    expect(Math.abs(free.iterations - answer.iterations)).toBeLessThanOrEqual(0.05 * answer.iterations)
  })

  it('is in the units of A, however large those are', () => {
    const counts = play(2).map(({ iterations }) => iterations)
    for (const unit of [1e-150, 1e150]) {
      const answers = play(2, {}, step => times(helmholtz(step), unit))
      for (const [at, { iterations }] of answers.entries())
        expect(Math.abs(iterations - counts[at]!)).toBeLessThanOrEqual(10)
    }
  })

  it('takes any space for a guess: noise, zeros, dependent vectors, images that are not its own', () => {
    const [A, b] = [helmholtz(0), normal(6, n)]
    const noise = normal(7, 8 * n)
    const dependent = noise.slice()
    dependent.copyWithin(3 * n, 0, n)
    for (let i = 0; i < n; i++) dependent[5 * n + i] = 2 * noise[i]! - 1e-9 * noise[n + i]!
    const [{ space: own }] = play(1) as [Answer]
    const spaces = [
      spaceOf(noise, n),
      spaceOf(new Float64Array(3 * n), n),
      spaceOf(dependent, n),
      { ...own, images: normal(8, own.images.length) },
      play(1, {}, step => withEigenvaluesOf(step))[0]!.space,
    ]
    const cold = minresSync(A, b)
    for (const space of spaces)
      for (const preconditioner of [undefined, skewed]) {
        const answer = recyclingMinresSync(A, b, { space, ...(preconditioner && { preconditioner }) })
        expect(answer.converged).toBe(true)
        expect(trueRelativeResidual(A, answer.x, b)).toBeLessThanOrEqual(1.001e-8)
        expectInvariants(A, answer.space, preconditioner)
        if (!preconditioner) expect(answer.iterations).toBeLessThanOrEqual(1.2 * cold.iterations)
      }
  })

  it('goes on without a space that makes the projected matrix singular, which A is not', () => {
    const A = diagonal([1, -1, 2, 3, -4, 5])
    const b = Float64Array.of(1, 1, 1, 1, 1, 1)
    const space = spaceOf(Float64Array.of(1, 1, 0, 0, 0, 0), 6) // u^T A u = 0
    const answer = recyclingMinresSync(A, b, { space, rtol: 1e-12 })
    expect(answer.reason).toBe('converged')
    expect(trueRelativeResidual(A, answer.x, b)).toBeLessThanOrEqual(1.001e-12)
  })

  it('solves what lies in the space by the space', () => {
    const [A, x] = [helmholtz(0), normal(9, n)]
    const answer = recyclingMinresSync(A, densely(A, x), { space: spaceOf(x, n) })
    expect([answer.converged, answer.iterations, answer.products]).toEqual([true, 0, 2])
    const nothing = recyclingMinresSync(A, new Float64Array(n), { space: answer.space })
    expect([nothing.converged, nothing.products]).toEqual([true, 0])
    expect(nothing.space.vectors).toEqual(answer.space.vectors)
  })

  it('exhausts small matrices, one unknown among them', () => {
    for (const size of [1, 2, 3, 5, 20, 30]) {
      const values = Array.from({ length: size }, (_, i) => (1 + i) * (i % 2 ? -1 : 1))
      play(3, { rtol: 1e-12 }, () => withEigenvalues(values))
    }
    const empty = recyclingMinresSync(Csr.fromTriplets(0, 0, [], [], []), [])
    expect([empty.converged, empty.space.columns]).toEqual([true, 0])
  })

  it('solves a singular system that has a solution, and names one that has none', () => {
    const A = diagonal([3, -2, 1, 0])
    const space = spaceOf(normal(1, 8), 4)
    for (const given of [{}, { space }]) {
      const solved = recyclingMinresSync(A, [1, 1, 1, 0], given)
      expect(solved.converged).toBe(true)
      expect(trueRelativeResidual(A, solved.x, Float64Array.of(1, 1, 1, 0))).toBeLessThanOrEqual(1.001e-8)
      const none = recyclingMinresSync(A, [1, 1, 1, 1], given)
      expect(none.converged).toBe(false)
      expect(['breakdown', 'stagnated']).toContain(none.reason)
      expect(none.residualNorm).toBeGreaterThanOrEqual(1 - 1e-12) // of the part that A does not reach
    }
    const indefinite = (v: Float64Array) => v.map((value, i) => (i % 2 ? value : -value))
    expect(recyclingMinresSync(A, [1, 1, 1, 0], { space, preconditioner: indefinite }).reason).toBe(
      'indefinite-preconditioner',
    )
  })

  it.each<[what: string, code: string, options: object]>([
    ['a negative number of vectors', 'ERR_OPTION', { recycle: -1 }],
    ['more vectors than 200', 'ERR_OPTION', { recycle: 201 }],
    ['a word', 'ERR_OPTION', { recycle: 'auto' }],
    ['no Lanczos vectors', 'ERR_OPTION', { basis: 0 }],
    ['more of them than 600', 'ERR_OPTION', { basis: 601 }],
    ['no object as a space', 'ERR_TYPE', { space: null }],
    ['a space of another size', 'ERR_SHAPE', { space: spaceOf(new Float64Array(20), 10) }],
    ['single precision', 'ERR_TYPE', { space: { ...spaceOf(new Float64Array(n), n), vectors: new Float32Array(n) } }],
    ['what is not finite', 'ERR_NOT_FINITE', { space: spaceOf(new Float64Array(n).fill(Number.NaN), n) }],
    ['a null space', 'ERR_OPTION', { nullspace: 'constant' }],
  ])('refuses %s', (_, code, options) => {
    const [key] = Object.keys(options)
    expect(() => recyclingMinresSync(helmholtz(0), normal(1, n), options)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`recyclingMinresSync: option ${key}`) }),
    )
  })
})

/** A diagonal matrix of this many unknowns whose eigenvectors have nothing to do with those of the others. */
const withEigenvaluesOf = (step: number): Csr =>
  diagonal(Array.from(normal(90 + step, n), value => value + Math.sign(value) * 0.1))
