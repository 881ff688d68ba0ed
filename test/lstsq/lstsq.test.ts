import { describe, expect, it } from 'vitest'
import {
  Csr,
  type Dense,
  type LstsqOptions,
  type LstsqSolution,
  lstsq,
  lstsqSync,
  normal,
  svdSync,
  uniform,
} from '../../src/index.ts'
import { both } from '../support/both.ts'
import { expectClose, gaussianMatrix, judgeOf, ofRank, pseudo, residualOf, times } from '../support/least-squares.ts'

const norm = (x: Float64Array) => Math.hypot(...x)
const A = gaussianMatrix(300, 12, 1)
const b = normal(2, 300)

describe('a well conditioned problem', () => {
  it.each(['auto', 'gram', 'tsqr', 'spir', 'svd'] as const)('by %s, in both forms', async method => {
    const found = await both(lstsqSync, lstsq, A, b, { method })
    expect(found.method).toBe(method === 'auto' ? 'gram' : method)
    expectClose(found.x as Float64Array, pseudo(A, b, 12), 1e-13)
    expect(found.residualNorm).toBeCloseTo(norm(residualOf(A, found.x as Float64Array, b)), 10)
    expect(found.rank).toBe(12)
    const { s } = svdSync(A)
    expect(found.condition).toBeGreaterThan(0.5)
    expect(found.condition).toBeLessThan(3 * (s[0]! / s[11]!))
    expect(found.passes).toBeGreaterThanOrEqual(2)
  })

  it('threads change no bit, nor does the seed what is not sketched', () => {
    const large = gaussianMatrix(20_000, 12, 4)
    const rhs = normal(5, 20_000)
    for (const method of ['gram', 'tsqr', 'spir', 'svd'] as const) {
      const { x } = lstsqSync(large, rhs, { method, threads: 1 })
      for (const threads of [2, 3]) expect(lstsqSync(large, rhs, { method, threads }).x).toEqual(x)
    }
    expect(lstsqSync(A, b, { seed: 9 }).x).toEqual(lstsqSync(A, b).x)
  })

  it('whose first rows look otherwise', () => {
    for (const [m, n, by] of [
      [2000, 20, 'tsqr'],
      [4000, 201, 'gram'],
    ] as const) {
      const M = gaussianMatrix(m, n, 3)
      M.values.fill(0, 0, 1700 * n)
      const rhs = normal(4, m)
      const found = lstsqSync(M, rhs)
      expect(found.method).toBe(by)
      expect(found.backwardError).toBeLessThan(1e-15)
      expect(Math.max(...times(M, residualOf(M, found.x, rhs), true).map(Math.abs))).toBeLessThan(1e-10)
    }
  })

  it('of several right-hand sides', async () => {
    const B = gaussianMatrix(300, 3, 7)
    for (const method of ['auto', 'tsqr', 'spir', 'svd'] as const) {
      const { x } = await both<[Dense, Dense, LstsqOptions], LstsqSolution<Dense>>(lstsqSync, lstsq, A, B, { method })
      expect([x.rows, x.columns]).toEqual([12, 3])
      for (let c = 0; c < 3; c++) {
        const one = B.values.filter((_, at) => at % 3 === c)
        expectClose(
          x.values.filter((_, at) => at % 3 === c),
          pseudo(A, one, 12),
          1e-13,
        )
      }
    }
  })
})

describe('what has not full rank', () => {
  it.each(['auto', 'gram', 'tsqr', 'spir', 'svd'] as const)('gets the solution of least norm: %s', method => {
    const D = ofRank(200, 15, 9)
    const found = lstsqSync(D, normal(8, 200), { method })
    expect([found.method, found.rank, found.condition]).toEqual(['svd', 9, Number.POSITIVE_INFINITY])
    expectClose(found.x, pseudo(D, normal(8, 200), 9), 1e-12)
  })

  it('is judged with columns scaled: one may be as small as it likes', () => {
    const values = A.values.map((value, at) => value * 10 ** (-14 * (at % 12)))
    const found = lstsqSync({ ...A, values }, b)
    expect(found.rank).toBe(12)
    const wanted = pseudo(A, b, 12)
    found.x.forEach((value, j) => void expect(value * 10 ** (-14 * j)).toBeCloseTo(wanted[j]!, 10))
  })

  it('zero columns and zero matrices', () => {
    const values = A.values.map((value, at) => (at % 12 === 3 ? 0 : value))
    const found = lstsqSync({ ...A, values }, b)
    expect(found.rank).toBe(11)
    expect(found.x[3]).toBeCloseTo(0, 14)
    const none = lstsqSync({ rows: 5, columns: 3, values: new Float64Array(15) }, normal(1, 5))
    expect([none.rank, ...none.x]).toEqual([0, 0, 0, 0])
    expect(none.residualNorm).toBeCloseTo(norm(normal(1, 5)))
  })

  it('fewer rows than columns', () => {
    const W = gaussianMatrix(7, 40, 3)
    const found = lstsqSync(W, b.slice(0, 7))
    expect([found.method, found.rank]).toEqual(['qr', 7])
    expectClose(found.x, pseudo(W, b.slice(0, 7), 7), 1e-13)
    const D = ofRank(9, 30, 4)
    const less = lstsqSync(D, b.slice(0, 9))
    expect([less.method, less.rank]).toEqual(['svd', 4])
    expectClose(less.x, pseudo(D, b.slice(0, 9), 4), 1e-12)
  })

  it.each([
    [0, 3],
    [4, 0],
    [0, 0],
  ])('%i x %i', (rows, columns) => {
    const found = lstsqSync({ rows, columns, values: new Float64Array(0) }, normal(1, rows))
    expect([...found.x]).toEqual(new Array(columns).fill(0))
    expect(found.rank).toBe(0)
    expect(found.residualNorm).toBeCloseTo(norm(normal(1, rows)))
  })
})

describe('numbers of all sizes', () => {
  it.each([1e-200, 1e-120, 1e120, 1e200])('A and b times %d', scale => {
    const wanted = lstsqSync(A, b).x
    const large = { ...A, values: A.values.map(value => value * scale) }
    expectClose(
      lstsqSync(
        large,
        b.map(value => value * scale),
      ).x,
      wanted,
      1e-12,
    )
    expectClose(
      lstsqSync(
        A,
        b.map(value => value * scale),
      ).x.map(value => value / scale),
      wanted,
      1e-12,
    )
  })

  it('columns of sizes whose squares doubles do not hold', () => {
    const scales = Array.from({ length: 12 }, (_, j) => 10 ** (40 * (j - 6)))
    const values = A.values.map((value, at) => value * scales[at % 12]!)
    const found = lstsqSync({ ...A, values }, b)
    const wanted = lstsqSync(A, b).x
    expectClose(
      found.x.map((value, j) => value * scales[j]!),
      wanted,
      1e-12,
    )
    expect(found.backwardError).toBeLessThan(1e-14)
  })
})

describe('ridge', () => {
  const ridge = 0.7
  const stacked = (M: Dense): Dense => {
    const { rows, columns } = M
    const values = new Float64Array((rows + columns) * columns)
    values.set(M.values)
    for (let j = 0; j < columns; j++) values[(rows + j) * columns + j] = Math.sqrt(ridge)
    return { rows: rows + columns, columns, values }
  }
  const longer = (v: Float64Array, n: number) => Float64Array.from([...v, ...new Array<number>(n).fill(0)])

  it.each(['auto', 'tsqr', 'spir', 'svd'] as const)('is the problem of a longer matrix: %s', method => {
    const found = lstsqSync(A, b, { ridge, method })
    expectClose(found.x, lstsqSync(stacked(A), longer(b, 12)).x, 1e-13)
    expect(found.residualNorm).toBeCloseTo(norm(residualOf(A, found.x, b)), 10)
  })

  it('gives wide and singular matrices a unique solution', () => {
    for (const M of [gaussianMatrix(7, 20, 3), ofRank(60, 15, 9)]) {
      const rhs = b.slice(0, M.rows)
      expectClose(lstsqSync(M, rhs, { ridge }).x, lstsqSync(stacked(M), longer(rhs, M.columns)).x, 1e-12)
    }
  })
})

describe('a sparse matrix', () => {
  const S = Csr.fromTriplets(
    3000,
    40,
    Array.from(uniform(4, 12_000), u => Math.floor(u * 3000)),
    Array.from(uniform(5, 12_000), u => Math.floor(u * 40)),
    normal(6, 12_000),
  )
  const rhs = normal(9, 3000)

  it('is preconditioned by a sketch', async () => {
    const found = await both(lstsqSync, lstsq, S, rhs)
    expect(found.method).toBe('spir')
    expectClose(found.x as Float64Array, lstsqSync(S.toDense(), rhs).x, 1e-12)
    expect(judgeOf(S.toDense()).backwardError(found.x as Float64Array, rhs)).toBeLessThanOrEqual(10 * Number.EPSILON)
  })

  it('takes several right-hand sides, a ridge, and any rank', () => {
    const B = gaussianMatrix(3000, 2, 3)
    const found = lstsqSync(S, B, { ridge: 0.1 }).x
    expectClose(found.values, lstsqSync(S.toDense(), B, { ridge: 0.1 }).x.values, 1e-12)
    const values = S.values.map((value, at) => (S.pattern.columnIndices[at] === 5 ? 0 : value))
    const singular = lstsqSync(S.withValues(values), rhs)
    expect([singular.method, singular.rank]).toEqual(['svd', 39])
    expect(singular.x[5]).toBeCloseTo(0, 14)
  })

  it('of another shape is refused by name', () => {
    expect(() => lstsqSync(Csr.fromDense(gaussianMatrix(3, 5, 1)), b.slice(0, 3))).toThrow(/use lsqr or lsmr/)
  })
})

describe('what is asked for', () => {
  const spoiled = (at: number, value: number) => ({ ...A, values: A.values.map((v, k) => (k === at ? value : v)) })
  it.each([
    ['no matrix', () => lstsqSync(null as never, b), 'ERR_TYPE', /A must be/],
    ['b of another length', () => lstsqSync(A, b.slice(1)), 'ERR_SHAPE', /b must be 300 long/],
    ['no b', () => lstsqSync(A, undefined as never), 'ERR_TYPE', /b must be/],
    ['a block of another height', () => lstsqSync(A, gaussianMatrix(299, 2, 1)), 'ERR_SHAPE', /300/],
    ['NaN in A', () => lstsqSync(spoiled(17, Number.NaN), b), 'ERR_NOT_FINITE', /A\.values\[17\]/],
    [
      'Infinity in A, by tsqr',
      () => lstsqSync(spoiled(9, 1 / 0), b, { method: 'tsqr' }),
      'ERR_NOT_FINITE',
      /values\[9\]/,
    ],
    [
      'NaN in b',
      () =>
        lstsqSync(
          A,
          b.map((v, i) => (i === 3 ? Number.NaN : v)),
        ),
      'ERR_NOT_FINITE',
      /b\[3\]/,
    ],
    ['a bad seed', () => lstsqSync(A, b, { seed: 2 ** 53 }), 'ERR_OPTION', /seed/],
    ['a bad ridge', () => lstsqSync(A, b, { ridge: -1 }), 'ERR_OPTION', /ridge/],
    ['a method that does not exist', () => lstsqSync(A, b, { method: 'qr' as never }), 'ERR_OPTION', /gram, tsqr/],
    [
      'a stream, blocking',
      () => lstsqSync((async function* () {})() as never, undefined as never),
      'ERR_OPTION',
      /stream/,
    ],
  ] as const)('is refused: %s', (_, call, code, text) => {
    expect(call).toThrow(expect.objectContaining({ code, message: expect.stringMatching(text) }))
  })

  it('is aborted, and ends where its time is up, with an error that says how far it came', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const promise = lstsq(gaussianMatrix(20_000, 40, 1), normal(2, 20_000), {
      signal: controller.signal,
      method: 'svd',
    })
    controller.abort(reason)
    await expect(promise).rejects.toBe(reason)
    const values = A.values.map((value, at) => (at % 12 === 0 ? 1e-5 * value + A.values[at + 1]! : value))
    const early = lstsqSync({ ...A, values }, b, { timeLimit: 0 })
    expect(early.passes).toBeLessThan(4)
    expect(judgeOf({ ...A, values }).backwardError(early.x, b)).toBeLessThanOrEqual(early.backwardError * (1 + 1e-12))
  })

  it('a matrix on shared memory is not copied, another may change while the call runs', async () => {
    const given = { rows: 300, columns: 12, values: A.values.slice() }
    const wanted = lstsqSync(A, b).x
    const promise = lstsq(given, b)
    given.values.fill(0)
    expect((await promise).x).toEqual(wanted)
  })
})
