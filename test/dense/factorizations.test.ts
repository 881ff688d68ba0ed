import { afterAll, describe, expect, it } from 'vitest'
import {
  backend,
  type DenseLu,
  dense,
  eigh,
  eighSync,
  lu,
  qr,
  qrSync,
  setThreads,
  solveWithSync,
  svd,
  svdSync,
} from '../../src/index.ts'
import { both } from '../support/both.ts'
import { columnsOf, departure, frobenius, minus, randomDense, scaled, times, transposed } from '../support/dense.ts'
import { generator, randomVector } from '../support/random.ts'

const SHAPES = [
  [0, 0],
  [0, 3],
  [4, 0],
  [1, 1],
  [1, 5],
  [5, 1],
  [7, 7],
  [60, 9],
  [9, 60],
  [130, 130],
] as const

const EPS = Number.EPSILON

/** Rank r exactly, in sums of few bits. */
const deficient = (m: number, n: number, r: number) => {
  const whole = (rows: number, columns: number, seed: number) =>
    dense(
      rows,
      columns,
      randomVector(generator(seed), rows * columns).map(x => Math.round(8 * x)),
    )
  return times(whole(m, r, 1), whole(r, n, 2))
}

const inputs = (m: number, n: number) => {
  const A = randomDense(m, n, 7)
  return {
    random: A,
    zero: dense(m, n, new Float64Array(m * n)),
    tiny: dense(
      m,
      n,
      A.values.map(x => x * 1e-290),
    ),
    huge: dense(
      m,
      n,
      A.values.map(x => x * 1e290),
    ),
    graded: dense(
      m,
      n,
      A.values.map((x, at) => x * 10 ** -(at % Math.max(n, 1))),
    ),
    deficient: deficient(m, n, Math.max(1, Math.min(m, n) >> 1)),
  }
}

describe.each(SHAPES)('%i x %i', (m, n) => {
  const k = Math.min(m, n)

  it.each(Object.entries(inputs(m, n)))('qr of a %s matrix', async (_, A) => {
    const { q, r, pivots } = await both(qrSync, qr, A)
    expect([q.rows, q.columns, r.rows, r.columns]).toEqual([m, k, k, n])
    expect(departure(q)).toBeLessThanOrEqual(20 * EPS * Math.max(1, m))
    expect(frobenius(minus(A, times(q, r)))).toBeLessThanOrEqual(20 * EPS * Math.max(m, n) * frobenius(A))
    for (let i = 0; i < k; i++) for (let j = 0; j < i; j++) expect(r.values[i * n + j]).toBe(0)
    expect([...pivots]).toEqual(Array.from({ length: n }, (_, j) => j))
    expect(qrSync(A, { vectors: false }).r.values).toEqual(r.values)
  })

  it.each(Object.entries(inputs(m, n)))('pivoted qr of a %s matrix', async (_, A) => {
    const { q, r, pivots } = await both(qrSync, qr, A, { pivot: true })
    expect([...pivots].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, j) => j))
    expect(departure(q)).toBeLessThanOrEqual(20 * EPS * Math.max(1, m))
    expect(frobenius(minus(columnsOf(A, pivots), times(q, r)))).toBeLessThanOrEqual(
      20 * EPS * Math.max(m, n) * frobenius(A),
    )
    const diagonal = Array.from({ length: k }, (_, i) => Math.abs(r.values[i * n + i]!))
    for (let i = 1; i < k; i++)
      expect(diagonal[i]!).toBeLessThanOrEqual(diagonal[i - 1]! * (1 + 1e-8) + 1e-13 * frobenius(A))
  })

  it.each(Object.entries(inputs(m, n)))('svd of a %s matrix', async (_, A) => {
    const { u, s, v } = await both(svdSync, svd, A)
    expect([u.rows, u.columns, s.length, v.rows, v.columns]).toEqual([m, k, k, n, k])
    expect(departure(u)).toBeLessThanOrEqual(20 * EPS * Math.max(1, m))
    expect(departure(v)).toBeLessThanOrEqual(20 * EPS * Math.max(1, n))
    expect(frobenius(minus(A, times(scaled(u, s), transposed(v))))).toBeLessThanOrEqual(
      20 * EPS * Math.max(m, n) * frobenius(A),
    )
    for (let i = 0; i < k; i++) expect(s[i]).toBeGreaterThanOrEqual(i + 1 < k ? s[i + 1]! : 0)
    const alone = svdSync(A, { vectors: false })
    expect([alone.u.columns, alone.v.columns]).toEqual([0, 0])
    for (let i = 0; i < k; i++)
      expect(Math.abs(alone.s[i]! - s[i]!)).toBeLessThanOrEqual(20 * EPS * Math.max(m, n) * s[0]!)
  })
})

describe.each([0, 1, 2, 7, 130])('n = %i', n => {
  const symmetric = (seed: number) => {
    const A = randomDense(n, n, seed)
    const T = transposed(A).values
    return dense(
      n,
      n,
      A.values.map((x, at) => x + T[at]!),
    )
  }
  const cases = {
    random: symmetric(3),
    zero: dense(n, n, new Float64Array(n * n)),
    diagonal: dense(
      n,
      n,
      Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? at % 5 : 0)),
    ),
    huge: dense(
      n,
      n,
      symmetric(4).values.map(x => x * 1e290),
    ),
    definite: times(transposed(randomDense(n, n, 5)), randomDense(n, n, 5)),
    deficient: times(transposed(deficient(3, n, 2)), deficient(3, n, 2)),
  }

  it.each(Object.entries(cases))('eigh of a %s matrix', async (_, A) => {
    const { values, vectors } = await both(eighSync, eigh, A)
    expect(departure(vectors)).toBeLessThanOrEqual(20 * EPS * Math.max(1, n))
    const back = times(scaled(vectors, values), transposed(vectors))
    expect(frobenius(minus(A, back))).toBeLessThanOrEqual(20 * EPS * Math.max(1, n) * frobenius(A))
    for (let i = 1; i < n; i++) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1]!)
    const alone = eighSync(A, { vectors: false })
    expect(alone.vectors.columns).toBe(0)
    for (let i = 0; i < n; i++)
      expect(Math.abs(alone.values[i]! - values[i]!)).toBeLessThanOrEqual(20 * EPS * n * frobenius(A))
  })

  it('lu solves vectors and blocks', async () => {
    const A = randomDense(n, n, 9)
    const F = await both<[typeof A], DenseLu>(
      M => lu.sync(M),
      M => lu(M),
      A,
    )
    const X = randomDense(n, 3, 11)
    const { x, converged } = solveWithSync(F, times(A, X))
    expect(converged).toBe(true)
    expect(frobenius(minus(times(A, x), times(A, X)))).toBeLessThanOrEqual(20 * EPS * n * frobenius(A) * frobenius(x))
  })
})

it('the eigenvalues of the second difference are known', () => {
  const n = 100
  const A = dense(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, at) => [2, -1][Math.abs(Math.floor(at / n) - (at % n))] ?? 0),
  )
  const { values } = eighSync(A)
  for (let j = 0; j < n; j++) expect(values[j]).toBeCloseTo(4 * Math.sin(((j + 1) * Math.PI) / (2 * n + 2)) ** 2, 13)
})

it('small singular values of a graded matrix are those of its triangle', () => {
  const { s } = svdSync(dense(3, 3, [1, 0, 0, 0, 1e-9, 0, 0, 0, 1e-18]))
  expect(Array.from(s)).toEqual([1, 1e-9, 1e-18])
})

describe('bad input', () => {
  const A = randomDense(4, 3)
  const bad = dense(2, 2, [1, Number.NaN, 0, 1])

  it.each([
    ['qr', (M: typeof A) => qrSync(M)],
    ['svd', (M: typeof A) => svdSync(M)],
    ['eigh', (M: typeof A) => eighSync(M)],
    ['lu', (M: typeof A) => lu.sync(M)],
  ])('%s refuses NaN, and arrays that do not fit', (name, call) => {
    expect(() => call(bad)).toThrow(new RegExp(`${name}.*A\\.values\\[1\\] must be finite, got NaN`))
    expect(() => call({ rows: 2, columns: 2, values: new Float64Array(3) })).toThrow(/must be 4 long, got 3/)
    expect(() => call(7 as never)).toThrow(/ERR_|must be/)
  })

  it('shapes, symmetry and options', () => {
    expect(() => eighSync(A)).toThrow(/square/)
    expect(() => eighSync(dense(2, 2, [1, 2, 3, 4]))).toThrow(/symmetric/)
    expect(() => lu.sync(A)).toThrow(/square/)
    expect(() => qrSync(A, { pivots: true } as never)).toThrow(/did you mean pivot/)
    expect(() => qrSync(A, { pivot: 1 } as never)).toThrow(/true or false/)
  })

  it('a singular matrix is told', () => {
    const F = lu.sync(dense(2, 2, [1, 2, 2, 4]))
    expect(F.failed).toBe(1)
    expect(() => solveWithSync(F, [1, 1])).toThrow(/singular: the pivot of row 1/)
  })
})

describe('preallocated', () => {
  it('results go where they are wanted, in the synchronous form', async () => {
    const A = randomDense(6, 4)
    const out = { q: randomDense(6, 4), r: randomDense(4, 4) }
    const F = qrSync(A, { out })
    expect(F.q.values).toBe(out.q.values)
    expect(F.r.values).toEqual(qrSync(A).r.values)
    expect(() => qrSync(A, { out: { q: A, r: A } })).toThrow(/4 x 4/)
    await expect(qr(A, { out })).rejects.toThrow(/left out/)
    const S = times(transposed(A), A)
    const V = dense(4, 4, S.values.slice())
    expect(eighSync(V, { out: V, check: false }).vectors.values).toBe(V.values)
    expect(V.values).toEqual(eighSync(S).vectors.values)
  })
})

describe('values alone, of native code from order 1024 in two stages', () => {
  const few = backend().name === 'ts' ? 24 : 1
  const threads = backend().threads
  afterAll(() => setThreads(threads))

  /** The same on one thread and on two, to the bit. */
  const alone = (values: () => Float64Array) => {
    setThreads(1)
    const one = values()
    setThreads(2)
    expect(values()).toEqual(one)
    return one
  }

  // orders that are multiples of no block, columns and rows of zeros, entries whose squares are no numbers
  it.each([
    [1040, 1025, 1],
    [1025, 1160, 1],
    [1056, 1056, 1e200],
  ])('svd of %i x %i', (rows, columns, size) => {
    const [m, n] = [Math.ceil(rows / few), Math.ceil(columns / few)]
    const entries = randomDense(m, n, 3).values.map((x, at) => (at % n < 5 ? 0 : size * x))
    const A = dense(m, n, entries)
    const { s } = svdSync(A)
    for (const [i, x] of alone(() => svdSync(A, { vectors: false }).s).entries())
      expect(Math.abs(x - s[i]!)).toBeLessThanOrEqual(Math.max(m, n) * EPS * s[0]!)
  })

  it.each([
    [1025, 1],
    [1056, 1e-200],
  ])('eigh of order %i', (order, size) => {
    const n = Math.ceil(order / few)
    const A = randomDense(n, n, 3)
    const T = transposed(A).values
    const S = dense(
      n,
      n,
      A.values.map((x, at) => (at % n < 5 || at < 5 * n ? 0 : size * (x + T[at]!))),
    )
    const { values } = eighSync(S)
    for (const [i, x] of alone(() => eighSync(S, { vectors: false }).values).entries())
      expect(Math.abs(x - values[i]!)).toBeLessThanOrEqual(n * EPS * values[n - 1]!)
  })
})
