import { describe, expect, it } from 'vitest'
import { kernels } from '../../src/core/kernels.ts'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { reference } from '../../src/kernels/reference.ts'
import { expectClose } from '../support/close.ts'
import { generator, randomVector } from '../support/random.ts'

/* Native kernels over a basis against the reference, to the bound of any order of summation. */

const SIZES = [0, 1, 2, 7, 8, 9, 63, 64, 65, 1023, 1024, 1025, 2049, 40_000]

describe('basis kernels', () => {
  for (const n of SIZES)
    for (const count of [0, 1, 3, 4, 9])
      it(`n = ${n}, ${count} vectors`, () => {
        const random = generator(n + count)
        const [V, w, h] = [randomVector(random, n * count, 1), randomVector(random, n), randomVector(random, count)]
        const sizes = new Float64Array(count)
        const size = (k: Kernels, room: number) => {
          const [u, dots, out] = [w.slice(), new Float64Array(count), new Float64Array(room)]
          if (count > 0) k.basisDots(V, w, dots)
          k.basisSubtract(V, h, u, out)
          return { u, dots, out }
        }
        reference.basisDots(V.map(Math.abs), w.map(Math.abs), sizes)
        const whole = w.map((wi, i) => h.reduce((sum, hj, j) => sum + Math.abs(hj * V[j * n + i]!), Math.abs(wi)))
        const [square, terms] = [whole.reduce((sum, wi) => sum + wi * wi, 0), () => n + count + 2]
        const along = new Float64Array(count)
        reference.basisDots(V.map(Math.abs), whole, along)
        for (const room of [1, count + 1]) {
          const [got, wanted] = [size(kernels, room), size(reference, room)]
          expectClose(got.dots, wanted.dots, j => sizes[j]!, terms)
          expectClose(got.u, wanted.u, i => whole[i]!, terms)
          expectClose(got.out, wanted.out, j => (j === room - 1 ? square : along[j]!), terms)
        }
      })
})

describe('combinations of a basis', () => {
  for (const n of SIZES)
    for (const [count, columns] of [
      [1, 1],
      [3, 5],
      [9, 4],
      [9, 9],
    ] as const)
      it(`n = ${n}, ${count} vectors into ${columns}`, () => {
        const random = generator(n + count)
        const [V, S] = [randomVector(random, n * count, 1), randomVector(random, count * columns)]
        const X = randomVector(random, n * columns)
        const [from, to] = [Math.min(n, 5), Math.max(Math.min(n, 5), n - 3)]
        const combine = (k: Kernels, beta: number, v: Float64Array, x: Float64Array, s: Float64Array) => {
          k.basisCombine(v, s, beta, x, n, from, to)
          return x
        }
        for (const beta of [0, 1, -0.5]) {
          const [got, wanted] = [combine(kernels, beta, V, X.slice(), S), combine(reference, beta, V, X.slice(), S)]
          const sizes = combine(reference, Math.abs(beta), V.map(Math.abs), X.map(Math.abs), S.map(Math.abs))
          const size = (i: number) => sizes[i]!
          expectClose(got, wanted, size, () => count + 2)
        }
        if (columns > count) return
        // the first vectors of the basis give way to the combinations
        const [got, wanted] = [V.slice(), combine(reference, 0, V, X.slice(), S)]
        combine(kernels, 0, got, got.subarray(0, columns * n), S)
        const inside = (i: number) => i % n >= from && i % n < to
        for (let i = 0; i < got.length; i++)
          expect(Math.abs(got[i]! - (i < columns * n && inside(i) ? wanted[i]! : V[i]!))).toBeLessThan(1e-13 * count)
      })
})
