import { describe, expect, it } from 'vitest'
import { chebyshev } from '../../src/precondition/chebyshev.ts'
import { ic0 } from '../../src/precondition/ic0.ts'
import { jacobi } from '../../src/precondition/jacobi.ts'
import { ric0 } from '../../src/precondition/ric0.ts'
import { ssor } from '../../src/precondition/ssor.ts'
import { A, failure, type Loose, record, withEntry } from '../support/misuse.ts'

describe('preconditioners refuse', () => {
  it.each([
    ['ssor', ssor, { omega: 0 }],
    ['ssor', ssor, { omega: 2 }],
    ['ssor', ssor, { omega: Number.NaN }],
    ['ssor', ssor, { omega: '1' }],
    ['ssor', ssor, { w: 1 }],
    ['ic0', ic0, { shift: -1 }],
    ['ic0', ic0, { omega: 1 }],
    ['ric0', ric0, { omega: 1.1 }],
    ['ric0', ric0, { omega: -0.1 }],
    ['ric0', ric0, { shift: 1 / 0 }],
    ['chebyshev', chebyshev, { degree: 0 }],
    ['chebyshev', chebyshev, { degree: 2.5 }],
    ['chebyshev', chebyshev, { degree: 101 }],
    ['chebyshev', chebyshev, { ratio: 1 }],
    ['jacobi', jacobi, { omega: 1 }],
  ] as const)('%s with %o of %o', async (name, recipe, options) => {
    const loose = recipe as unknown as Loose & { sync: Loose }
    const key = Object.keys(options)[0]!
    const expected = { code: 'ERR_OPTION', message: expect.stringMatching(new RegExp(`${name}.*option ${key}`)) }
    expect(failure(() => loose(options))).toMatchObject(expected)
    expect(failure(() => loose.sync(A, options))).toMatchObject(expected)
    await expect(loose(A, options)).rejects.toMatchObject(expected)
  })

  it.each([
    ['a matrix that is not square', 'ERR_SHAPE', record([0, 1, 2], [0, 1], [1, 1], 3)],
    ['NaN', 'ERR_NOT_FINITE', withEntry(2, Number.NaN)],
    ['columns not sorted', 'ERR_INDEX', record([0, 2, 2], [1, 0], [1, 1])],
  ] as const)('%s', async (_, code, given) => {
    for (const recipe of [jacobi, ssor, ic0, ric0, chebyshev]) {
      expect(failure(() => recipe.sync(given))).toMatchObject({ code })
      await expect((recipe as Loose)(given)).rejects.toMatchObject({ code })
    }
  })

  it('a matrix that is not symmetric, but for jacobi', () => {
    for (const recipe of [ssor, ic0, ric0, chebyshev])
      expect(failure(() => recipe.sync(withEntry(1, -0.5)))).toMatchObject({ code: 'ERR_NOT_SYMMETRIC' })
    expect(jacobi.sync(withEntry(1, -0.5)).kind).toBe('jacobi')
  })
})
