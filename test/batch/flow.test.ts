import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { solveBatch } from '../../src/batch/solve-batch.ts'
import { float64 } from '../../src/core/shared.ts'
import type { CsrData, Operator } from '../../src/core/types.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { gcrodr } from '../../src/recycle/gcrodr.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'

/* How a batch flows: what is read and held, when it stops, and that it stops. */

const small = Csr.fromDense({
  rows: 4,
  columns: 4,
  values: Float64Array.of(4, 1, 0, 0, 1, 5, 1, 0, 0, 1, 6, 1, 0, 0, 1, 7),
})
const A = poisson2d(12)
const b = new Float64Array(A.rows).fill(1)
setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
const rest = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

describe('a stream of systems', () => {
  it('of 100 000: less than 64 are held, counted and by memory', async () => {
    const count = 100_000
    let [made, taken, most, held] = [0, 0, 0, 0]
    const source = {
      count,
      system(i: number) {
        made++
        most = Math.max(most, made - taken)
        return { A: small.withValues(small.values), b: float64(4).fill(i), field: [i % 97] }
      },
    }
    const method = async (A: CsrData | Operator, b: ArrayLike<number>) => cgSync(A, b)
    const { heapUsed, external } = process.memoryUsage()
    let last = -1
    for await (const { index, solution } of solveBatch(source, { method })) {
      taken++
      if (index !== ++last || !solution.converged) expect.fail(`result ${index}: ${solution.reason}`)
      if (index % 10_000 === 0) {
        collect()
        const now = process.memoryUsage()
        held = Math.max(held, now.heapUsed - heapUsed + now.external - external)
      }
    }
    expect(taken).toBe(count)
    expect(most).toBeLessThan(64)
    expect(held).toBeLessThan(5e6) // 50 bytes for each of them would be that
  })

  it('lets systems go when they are solved', async () => {
    let live = 0
    let most = 0
    const registry = new FinalizationRegistry(() => live--)
    const source = {
      count: 300,
      system() {
        const system = { A, b: Float64Array.from(b) }
        registry.register(system.b, 0)
        most = Math.max(most, ++live)
        return system
      },
    }
    let n = 0
    for await (const { solution } of solveBatch(source, { rtol: 1e-3 })) {
      expect(solution.converged).toBe(true)
      if (n++ % 10 === 0) {
        collect()
        await rest(1)
      }
    }
    expect(n).toBe(300)
    expect(most).toBeLessThan(64 + 32) // a collection every 10 results, some under way
  })

  it('is read no further than results are taken', async () => {
    let read = 0
    const source = {
      count: 1000,
      system() {
        read++
        return { A, b }
      },
    }
    for (const ordered of [true, false]) {
      read = 0
      const results = solveBatch(source, { window: 10, ordered })
      for (let taken = 1; taken <= 30; taken++) {
        await results.next()
        if (taken % 10 === 1) await rest(30)
        expect(read - taken).toBeLessThan(20)
      }
      expect(read).toBeGreaterThan(30)
      await results.return()
    }
  })

  it.each([1, 2, 3, 50])('has %i chains at work, and no more', async chains => {
    let [running, most] = [0, 0]
    const method = async (...args: Parameters<typeof gcrodr>) => {
      most = Math.max(most, ++running)
      const solution = await gcrodr(...args)
      running--
      return solution
    }
    const list = Array.from({ length: 70 }, () => ({ A, b }))
    for await (const { solution } of solveBatch(list, { method, chains, rtol: 1e-2 }))
      expect(solution.converged).toBe(true)
    expect(most).toBe(Math.min(chains, 8)) // 70 systems are cut into 8
  })

  it('that waits for its systems holds up no one', async () => {
    async function* slow() {
      for (let i = 0; i < 6; i++) {
        await rest(2)
        yield { A, b }
      }
    }
    const seen: number[] = []
    for await (const { index } of solveBatch(slow(), { window: 2 })) seen.push(index)
    expect(seen).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('lets the event loop go round where a method answers at once', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const begun = performance.now()
    const solution = await gcrodr(A, b)
    const busy = async () => {
      const end = performance.now() + 1
      while (performance.now() < end);
      return { ...solution }
    }
    for await (const { index } of solveBatch({ count: 100, system: () => ({ A, b }) }, { method: busy }))
      expect(index).toBeLessThan(100)
    clearInterval(timer)
    expect(turns).toBeGreaterThan((performance.now() - begun) / 50)
  })
})

/** Systems, and whether their iterator was closed. */
function closable() {
  const state = { closed: 0, read: 0, solved: 0 }
  function* make() {
    try {
      for (;;) {
        state.read++
        yield { A, b }
      }
    } finally {
      state.closed++
    }
  }
  const method = async (...args: Parameters<typeof gcrodr>) => {
    const solution = await gcrodr(...args)
    state.solved++
    return solution
  }
  return { state, systems: make(), method }
}

describe('what stops a batch', () => {
  it('break: nothing more is read or solved, and the iterator is closed', async () => {
    const { state, systems, method } = closable()
    for await (const { index } of solveBatch(systems, { method })) if (index === 5) break
    const { read, solved } = state
    expect(state.closed).toBe(1)
    await rest(30)
    expect(state).toEqual({ closed: 1, read, solved })
  })

  it('an error in the loop, and an error of a system', async () => {
    const { state, systems, method } = closable()
    const run = async () => {
      for await (const { index } of solveBatch(systems, { method })) if (index === 3) throw new RangeError('enough')
    }
    await expect(run()).rejects.toThrow('enough')
    expect(state.closed).toBe(1)
    const again = closable()
    let n = 0
    const failing: typeof method = async (...args) => {
      if (n++ === 7) throw new RangeError('not this one')
      return again.method(...args)
    }
    const through = async () => {
      for await (const { index } of solveBatch(again.systems, { method: failing })) expect(index).toBeLessThan(64)
    }
    await expect(through()).rejects.toThrow('not this one')
    expect(again.state.closed).toBe(1)
  })

  it.each([1, 3])('its signal, with the reason, %i chains', async chains => {
    const { state, systems, method } = closable()
    const stop = new AbortController()
    const reason = new Error('enough')
    let seen = 0
    const run = async () => {
      for await (const { index } of solveBatch(systems, { method, signal: stop.signal, chains })) {
        expect(index).toBe(seen++)
        if (index === 4) setTimeout(() => stop.abort(reason), 5)
      }
    }
    await expect(run()).rejects.toBe(reason)
    expect(state.closed).toBe(1)
    const { solved } = state
    await rest(30)
    expect(state.solved).toBe(solved)
  })

  it('its signal, before it has begun, while a system is awaited, and in the middle of a long solve', async () => {
    const reason = new Error('enough')
    await expect(solveBatch([{ A, b }], { signal: AbortSignal.abort(reason) }).next()).rejects.toBe(reason)
    async function* never() {
      yield { A, b }
      await new Promise(() => {})
    }
    const waiting = new AbortController()
    const results = solveBatch(never(), { signal: waiting.signal, window: 1 })
    expect((await results.next()).value).toMatchObject({ index: 0 })
    setTimeout(() => waiting.abort(reason), 20)
    await expect(results.next()).rejects.toBe(reason)
    const long = new AbortController()
    setTimeout(() => long.abort(reason), 20)
    const large = poisson2d(300)
    const run = solveBatch([{ A: large, b: new Float64Array(large.rows).fill(1) }], {
      signal: long.signal,
      rtol: 1e-14,
    })
    const begun = performance.now()
    await expect(run.next()).rejects.toBe(reason)
    expect(performance.now() - begun).toBeLessThan(2000)
  })

  it('return(), while a system is awaited that never comes', async () => {
    async function* never() {
      yield* [{ A, b }]
      await new Promise(() => {})
    }
    const results = solveBatch(never(), { window: 1 })
    expect((await results.next()).value).toMatchObject({ index: 0 })
    expect(await results.return()).toEqual({ done: true, value: undefined })
    expect(await results.next()).toEqual({ done: true, value: undefined })
  })
})
