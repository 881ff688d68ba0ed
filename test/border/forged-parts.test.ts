import { describe, expect, it } from 'vitest'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { callNative, startNative } from '../../src/core/native.ts'
import { float64 } from '../../src/core/shared.ts'
import { Csr, cg, ic0, KrylovError, poisson2d, uniform } from '../../src/index.ts'
import { reference } from '../../src/kernels/reference.ts'
import { runPatternSteps } from '../../src/sparse/run-pattern.steps.ts'
import { slicePatternSteps } from '../../src/sparse/slices.steps.ts'
import { generator } from '../support/random.ts'

/* What methods hand each other inside, forged: a KrylovError, and nothing is read or written elsewhere. */

const control = makeControl('test', {})
const stopping = { rtol: 1e-8, atol: 0, maxIterations: 5, warm: false, history: false, slow: 0 }
const A = poisson2d(40, 30)
const n = A.rows
const refused = (name: string, ...args: unknown[]) =>
  expect(() => callNative(name, args, control)).toThrow(expect.objectContaining({ name: 'KrylovError' }))
const changed = (list: Int32Array, at: number, value: number) => {
  const copy = new Int32Array(new SharedArrayBuffer(list.byteLength))
  copy.set(list)
  copy[at] = value
  return copy
}
const pointing = (at: number, value: number) => ({
  pattern: { ...A.pattern, rowPointers: changed(A.pattern.rowPointers, at, value) },
  values: A.values,
})

describe('the values of runs', () => {
  const runs = runSync(runPatternSteps(reference, A.pattern), control)

  it('of a row that begins nowhere', () => {
    for (const value of [-1, -5, -(2 ** 31), 2 ** 31 - 1, A.nonZeros + 1, A.nonZeros])
      refused('runValues', pointing(runs.starts[3]!, value), runs)
  })

  it('of runs that overlap, or are longer than the matrix', () => {
    const all = { starts: Int32Array.of(0, n, n), stencils: Int32Array.of(0, 0), offsets: Int32Array.of(0) }
    refused('runValues', A, { ...all, pointers: Int32Array.of(0, 3) })
    for (const wide of [A.nonZeros, 2 ** 31 - 1, -1])
      refused('runValues', A, {
        ...all,
        starts: Int32Array.of(0, n),
        stencils: Int32Array.of(0),
        pointers: Int32Array.of(0, wide),
      })
    const wide = Csr.fromTriplets(2, 9, new Array(9).fill(0), [0, 1, 2, 3, 4, 5, 6, 7, 8], new Array(9).fill(1))
    const twice = { starts: Int32Array.of(0, 1, 2), stencils: Int32Array.of(0, 1), offsets: Int32Array.of(0) }
    const again = { pattern: { ...wide.pattern, rowPointers: Int32Array.of(0, 0, 9) }, values: wide.values }
    refused('runValues', again, { ...twice, pointers: Int32Array.of(0, 9, 18) })
  })

  it('while offsets are written to', async () => {
    const random = generator(5)
    const large = poisson2d(300)
    const parts = runSync(runPatternSteps(reference, large.pattern), control)
    for (let round = 0; round < 20; round++) {
      const shared = Object.fromEntries(Object.entries(parts).map(([name, list]) => [name, changed(list, 0, list[0]!)]))
      const job = startNative('runValues', [large, shared], control).catch(error =>
        expect(error).toBeInstanceOf(KrylovError),
      )
      const until = performance.now() + 4
      while (performance.now() < until)
        for (const list of Object.values(shared))
          list[Math.floor(random() * list.length)] = Math.floor(random() * 400) * (random() < 0.1 ? -1 : 1)
      await job
    }
  })
})

it('slices of a matrix without entries', () => {
  const slices = runSync(slicePatternSteps(reference, A.pattern), control)
  const empty = Csr.fromTriplets(n, n, [], [], [])
  refused('sliceValues', empty, slices, float64(slices.columns.length))
  const values = float64(slices.columns.length)
  callNative('sliceValues', [pointing(5, 2 ** 31 - 1), slices, values], control)
  expect(values.every(Number.isFinite)).toBe(true)
})

it('a guess for another matrix', () => {
  const vector = (length: number) => float64(length).fill(1)
  refused('guess', A, vector(n), vector(n - 1), vector(2 * n), stopping)
  refused('guess', A, vector(n - 1), vector(n - 1), vector(2 * n - 2), stopping)
  refused('guess', Csr.fromTriplets(n, 2 * n, [0], [2 * n - 1], [1]), vector(n), vector(n), vector(n), stopping)
  const { pattern, values } = A
  const wild = { pattern: { ...pattern, columnIndices: changed(pattern.columnIndices, 7, n) }, values }
  refused('guess', wild, vector(n), vector(n), vector(n), stopping)
})

it('an order of elimination that is no permutation', () => {
  const settings = { dropTolerance: 0, maxFill: 1e9, pivotTolerance: 1 }
  const natural = Int32Array.from({ length: n }, (_, i) => i)
  for (const value of [1, -1, n]) refused('lu', A, changed(natural, 0, value), settings)
  refused('lu', A, natural.slice(1), settings)
})

it('an abort while several threads solve blocks of a factor', async () => {
  const large = poisson2d(700)
  const b = uniform(1, large.rows)
  const M = await ic0(large, { blocks: 4, schedule: 'serial' })
  for (let round = 0; round < 30; round++) {
    const controller = new AbortController()
    const solve = cg(large, b, { preconditioner: M, rtol: 1e-300, signal: controller.signal, threads: 2 })
    setTimeout(() => controller.abort('enough'), 15 + (round % 9))
    await expect(solve).rejects.toBe('enough')
  }
  expect((await cg(poisson2d(10), uniform(1, 100))).converged).toBe(true)
})
