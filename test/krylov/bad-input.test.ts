import { describe, expect, it } from 'vitest'
import { setThreads } from '../../src/core/backend.ts'
import { KrylovError } from '../../src/core/errors.ts'
import { bicgstab, bicgstabSync } from '../../src/krylov/bicgstab.ts'
import { cg, cgSync } from '../../src/krylov/cg.ts'
import { fgmres, fgmresSync } from '../../src/krylov/fgmres.ts'
import { gmres, gmresSync } from '../../src/krylov/gmres.ts'
import { idrs, idrsSync } from '../../src/krylov/idrs.ts'
import { minres, minresSync } from '../../src/krylov/minres.ts'
import { minresQlp, minresQlpSync } from '../../src/krylov/minresQlp.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import { deflatedCg, deflatedCgSync } from '../../src/recycle/deflatedCg.ts'
import { gcrodr, gcrodrSync } from '../../src/recycle/gcrodr.ts'
import { recyclingMinres, recyclingMinresSync } from '../../src/recycle/recyclingMinres.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { A, b, failure, type Loose, operator } from '../support/misuse.ts'
import { misuses } from '../support/solver-misuses.ts'

/** What is wrong for any square matrix. */
const general = misuses.filter(([what, code]) => code !== 'ERR_NOT_SYMMETRIC' && !/null space/.test(what))

/** What is wrong for symmetric ones, where no null space is taken. */
const definite = misuses.filter(([what]) => !/null space/.test(what))

/* The same code and text in both forms and on both backends. */
describe.each([
  ['cg', cgSync as Loose, cg as Loose, misuses],
  ['minres', minresSync as Loose, minres as Loose, misuses],
  ['minresQlp', minresQlpSync as Loose, minresQlp as Loose, misuses],
  ['gmres', gmresSync as Loose, gmres as Loose, general],
  ['fgmres', fgmresSync as Loose, fgmres as Loose, general],
  ['deflatedCg', deflatedCgSync as Loose, deflatedCg as Loose, definite],
  ['recyclingMinres', recyclingMinresSync as Loose, recyclingMinres as Loose, definite],
  ['gcrodr', gcrodrSync as Loose, gcrodr as Loose, general],
  ['bicgstab', bicgstabSync as Loose, bicgstab as Loose, general],
  ['idrs', idrsSync as Loose, idrs as Loose, general],
] as const)('%s refuses', (name, sync, later, wrong) => {
  it.each(wrong)('%s', async (_, code, text, ...args) => {
    const thrown = failure(() => sync(...args)) as KrylovError
    const rejected = (await (later(...args) as Promise<unknown>).catch((error: unknown) => error)) as KrylovError
    for (const error of [thrown, rejected]) {
      expect(error).toBeInstanceOf(KrylovError)
      expect([error.code, error.message]).toEqual([code, expect.stringMatching(text as RegExp)])
    }
    if (!/^krylov/.test(thrown.message)) {
      expect(thrown.message.startsWith(`${name}Sync: `)).toBe(true)
      expect(rejected.message.startsWith(`${name}: `)).toBe(true)
      expect(rejected.message.slice(name.length)).toBe(thrown.message.slice(name.length + 4))
    }
  })

  it('a promise in the synchronous form, from wherever', () => {
    const late = () => Promise.resolve()
    for (const [given, options] of [
      [operator(late), {}],
      [A, { preconditioner: late }],
      [A, { preconditioner: ic0(A) }],
    ] as const)
      expect(failure(() => sync(given, b, options))).toMatchObject({ code: 'ERR_OPTION' })
  })

  it('nothing that a user function throws: it passes through', async () => {
    const mine = new Error('mine')
    const apply = () => {
      throw mine
    }
    const onProgress = apply
    expect(failure(() => sync(operator(apply), b))).toBe(mine)
    expect(failure(() => sync(A, b, { preconditioner: apply }))).toBe(mine)
    expect(failure(() => sync(A, b, { onProgress }))).toBe(mine)
    for (const args of [
      [operator(apply), b],
      [A, b, { preconditioner: apply }],
      [A, b, { onProgress }],
    ])
      await expect(later(...args)).rejects.toBe(mine)
    await expect(later(A, b, { preconditioner: Promise.reject(mine) })).rejects.toBe(mine)
  })

  it('to begin once aborted', async () => {
    const signal = AbortSignal.abort('enough')
    expect(failure(() => sync(A, b, { signal }))).toBe('enough')
    await expect(later(A, b, { signal })).rejects.toBe('enough')
  })

  it('nothing here: edges that are legal', async () => {
    for (const options of [
      { rtol: 0 },
      { atol: 1e300 },
      { maxIterations: 2 ** 40 },
      { timeLimit: Number.POSITIVE_INFINITY },
    ])
      expect(sync(A, b, options)).toHaveProperty('reason')
    expect(await later(A, Array.from(b), { x0: Float32Array.from(b) })).toMatchObject({ reason: 'converged' })
    expect(sync(structuredClone(A), b)).toMatchObject({ reason: 'converged' })
    expect(sync(A, b, undefined)).toMatchObject({ reason: 'converged' })
  })
})

it.each([
  ['cg', cgSync as Loose],
  ['minres', minresSync as Loose],
] as const)('%s refuses a matrix whose values another pattern, a symmetric one, shares', (_, sync) => {
  const values = new Float64Array(new SharedArrayBuffer(24)).fill(1)
  const symmetric = Csr.fromArrays(2, 2, [0, 2, 3], [0, 1, 0], values)
  const triangular = Csr.fromArrays(2, 2, [0, 2, 3], [0, 1, 1], values)
  sync(symmetric, [1, 1])
  expect(failure(() => sync(triangular, [1, 1]))).toMatchObject({ code: 'ERR_NOT_SYMMETRIC' })
})

it('setThreads refuses what is no count', () => {
  for (const n of [0, -1, 1.5, Number.NaN, '2'])
    expect(failure(() => (setThreads as Loose)(n))).toMatchObject({ code: 'ERR_OPTION' })
})
