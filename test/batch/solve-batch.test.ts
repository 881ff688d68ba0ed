import { describe, expect, it } from 'vitest'
import type { BatchOptions, BatchProgress } from '../../src/batch/options.ts'
import { solveBatch } from '../../src/batch/solve-batch.ts'
import type { BatchSystem } from '../../src/batch/systems.ts'
import { KrylovError } from '../../src/core/errors.ts'
import { normal } from '../../src/core/random.ts'
import { cg } from '../../src/krylov/cg.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import { ric0 } from '../../src/precondition/ric0.ts'
import { gcrodr, gcrodrSync } from '../../src/recycle/gcrodr.ts'
import { solve } from '../../src/solve/solve.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { diffusion2d } from '../../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'
import { digest } from '../support/digest.ts'
import { trueRelativeResidual } from '../support/problems.ts'

const base = diffusion2d(13, { length: 0.3, seed: 1 })
const other = diffusion2d(13, { length: 0.3, seed: 2 })
const system = (i: number): { A: Csr; b: Float64Array } => {
  const t = ((i * 7) % 23) / 23
  return { A: base.withValues(base.values.map((a, k) => a + t * other.values[k]!)), b: normal(i, base.rows) }
}
const systems = (count: number) => Array.from({ length: count }, (_, i) => system(i))
const generated = (count: number) => ({ count, system })

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const result of results) list.push(result)
  return list
}

/** Indices and the bits of all solutions. */
const bits = async (...args: Parameters<typeof solveBatch>) =>
  (await all(solveBatch(...args))).map(({ index, solution }) => [index, solution && digest(solution.x)])

describe('solveBatch', () => {
  it('solves every system, in their order, and keeps the spaces for itself', async () => {
    const list = systems(40)
    const options = { preconditioner: jacobi, rtol: 1e-9, restart: 20, recycle: 8 }
    const results = await all(solveBatch(list, options))
    expect(results.map(({ index }) => index)).toEqual([...list.keys()])
    for (const { index, solution } of results) {
      expect(solution.converged).toBe(true)
      expect(solution).not.toHaveProperty('space')
      expect(solution.products).toBe(solution.applications.operator)
      expect(trueRelativeResidual(list[index]!.A, solution.x, list[index]!.b)).toBeLessThanOrEqual(1.001e-9)
    }
    const cold = list.map(({ A, b }) => gcrodrSync(A, b, options).products)
    const sum = (products: readonly number[]) => products.reduce((total, count) => total + count, 0)
    expect(sum(results.map(({ solution }) => solution.products))).toBeLessThan(0.85 * sum(cold))
  })

  it('has the same bits for any number of chains, and for any way to hand over a window', async () => {
    const list = systems(42)
    const wanted = await bits(list, { chains: 1, window: 20 })
    for (const chains of [2, 30]) expect(await bits(list, { chains, window: 20 })).toEqual(wanted)
    const source = generated(list.length)
    const iterable = new Set(list)
    async function* stream() {
      for (const one of list) {
        if (Math.random() < 0.3) await new Promise(setImmediate)
        yield one
      }
    }
    for (const form of [source, iterable, stream()]) expect(await bits(form, { chains: 3, window: 20 })).toEqual(wanted)
    const mixed = await bits(list, { chains: 3, window: 20, ordered: false })
    expect(mixed.sort(([i], [j]) => Number(i) - Number(j))).toEqual(wanted)
    expect(await bits(list, { window: 20, sort: false })).not.toEqual(wanted)
  })

  it('takes other methods, and gives them the options they share', async () => {
    const list = systems(5)
    const results = await all(solveBatch(list, { method: cg, preconditioner: ric0, rtol: 1e-10, history: true }))
    for (const { index, solution } of results) {
      expect(trueRelativeResidual(list[index]!.A, solution.x, list[index]!.b)).toBeLessThanOrEqual(1.001e-10)
      expect(solution.history).toHaveLength(solution.iterations + 1)
      expect(solution.spectrum.condition).toBeGreaterThan(1)
    }
    const chosen = await all(
      solveBatch(list, { method: (A, b, { signal }) => solve(A as Csr, b, signal ? { signal } : {}) }),
    )
    expect(chosen.map(({ solution }) => solution.converged)).toEqual([true, true, true, true, true])
  })

  it('solves them sorted by their fields, each with the space of the last of its size', async () => {
    const places = [5, 0, 3, 1, 4, 2]
    const asked: [number, boolean][] = []
    const list = places.map(place => {
      const A = place === 3 ? poisson2d(5) : poisson2d(4)
      return { A, b: new Float64Array(A.rows).fill(place + 1), field: [place, 2 * place] }
    })
    const method: BatchOptions['method'] = async (A, b, options) => {
      asked.push([b[0]! - 1, options.space !== undefined])
      return gcrodr(A, b, options)
    }
    const results = await all(solveBatch(list, { method, window: 6 }))
    expect(results.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
    expect(asked).toEqual([
      [5, false],
      [4, true],
      [3, false],
      [2, false],
      [1, true],
      [0, true],
    ])
  })

  it('tells how far it is', async () => {
    const seen: BatchProgress[] = []
    await all(solveBatch(systems(6), { onProgress: progress => seen.push(progress) }))
    expect(seen.map(({ solved, failed, count }) => [solved, failed, count])).toEqual(
      [1, 2, 3, 4, 5, 6].map(solved => [solved, 0, 6]),
    )
    const late = solveBatch(systems(6), {
      onProgress: ({ solved }) => {
        if (solved === 3) throw new RangeError('of my own')
      },
    })
    await expect(all(late)).rejects.toThrow(RangeError)
  })

  it('is empty for no systems, and starts nothing before it is asked', async () => {
    expect(await all(solveBatch([]))).toEqual([])
    expect(await all(solveBatch({ count: 0, system }))).toEqual([])
    let read = 0
    const counted = (i: number) => {
      read++
      return system(i)
    }
    solveBatch({ count: 5, system: counted })
    await new Promise(setImmediate)
    expect(read).toBe(0)
  })

  it('gives what does not converge as it is', async () => {
    const [first] = await all(solveBatch(systems(1), { maxIterations: 2 }))
    expect(first!.solution).toMatchObject({ converged: false, reason: 'max-iterations' })
  })
})

describe('a system that cannot be solved', () => {
  const bad = (at: number, what: object): BatchSystem[] =>
    systems(20).map((one, i) => (i === at ? { ...one, ...what } : one))

  it('ends the batch in its place, and is named', async () => {
    const seen: number[] = []
    const run = async () => {
      for await (const { index } of solveBatch(bad(11, { b: [1, 2] }))) seen.push(index)
    }
    const error = await run().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'KrylovError', code: 'ERR_SHAPE' })
    expect(String(error)).toMatch(/solveBatch: systems\[11\]: gcrodr: b must be 169 long, got 2/)
    expect((error as KrylovError).cause).toBeInstanceOf(KrylovError)
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('is a result of its own where that is asked for, and the others are solved with the same bits', async () => {
    const list = bad(11, { b: [1, 2] })
    const runs = await Promise.all(
      [1, 3].map(async chains => all(solveBatch(list, { onError: 'yield', chains, window: 20 }))),
    )
    for (const results of runs) {
      expect(results.map(({ index }) => index)).toEqual([...list.keys()])
      expect(results.filter(({ error }) => error !== undefined).map(({ index }) => index)).toEqual([11])
    }
    const [one, three] = runs.map(results => results.map(({ solution }) => solution && digest(solution.x)))
    expect(three).toEqual(one)
  })

  it.each([
    [{ A: 3 }, 'ERR_TYPE', /systems\[2\]: gcrodr: A must be/],
    [{ field: [1, Number.NaN] }, 'ERR_NOT_FINITE', /solveBatch: systems\[2\]\.field\[1\] must be finite/],
    [{ field: 'red' }, 'ERR_TYPE', /systems\[2\]\.field must be a Float64Array/],
    [{ b: new Float64Array(169).fill(Number.NaN) }, 'ERR_NOT_FINITE', /systems\[2\]: gcrodr: b\[0\] must be finite/],
  ])('%#', async (what, code, text) => {
    const results = await all(solveBatch(bad(2, what), { onError: 'yield', window: 1 }))
    expect(results).toHaveLength(20)
    expect(results[2]!.error).toMatchObject({ code })
    expect(String(results[2]!.error)).toMatch(text)
    expect(results.filter(({ solution }) => solution?.converged)).toHaveLength(19)
  })

  it('is no system, and fills a window', async () => {
    const list = [...new Array(8).fill(undefined), ...systems(2)]
    const results = await all(solveBatch(list, { onError: 'yield', window: 4 }))
    expect(results.map(({ error }) => (error as KrylovError | undefined)?.code)).toEqual([
      ...new Array(8).fill('ERR_TYPE'),
      undefined,
      undefined,
    ])
    await expect(all(solveBatch(list))).rejects.toThrow(/solveBatch: systems\[0\] must be a system/)
  })

  it('is no system, and does not hold up those before it in the last window', async () => {
    const list = [...systems(1), Promise.resolve(1) as unknown as BatchSystem]
    const results = await all(solveBatch(list, { onError: 'yield' }))
    expect(results[0]!.solution?.converged).toBe(true)
    expect(results[1]!.error).toMatchObject({ code: 'ERR_TYPE' })
    const without = solveBatch(list, { preconditioner: 'yield' as never })
    await expect(all(without)).rejects.toThrow(/solveBatch: systems\[0\]: gcrodr: option preconditioner/)
  })

  it("passes the errors of the user's own code on", async () => {
    const own = new RangeError('of my own')
    const method = async (_: unknown, b: ArrayLike<number>) => {
      if (b[0] === systems(4)[3]!.b[0]) throw own
      return gcrodr(base, b)
    }
    await expect(all(solveBatch(systems(6), { method }))).rejects.toBe(own)
    await expect(all(solveBatch(systems(6), { method: async () => undefined as never }))).rejects.toMatchObject({
      code: 'ERR_TYPE',
      message: expect.stringMatching(/what option method returns must be a solution/),
    })
    function* broken() {
      yield* systems(3)
      throw own
    }
    const seen: number[] = []
    const run = async () => {
      for await (const { index } of solveBatch(broken())) seen.push(index)
    }
    await expect(run()).rejects.toBe(own)
    expect(seen).toEqual([0, 1, 2])
  })
})

describe('misuse is refused at once', () => {
  it.each([
    [undefined, {}, 'ERR_TYPE', /solveBatch: systems must be an array, an iterable/],
    [new Float64Array(3), {}, 'ERR_TYPE', /systems must be/],
    [{ count: 3 }, {}, 'ERR_TYPE', /systems must be/],
    [{ count: -1, system }, {}, 'ERR_OPTION', /systems.count must be/],
    [[], 3, 'ERR_OPTION', /options must be an object/],
    [[], { chain: 2 }, 'ERR_OPTION', /did you mean chains/],
    [[], { chains: 0 }, 'ERR_OPTION', /option chains must be an integer from 1/],
    [[], { window: 1.5 }, 'ERR_OPTION', /option window/],
    [[], { sort: 'nearest' }, 'ERR_OPTION', /option sort/],
    [[], { ordered: 1 }, 'ERR_OPTION', /option ordered/],
    [[], { onError: 'skip' }, 'ERR_OPTION', /option onError/],
    [[], { method: 'cg' }, 'ERR_OPTION', /option method must be a function/],
    [[], { signal: 1 }, 'ERR_OPTION', /option signal/],
    [[], { threads: 0 }, 'ERR_OPTION', /option threads/],
    [[], { rtol: -1 }, 'ERR_OPTION', /option rtol/],
    [[], { onProgress: 1 }, 'ERR_OPTION', /option onProgress/],
  ])('%o %o', (given, options, code, text) => {
    const call = solveBatch as unknown as (...args: readonly unknown[]) => unknown
    expect(() => call(given, options)).toThrow(KrylovError)
    expect(() => call(given, options)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(text) }))
  })
})
