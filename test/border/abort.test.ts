import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cg, chebyshev, ic0, type Operator, poisson2d, poisson3d, spmv, uniform } from '../../src/index.ts'

/* Abort rejects at once with the signal's own reason, whatever is under way, and leaves nothing behind. */

const A = poisson2d(300)
const b = uniform(1, A.rows)
const endless = { rtol: 1e-300, maxIterations: 100_000_000 }
const reason = { why: 'the user has left' }

const unhandled: unknown[] = []
const note = (error: unknown) => unhandled.push(error)
beforeEach(() => void process.on('unhandledRejection', note))
afterEach(async () => {
  await new Promise(resolve => setTimeout(resolve, 20))
  process.off('unhandledRejection', note)
  expect(unhandled.splice(0)).toEqual([])
})

const operator = (after: (call: number) => void): Operator => {
  const small = poisson2d(20)
  let calls = 0
  return {
    rows: small.rows,
    columns: small.rows,
    apply(x, y) {
      spmv(small, x, y)
      after(++calls)
    },
  }
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  return expect.fail('it should have been rejected')
}

describe('abort', () => {
  it('before the call', async () => {
    expect(await rejection(cg(A, b, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(await rejection(ic0(A, { signal: AbortSignal.abort(reason) }))).toBe(reason)
  })

  it('in the same turn', async () => {
    for (const preconditioner of [undefined, ic0, chebyshev]) {
      const controller = new AbortController()
      const options = { ...endless, signal: controller.signal, ...(preconditioner && { preconditioner }) }
      const solve = rejection(cg(poisson2d(100), uniform(1, 10_000), options))
      controller.abort(reason)
      expect(await solve).toBe(reason)
    }
  })

  it('during the set-up', async () => {
    const large = poisson3d(60)
    const right = uniform(1, large.rows)
    for (let delay = 0; delay < 20; delay += 2) {
      const controller = new AbortController()
      const solve = rejection(cg(large, right, { ...endless, preconditioner: ic0, signal: controller.signal }))
      setTimeout(() => controller.abort(reason), delay)
      expect(await solve).toBe(reason)
    }
  })

  it('during the solve, with and without progress, within milliseconds', async () => {
    const latencies: number[] = []
    for (let round = 0; round < 30; round++) {
      const controller = new AbortController()
      const onProgress = round % 2 === 0 ? () => {} : undefined
      const solve = rejection(cg(A, b, { ...endless, signal: controller.signal, ...(onProgress && { onProgress }) }))
      await new Promise(resolve => setTimeout(resolve, 20))
      const start = performance.now()
      controller.abort(reason)
      expect(await solve).toBe(reason)
      latencies.push(performance.now() - start)
    }
    latencies.sort((a, b) => a - b)
    expect(latencies[15]!).toBeLessThan(50)
  })

  it('after the end changes nothing, and no listener stays', async () => {
    const controller = new AbortController()
    const warnings: Error[] = []
    const warn = (warning: Error) => warnings.push(warning)
    process.on('warning', warn)
    for (let round = 0; round < 30; round++) {
      const { converged } = await cg(poisson2d(8), uniform(1, 64), {
        signal: controller.signal,
        onProgress: () => {},
      })
      expect(converged).toBe(true)
    }
    controller.abort(reason)
    await new Promise(setImmediate)
    process.off('warning', warn)
    expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([])
  })

  it('at every iteration of a solve with a user operator', async () => {
    for (let k = 1; k <= 40; k++) {
      const controller = new AbortController()
      let calls = 0
      const A = operator(call => {
        calls = call
        if (call === k) controller.abort(reason)
      })
      expect(await rejection(cg(A, b.slice(0, 400), { ...endless, signal: controller.signal }))).toBe(reason)
      expect(calls).toBe(k)
    }
  })

  it('while a promise of a user operator hangs', async () => {
    const controller = new AbortController()
    const A = { rows: 4, columns: 4, apply: () => new Promise<void>(() => {}) }
    const solve = rejection(cg(A, [1, 2, 3, 4], { signal: controller.signal }))
    setTimeout(() => controller.abort(reason), 5)
    expect(await solve).toBe(reason)
  })

  it('of many solves, queued ones included, lets the next one run', async () => {
    const controller = new AbortController()
    const warnings: Error[] = []
    const warn = (warning: Error) => warnings.push(warning)
    process.on('warning', warn)
    const solves = Array.from({ length: 20 }, () => rejection(cg(A, b, { ...endless, signal: controller.signal })))
    setTimeout(() => controller.abort(reason), 20)
    for (const error of await Promise.all(solves)) expect(error).toBe(reason)
    process.off('warning', warn)
    expect(warnings).toEqual([])
    expect((await cg(poisson2d(10), uniform(1, 100))).converged).toBe(true)
  })

  it('no progress is reported after it', async () => {
    const controller = new AbortController()
    let late = 0
    const solve = rejection(
      cg(A, b, {
        ...endless,
        signal: controller.signal,
        onProgress: ({ iteration }) => {
          expect(iteration).toBeGreaterThan(0)
          if (controller.signal.aborted) late++
        },
      }),
    )
    setTimeout(() => controller.abort(reason), 50)
    expect(await solve).toBe(reason)
    await new Promise(resolve => setTimeout(resolve, 60))
    expect(late).toBe(0)
  })
})
