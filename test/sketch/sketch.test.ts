import { afterAll, describe, expect, it } from 'vitest'
import {
  backend,
  Csr,
  countSketch,
  type Dense,
  fastJL,
  gaussian,
  normal,
  poisson2d,
  type SketchOperator,
  setThreads,
  sjlt,
  sketch,
  sketchAdjointSync,
  sketchSync,
  sparseStack,
  srht,
  uniform,
  verySparse,
} from '../../src/index.ts'

const dense = (rows: number, columns: number, seed = 1): Dense => ({
  rows,
  columns,
  values: normal(seed, rows * columns),
})
const rowsOf = ({ columns, values }: Dense, from: number, to: number): Dense => ({
  rows: to - from,
  columns,
  values: values.slice(from * columns, to * columns),
})
async function* pieces(A: Dense, ends: readonly number[]) {
  for (const [k, end] of ends.entries()) yield rowsOf(A, ends[k - 1] ?? 0, end)
}

const m = 700
const operators: readonly (readonly [string, SketchOperator])[] = [
  ['sparseStack', sparseStack({ rows: 50, columns: m, seed: 3 })],
  ['sjlt', sjlt({ rows: 50, columns: m, seed: 3 })],
  ['countSketch', countSketch({ rows: 50, columns: m, seed: 3 })],
  ['gaussian', gaussian({ rows: 50, columns: m, seed: 3 })],
  ['verySparse', verySparse({ rows: 50, columns: m, seed: 3 })],
]
const mixing: readonly (readonly [string, SketchOperator])[] = [
  ['srht', srht({ rows: 50, columns: m, seed: 3 })],
  ['fastJL', fastJL({ rows: 50, columns: m, seed: 3 })],
]

describe.each(operators)('%s', (_, S) => {
  it.each([1, 3, 33, 150])('of rows in pieces has the bits of all at once, %i columns', async n => {
    const A = dense(m, n)
    const whole = sketchSync(S, A)
    for (const ends of [[m], [1, 2, 300, 300, m], Array.from({ length: 70 }, (_, k) => 10 * (k + 1))])
      expect((await sketch(S, pieces(A, ends))).values).toEqual(whole.values)
  })

  it('is the product with the explicit operator', () => {
    const A = dense(m, 40)
    const explicit = sketchAdjointSync(S, {
      rows: 50,
      columns: 50,
      values: Float64Array.from({ length: 2500 }, (_, at) => (at % 51 === 0 ? 1 : 0)),
    }) // S^T, m x 50
    const { values } = sketchSync(S, A)
    for (const [i, c] of [
      [0, 0],
      [13, 7],
      [49, 39],
    ] as const) {
      let sum = 0
      for (let j = 0; j < m; j++) sum += explicit.values[j * 50 + i]! * A.values[j * 40 + c]!
      expect(values[i * 40 + c]).toBeCloseTo(sum, 10)
    }
  })

  it('takes a sparse matrix for what it is', () => {
    const A = Csr.fromTriplets(
      m,
      90,
      Array.from(uniform(4, 3000), u => Math.floor(u * m)),
      Array.from(uniform(5, 3000), u => Math.floor(u * 90)),
      normal(6, 3000),
    )
    const [sparse, full] = [sketchSync(S, A).values, sketchSync(S, A.toDense()).values]
    expect(Math.max(...sparse.map((value, at) => Math.abs(value - full[at]!)))).toBeLessThan(1e-12)
  })
})

describe.each([...operators, ...mixing])('from the right, %s', (_, S) => {
  const A = dense(90, m)
  const across = (X: Dense): Dense => ({
    rows: X.columns,
    columns: X.rows,
    values: X.values.map((_, at) => X.values[(at % X.rows) * X.columns + Math.floor(at / X.rows)]!),
  })
  const wanted = across(sketchSync(S, across(A)))

  it('is the transpose of the transpose from the left', async () => {
    expect(await sketch(S, A, { side: 'right' })).toEqual(wanted)
    const sparse = sketchSync(S, Csr.fromDense(A), { side: 'right' })
    expect([sparse.rows, sparse.columns]).toEqual([90, 50])
    expect(Math.max(...sparse.values.map((value, at) => Math.abs(value - wanted.values[at]!)))).toBeLessThan(1e-12)
  })

  it('of rows in pieces has the same bits', async () => {
    expect(await sketch(S, pieces(A, [1, 40, 40, 90]), { side: 'right' })).toEqual(wanted)
  })

  it('wants columns that fit', async () => {
    expect(() => sketchSync(S, dense(4, m - 1), { side: 'right' })).toThrow(/700 columns/)
    await expect(sketch(S, pieces(dense(4, 7), [4]), { side: 'right' })).rejects.toThrow(/700 columns/)
    expect(() => sketchSync(S, A, { side: 'both' as never })).toThrow(/'left' or 'right'/)
  })
})

describe('threads', () => {
  const before = backend().threads
  afterAll(() => setThreads(before))
  it.each([...operators, ...mixing])('change no bit: %s', async (_, S) => {
    const A = dense(m, 150)
    setThreads(1)
    const [one, sparse] = [sketchSync(S, A).values, sketchSync(S, Csr.fromDense(A)).values]
    for (const threads of [2, 3, 5]) {
      setThreads(threads)
      expect((await sketch(S, A)).values).toEqual(one)
      expect((await sketch(S, Csr.fromDense(A))).values).toEqual(sparse)
    }
  })
})

describe('what is asked for', () => {
  const S = sparseStack({ rows: 10, columns: 20 })
  it.each([
    ['no operator', () => sketchSync({} as never, dense(20, 2)), 'ERR_TYPE', /operator must be a sketching operator/],
    ['rows that do not fit', () => sketchSync(S, dense(19, 2)), 'ERR_SHAPE', /A must be 20 rows/],
    ['a sketch without rows', () => sparseStack({ rows: 0, columns: 5 }), 'ERR_SHAPE', /option rows/],
    ['a bad seed', () => sparseStack({ rows: 4, columns: 5, seed: 2 ** 53 }), 'ERR_OPTION', /seed/],
    ['too many entries', () => sparseStack({ rows: 4, columns: 5, zeta: 5 }), 'ERR_OPTION', /zeta/],
    ['no share', () => verySparse({ rows: 4, columns: 5, density: 0 }), 'ERR_OPTION', /density/],
    ['too many rows', () => srht({ rows: 9, columns: 5 }), 'ERR_SHAPE', /at most 8/],
    ['an option that does not exist', () => sjlt({ rows: 4, columns: 5, zetta: 2 } as never), 'ERR_OPTION', /zeta/],
    [
      'NaN',
      () => sketchSync(S, { rows: 20, columns: 1, values: new Float64Array(20).fill(Number.NaN) }),
      'ERR_NOT_FINITE',
      /values/,
    ],
    ['a stream, blocking', () => sketchSync(S, pieces(dense(20, 2), [20]) as never), 'ERR_OPTION', /stream/],
  ] as const)('is refused: %s', (_, call, code, text) => {
    expect(call).toThrow(expect.objectContaining({ code, message: expect.stringMatching(text) }))
  })

  it.each([
    ['ends early', () => sketch(S, pieces(dense(20, 2), [5, 19])), /ended after 19/],
    ['does not end', () => sketch(S, pieces(dense(40, 2), [10, 30])), /30 or more/],
    ['is empty', () => sketch(S, pieces(dense(20, 2), [])), /ended after 0/],
    [
      'changes its width',
      () =>
        sketch(
          S,
          (async function* () {
            yield dense(10, 2)
            yield dense(10, 3)
          })(),
        ),
      /2 columns, as the first/,
    ],
    [
      'is to be mixed',
      () => sketch(srht({ rows: 4, columns: 20 }), pieces(dense(20, 2), [20])),
      /cannot take them in pieces/,
    ],
  ] as const)('refuses a stream that %s', async (_, call, text) => {
    await expect(call()).rejects.toThrow(text)
  })

  it('lets the stream go where it fails', async () => {
    let closed = false
    const endless = (async function* () {
      try {
        for (;;) yield dense(15, 2)
      } finally {
        closed = true
      }
    })()
    await expect(sketch(S, endless)).rejects.toThrow(/30 or more/)
    await new Promise(setImmediate)
    expect(closed).toBe(true)
  })

  it('takes nothing from a matrix without columns, and all of a Laplacian', () => {
    expect(sketchSync(S, { rows: 20, columns: 0, values: new Float64Array(0) }).values.length).toBe(0)
    const A = poisson2d(4, 5)
    expect(sketchSync(S, A).columns).toBe(20)
  })
})
