import { describe, expect, it } from 'vitest'
import { normal } from '../../src/core/random.ts'
import { symmetricEigen } from '../../src/dense/symmetric-eigen.steps.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { cellCentred } from '../../src/learned/cell-centred.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import { deflatedCg, deflatedCgSync } from '../../src/recycle/deflatedCg.ts'
import { gcrodrSync } from '../../src/recycle/gcrodr.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { both } from '../support/both.ts'
import { densely, gallery, trueRelativeResidual } from '../support/problems.ts'
import { withEigenvalues } from '../support/small.ts'
import { spaceOf } from '../support/spaces.ts'

type Options = NonNullable<Parameters<typeof deflatedCgSync>[2]>
type Answer = ReturnType<typeof deflatedCgSync>

const n = 400
const A = diffusion2d(20, { length: 0.3, seed: 1 })

/** Solves with so many right-hand sides, handing the space on. */
function play(count: number, options: Options = {}, matrix: (step: number) => Csr = () => A): Answer[] {
  const answers: Answer[] = []
  for (let step = 0; step < count; step++) {
    const b = normal(50 + step, n)
    const last = answers.at(-1)
    const answer = deflatedCgSync(matrix(step), b, { ...options, ...(last && { space: last.space }) })
    expect(answer.reason).toBe('converged')
    expect(trueRelativeResidual(matrix(step), answer.x, b)).toBeLessThanOrEqual(1.001 * (options.rtol ?? 1e-8))
    answers.push(answer)
  }
  return answers
}

/** Eigenvalues of D^-1/2 A D^-1/2 by the dense method, ascending. */
function eigenvalues(matrix: Csr, d: (i: number) => number): Float64Array {
  const { values } = matrix.toDense()
  const size = matrix.rows
  const scaled = values.map((value, at) => value / Math.sqrt(d(Math.floor(at / size)) * d(at % size)))
  const steps = symmetricEigen(scaled, size)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value!.values
  }
}

describe('deflatedCg', () => {
  it('finds the 8 smallest eigenvalues on its way, and takes 0.6 of the iterations with them', () => {
    const answers = play(20, { eigenvectors: 8, basis: 24, preconditioner: jacobi, rtol: 1e-10 })
    expect(answers[9]!.iterations).toBeLessThanOrEqual(0.6 * answers[0]!.iterations)
    const d = A.diagonal()
    const exact = eigenvalues(A, i => d[i]!)
    for (let j = 0; j < 8; j++) {
      expect(answers[19]!.values[j]! / exact[j]! - 1).toBeLessThanOrEqual(1e-6)
      expect(answers[19]!.values[j]! / exact[j]! - 1).toBeGreaterThanOrEqual(-1e-10) // from above
    }
  })

  it('finds those of eight permeable islands in ten sides, the defaults told', () => {
    const N = 20
    const k = new Float64Array(N * N).fill(1)
    for (let island = 0; island < 8; island++) {
      const corner = (3 + 9 * Math.floor(island / 4)) * N + 1 + 5 * (island % 4)
      for (let row = 0; row < 3; row++) k.fill(1e4 * (1 + island / 8), corner + row * N, corner + row * N + 3)
    }
    const islands = cellCentred('test', 2, N, k)
    const d = islands.diagonal()
    const exact = eigenvalues(islands, i => d[i]!)
    let last: Answer | undefined
    const iterations: number[] = []
    for (let side = 0; side < 10; side++) {
      last = deflatedCgSync(islands, normal(side, N * N), {
        preconditioner: jacobi,
        ...(last && { space: last.space }),
      })
      iterations.push(last.iterations)
    }
    expect(iterations[9]).toBeLessThanOrEqual(0.3 * iterations[0]!)
    for (let j = 0; j < 8; j++) expect(Math.abs(last!.values[j]! / exact[j]! - 1)).toBeLessThanOrEqual(1e-6)
  })

  it('needs no preconditioner for that, where eigenvalues spread wider and sharpen later', () => {
    const answers = play(10)
    expect(answers[9]!.iterations).toBeLessThanOrEqual(0.6 * answers[0]!.iterations)
    const exact = eigenvalues(A, () => 1)
    for (let j = 0; j < 8; j++) {
      const errors = [0, 2, 9].map(at => answers[at]!.values[j]! / exact[j]! - 1) as [number, number, number]
      expect(errors[2]).toBeGreaterThanOrEqual(-1e-10)
      expect(errors[2]).toBeLessThanOrEqual(0.05)
      expect(errors[2]).toBeLessThanOrEqual(errors[0])
    }
  })

  it('keeps the residual orthogonal to the given space, hands on one that is A-orthonormal, and estimates from above', () => {
    const dot = (u: Float64Array, v: Float64Array) => u.reduce((sum, ui, i) => sum + ui * v[i]!, 0)
    const columns = (V: Float64Array) => Array.from({ length: V.length / n }, (_, j) => V.subarray(j * n, (j + 1) * n))
    const d = A.diagonal()
    for (const preconditioner of [undefined, jacobi]) {
      const answers = play(6, { ...(preconditioner && { preconditioner }) })
      for (const [step, { x, space, values }] of answers.entries()) {
        const b = normal(50 + step, n)
        const r = densely(A, x).map((value, i) => b[i]! - value)
        for (const w of step === 0 ? [] : columns(answers[step - 1]!.space.vectors))
          expect(Math.abs(dot(w, r))).toBeLessThanOrEqual(1e-13 * Math.sqrt(dot(w, w) * dot(b, b)))
        const U = columns(space.vectors)
        const images = U.map(u => densely(A, u))
        expect([U.length, space.images.length]).toEqual([values.length, 0])
        for (const [j, image] of images.entries()) {
          for (const [i, u] of U.entries())
            expect(Math.abs(dot(u, image) - (i === j ? 1 : 0))).toBeLessThanOrEqual(0.02)
          const z = image.map((value, i) => (preconditioner ? value / d[i]! : value))
          expect(dot(image, z) / dot(U[j]!, image)).toBeLessThanOrEqual(values[j]! * (1 + 1e-10))
        }
      }
    }
  })

  it('without a space, and without eigenvectors, is CG', () => {
    for (const options of [{}, { preconditioner: ic0 }]) {
      const b = normal(3, n)
      const { iterations } = cgSync(A, b, options)
      for (const eigenvectors of [0, 4]) {
        const plain = deflatedCgSync(A, b, { ...options, eigenvectors })
        expect(Math.abs(plain.iterations - iterations)).toBeLessThanOrEqual(1)
        expect(plain.products).toBe(plain.applications.operator)
        expect(plain.values.length).toBe(plain.space.columns)
      }
    }
  })

  it('follows a matrix that changes, and a preconditioner that comes and goes', () => {
    const other = diffusion2d(20, { length: 0.3, seed: 2 })
    const between = (step: number) => A.withValues(A.values.map((a, k) => a + 0.02 * step * other.values[k]!))
    const answers = play(6, {}, between)
    expect(answers[5]!.iterations).toBeLessThanOrEqual(0.65 * answers[0]!.iterations)
    const b = normal(4, n)
    const { space } = answers[5]!
    const preconditioned = deflatedCgSync(between(6), b, { preconditioner: ic0, space })
    expect(trueRelativeResidual(between(6), preconditioned.x, b)).toBeLessThanOrEqual(1.001e-8)
    const back = deflatedCgSync(between(6), b, { space: preconditioned.space })
    expect(trueRelativeResidual(between(6), back.x, b)).toBeLessThanOrEqual(1.001e-8)
  })

  it('gives the same in both forms, and matrix-free', async () => {
    const [first] = play(1) as [Answer]
    const b = normal(5, n)
    const answer = await both(deflatedCgSync, deflatedCg, A, b, { space: first.space })
    const operator = { rows: n, columns: n, apply: (x: Float64Array, y: Float64Array) => void y.set(densely(A, x)) }
    const free = await deflatedCg(operator, b, { space: first.space })
    expect(free.converged).toBe(true)
    expect(Math.abs(free.iterations - answer.iterations)).toBeLessThanOrEqual(2)
  })

  it('is in the units of A, however large those are', () => {
    for (const unit of [1e-150, 1e140]) {
      const scaled = A.withValues(A.values.map(value => value * unit))
      const [first, second] = play(2, {}, () => scaled) as [Answer, Answer]
      expect(second.iterations).toBeLessThan(0.8 * first.iterations)
      expect(second.values[0]! / unit).toBeCloseTo(play(2)[1]!.values[0]!, 3)
    }
  })

  it('takes any space for a guess: noise, zeros, dependent vectors, one of gcrodr, one of another matrix', () => {
    const b = normal(6, n)
    const noise = normal(7, 8 * n)
    const dependent = noise.slice()
    dependent.copyWithin(3 * n, 0, n)
    for (let i = 0; i < n; i++) dependent[5 * n + i] = 2 * noise[i]! - 1e-9 * noise[n + i]!
    const spaces = [
      spaceOf(noise, n),
      spaceOf(new Float64Array(3 * n), n),
      spaceOf(dependent, n),
      gcrodrSync(A, normal(8, n)).space,
      play(1, {}, () => diffusion2d(20, { length: 0.02, variance: 4, seed: 9 }))[0]!.space,
    ]
    const cold = deflatedCgSync(A, b)
    for (const space of spaces) {
      const answer = deflatedCgSync(A, b, { space })
      expect(answer.converged).toBe(true)
      expect(trueRelativeResidual(A, answer.x, b)).toBeLessThanOrEqual(1.001e-8)
      expect(answer.iterations).toBeLessThanOrEqual(1.05 * cold.iterations)
    }
    const back = gcrodrSync(A, b, { space: cold.space })
    expect([back.converged, back.recycleDrift]).toEqual([true, Number.NaN])
  })

  it('solves what lies in the space by the space', () => {
    const x = normal(9, n)
    const answer = deflatedCgSync(A, densely(A, x), { space: spaceOf(x, n) })
    expect([answer.converged, answer.iterations, answer.products]).toEqual([true, 0, 2])
    const nothing = deflatedCgSync(A, new Float64Array(n), { space: answer.space })
    expect([nothing.converged, nothing.products]).toEqual([true, 0])
    expect(nothing.space.vectors).toEqual(answer.space.vectors)
  })

  it('exhausts small matrices', () => {
    for (const size of [1, 2, 3, 5, 20, 30]) {
      const M = withEigenvalues(Array.from({ length: size }, (_, i) => 1 + i))
      const first = deflatedCgSync(M, normal(size, size), { rtol: 1e-12 })
      const second = deflatedCgSync(M, normal(size + 1, size), { rtol: 1e-12, space: first.space })
      expect([first.converged, second.converged]).toEqual([true, true])
    }
  })

  it('names a matrix that is not definite', () => {
    const { A, b } = gallery.find(({ tag }) => tag === 'indefinite')!
    const answer = deflatedCgSync(A, b, { space: spaceOf(normal(1, 4 * A.rows), A.rows) })
    if (answer.converged) expect(trueRelativeResidual(A, answer.x, b)).toBeLessThanOrEqual(1.001e-8)
    else expect(answer.reason).toBe('indefinite-operator')
  })

  it.each([
    ['eigenvectors', -1, 'ERR_OPTION'],
    ['eigenvectors', 201, 'ERR_OPTION'],
    ['eigenvectors', '8', 'ERR_OPTION'],
    ['basis', 16, 'ERR_OPTION'],
    ['basis', 1001, 'ERR_OPTION'],
    ['recycle', 0.5, 'ERR_OPTION'],
    ['recycle', 401, 'ERR_OPTION'],
    ['space', null, 'ERR_TYPE'],
    ['space', spaceOf(new Float64Array(20), 10), 'ERR_SHAPE'],
    ['nullspace', 'constant', 'ERR_OPTION'],
  ])('refuses %s %s', (key, value, code) => {
    expect(() => deflatedCgSync(A, normal(1, n), { [key]: value } as never)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`deflatedCgSync: option ${key}`) }),
    )
  })
})
