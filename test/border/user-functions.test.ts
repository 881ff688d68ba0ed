import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cg, cgSync, KrylovError, minresSync, type Operator, poisson2d, spmv, uniform } from '../../src/index.ts'

/* What a user's function throws or answers passes through unchanged, at whatever call it happens. */

const A = poisson2d(12)
const b = uniform(1, A.rows)
const thrown = { unusual: true }

const unhandled: unknown[] = []
const note = (error: unknown) => unhandled.push(error)
beforeEach(() => void process.on('unhandledRejection', note))
afterEach(async () => {
  await new Promise(setImmediate)
  process.off('unhandledRejection', note)
  expect(unhandled.splice(0)).toEqual([])
})

const operator = (act: (call: number) => unknown): Operator => {
  let calls = 0
  return {
    rows: A.rows,
    columns: A.columns,
    apply(x, y) {
      spmv(A, x, y)
      return act(++calls) as undefined
    },
  }
}
const fails = (k: number) => (call: number) => {
  if (call === k) throw thrown
}
const preconditioner = (act: (call: number) => unknown) => {
  let calls = 0
  return (r: Float64Array, z: Float64Array) => {
    z.set(r)
    return act(++calls) as undefined
  }
}

function caught(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return expect.fail('it should have thrown')
}
const rejected = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it should have been rejected'),
    error => error,
  )

describe('a user function that throws at call k', () => {
  for (const k of [1, 2, 3, 10])
    it(`k = ${k}`, async () => {
      expect(caught(() => cgSync(operator(fails(k)), b))).toBe(thrown)
      expect(caught(() => minresSync(operator(fails(k)), b))).toBe(thrown)
      expect(await rejected(cg(operator(fails(k)), b))).toBe(thrown)
      expect(caught(() => cgSync(A, b, { preconditioner: preconditioner(fails(k)) }))).toBe(thrown)
      expect(await rejected(cg(A, b, { preconditioner: preconditioner(fails(k)) }))).toBe(thrown)
      const rejects = (call: number) => (call === k ? Promise.reject(thrown) : Promise.resolve())
      expect(await rejected(cg(operator(rejects), b))).toBe(thrown)
      expect(await rejected(cg(A, b, { preconditioner: preconditioner(rejects) }))).toBe(thrown)
    })
})

describe('a promise', () => {
  it('is refused in the synchronous form, and its own failure swallowed', () => {
    for (const answer of [() => Promise.resolve(), () => Promise.reject(new Error('late'))]) {
      for (const act of [
        () => cgSync(operator(answer), b),
        () => cgSync(A, b, { preconditioner: preconditioner(answer) }),
        () => cgSync(A, b, { preconditioner: answer() as Promise<never> }),
      ]) {
        const error = caught(act)
        expect(error).toBeInstanceOf(KrylovError)
        expect(error).toMatchObject({ code: 'ERR_OPTION' })
        expect(String(error)).toMatch(/cgSync: /)
      }
    }
  })

  it('is awaited in the asynchronous form', async () => {
    const later = () => new Promise<void>(resolve => setTimeout(resolve, 1))
    const solution = await cg(operator(later), b, { preconditioner: preconditioner(later) })
    expect(solution).toMatchObject({ converged: true, backend: 'native', driver: 'ts' })
  })

  it('of a preconditioner that is rejected', async () => {
    expect(await rejected(cg(A, b, { preconditioner: Promise.reject(thrown) }))).toBe(thrown)
  })
})

describe('onProgress that throws', () => {
  const onProgress = () => {
    throw thrown
  }
  it('ends a synchronous solve', () => {
    let calls = 0
    const counts = () => {
      calls++
      throw thrown
    }
    expect(caught(() => cgSync(A, b, { onProgress: counts }))).toBe(thrown)
    expect(calls).toBe(1)
    expect(
      caught(() =>
        cgSync(
          operator(() => {}),
          b,
          { onProgress },
        ),
      ),
    ).toBe(thrown)
  })
  it('rejects an asynchronous one, once', async () => {
    let calls = 0
    const counts = () => {
      calls++
      throw thrown
    }
    const large = poisson2d(300)
    const right = uniform(1, large.rows)
    expect(await rejected(cg(large, right, { rtol: 1e-300, maxIterations: 1e8, onProgress: counts }))).toBe(thrown)
    expect(await rejected(cg(A, b, { onProgress: counts }))).toBe(thrown)
    expect(
      await rejected(
        cg(
          operator(() => {}),
          b,
          { onProgress: counts },
        ),
      ),
    ).toBe(thrown)
    await new Promise(resolve => setTimeout(resolve, 40))
    expect(calls).toBe(3)
  })
})

it('a solve inside a user function, and inside onProgress', async () => {
  const inner = () => void cgSync(A, b)
  expect(cgSync(operator(inner), b, { onProgress: inner }).converged).toBe(true)
  expect((await cg(operator(inner), b, { onProgress: inner })).converged).toBe(true)
  expect(cgSync(A, b, { onProgress: inner }).converged).toBe(true)
})
