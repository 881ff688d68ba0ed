import { describe, expect, it } from 'vitest'
import {
  Csr,
  type CsrData,
  cg,
  cgSync,
  chebyshev,
  ic0,
  jacobi,
  KrylovError,
  minres,
  minresSync,
  type Preconditioner,
  poisson2d,
  type SolverOptions,
  spmv,
  ssor,
  uniform,
} from '../../src/index.ts'
import { generator } from '../support/random.ts'

/* Records that were forged, cloned, or written to: KrylovError before the call, any numbers during it, never a crash. */

const ROUNDS = process.env.KRYLOV_SANITIZED === undefined ? 40 : 10
const n = 900
const fresh = (): Csr => poisson2d(30)
const b = uniform(1, n)
const record = (A: Csr, change: Record<string, unknown> = {}): CsrData => {
  const { rows, columns, rowPointers, columnIndices } = A.pattern
  const pattern = { rows, columns, rowPointers, columnIndices, ...change }
  return { pattern, values: (change.values as Float64Array | undefined) ?? A.values } as CsrData
}

async function refused(act: (sync: boolean) => unknown): Promise<void> {
  for (const sync of [true, false]) {
    let outcome: unknown
    try {
      outcome = await act(sync)
    } catch (error) {
      outcome = error
    }
    expect(outcome).toBeInstanceOf(KrylovError)
  }
}
const solve =
  (A: CsrData, options: SolverOptions = {}) =>
  (sync: boolean) =>
    sync ? cgSync(A, b, options) : cg(A, b, options)

/** Any answer will do, or a KrylovError. */
const survives = (job: Promise<unknown>) => job.catch(error => expect(error).toBeInstanceOf(KrylovError))

describe('forged matrices', () => {
  const A = fresh()
  const pointers = A.pattern.rowPointers
  const forgeries: [string, Record<string, unknown>][] = [
    ['too few rows', { rows: n - 1 }],
    ['too many rows', { rows: 2 ** 31 - 1 }],
    ['NaN rows', { rows: Number.NaN }],
    ['rows as text', { rows: '900' }],
    ['negative columns', { columns: -1 }],
    ['short rowPointers', { rowPointers: pointers.slice(0, 5) }],
    ['NaN rowPointers', { rowPointers: Float64Array.from(pointers).fill(Number.NaN, 3, 4) }],
    ['huge rowPointers', { rowPointers: pointers.slice().fill(2 ** 31 - 1, 5, 6) }],
    ['descending rowPointers', { rowPointers: pointers.slice().fill(0, 400, 401) }],
    ['negative columns in a row', { columnIndices: A.pattern.columnIndices.slice().fill(-5, 9, 10) }],
    ['huge columns in a row', { columnIndices: A.pattern.columnIndices.slice().fill(1e9, 9, 10) }],
    ['fractional columns', { columnIndices: Float64Array.from(A.pattern.columnIndices).fill(0.5, 9, 10) }],
    ['BigInt columns', { columnIndices: BigInt64Array.from(A.pattern.columnIndices, BigInt) }],
    ['a DataView', { columnIndices: new DataView(new ArrayBuffer(64)) }],
    ['no columns', { columnIndices: undefined }],
    ['short values', { values: A.values.slice(1) }],
    ['values as bytes', { values: new Uint8Array(A.nonZeros) }],
    ['values that are no array', { values: { length: A.nonZeros } }],
    ['values with a borrowed prototype', { values: Object.create(Float64Array.prototype) }],
    ['a proxy', { values: new Proxy(A.values, {}) }],
  ]
  for (const [name, change] of forgeries) it(name, () => refused(solve(record(A, change))))

  it('with an own length, or the prototype of something else', async () => {
    const lies = A.values.slice()
    Object.defineProperty(lies, 'length', { value: 7 })
    await refused(solve(record(A, { values: lies })))
    const plain = Float64Array.from(A.values)
    Object.setPrototypeOf(plain.buffer, SharedArrayBuffer.prototype)
    for (const sync of [true, false])
      await Promise.resolve()
        .then(() => solve(record(A, { values: plain }))(sync))
        .catch(error => expect(error).toBeInstanceOf(Error))
  })

  it('with getters that change their answer', async () => {
    for (let after = 1; after < 6; after++) {
      let reads = 0
      const values = { get: () => (++reads > after ? new Float64Array(3) : A.values) }
      const rowPointers = { get: () => (++reads > after ? new Int32Array(3) : pointers) }
      for (const [target, key, getter] of [
        ['values', 'values', values],
        ['pattern', 'rowPointers', rowPointers],
      ] as const)
        for (const sync of [true, false]) {
          const forged = record(A)
          Object.defineProperty(target === 'values' ? forged : forged.pattern, key, getter)
          for (let round = 0; round < 3; round++)
            await Promise.resolve()
              .then(() => solve(forged)(sync))
              .catch(error => expect(error).toBeInstanceOf(KrylovError))
        }
    }
  })

  it('clones are as good as the original', async () => {
    const clone = structuredClone(record(A))
    expect((await cg(clone, b)).x).toEqual((await cg(A, b)).x)
    const M = structuredClone(ic0.sync(A))
    expect((await cg(clone, b, { preconditioner: M })).x).toEqual((await cg(A, b, { preconditioner: ic0 })).x)
  })

  it('a record whose numbers change is read again', () => {
    const values = Float64Array.from(A.values)
    const changing = record(A, { values })
    const first = cgSync(changing, b).x
    values.forEach((value, k) => {
      values[k] = 2 * value
    })
    const second = cgSync(changing, b).x
    expect(second[0]! / first[0]!).toBeCloseTo(0.5, 6)
  })

  it('two matrices on the same values are looked at one by one', () => {
    const values = uniform(1, 2)
    const diagonal = Csr.fromArrays(2, 2, [0, 1, 2], [0, 1], values)
    expect(cgSync(diagonal, [1, 1]).converged).toBe(true)
    const wrong = Csr.fromArrays(2, 2, [0, 2, 2], [0, 1], values)
    expect(() => cgSync(wrong, [1, 1])).toThrow(KrylovError)
  })
})

describe('matrices that were written to', () => {
  const spoil: [string, (A: Csr) => void][] = [
    ['a column out of range', A => A.pattern.columnIndices.fill(n, 50, 51)],
    ['a negative column', A => A.pattern.columnIndices.fill(-1, 50, 51)],
    ['an offset out of range', A => A.pattern.rowPointers.fill(2 ** 30, 50, 51)],
    ['a negative offset', A => A.pattern.rowPointers.fill(-7, 50, 51)],
    ['the last offset', A => A.pattern.rowPointers.fill(1e6, n, n + 1)],
  ]
  for (const [name, act] of spoil)
    it(`${name}: ERR_INDEX`, async () => {
      for (const before of [true, false])
        for (const preconditioner of [undefined, ic0, ssor, chebyshev])
          for (const method of [cgSync, cg, minresSync, minres]) {
            const A = fresh()
            if (before) await method(A, b, { maxIterations: 1 })
            act(A)
            const answer = (async () => method(A, b, { ...(preconditioner && { preconditioner }) }))()
            await expect(answer).rejects.toMatchObject({ name: 'KrylovError', code: 'ERR_INDEX' })
          }
      const A = fresh()
      act(A)
      expect(spmv(A, b).length).toBe(n)
      const user = (r: Float64Array, z: Float64Array) => z.set(r)
      expect(() => cgSync(A, b, { preconditioner: user })).toThrow(KrylovError)
      const examined = fresh()
      cgSync(examined, b, { maxIterations: 1 })
      act(examined)
      expect(cgSync(examined, b, { preconditioner: user, maxIterations: 20 }).driver).toBe('ts')
    })

  it('during asynchronous calls: whatever numbers, and the process lives', async () => {
    const random = generator(7)
    const recipes = [undefined, ic0, ssor, chebyshev, jacobi]
    for (let round = 0; round < ROUNDS; round++) {
      const A = poisson2d(120)
      const recipe = recipes[round % recipes.length]
      const solves = [
        cg(A, uniform(1, A.rows), { maxIterations: 50, ...(recipe && { preconditioner: recipe }) }),
        minres(A, uniform(1, A.rows), { maxIterations: 50 }),
      ].map(survives)
      const { rowPointers, columnIndices } = A.pattern
      const until = performance.now() + 20
      while (performance.now() < until) {
        rowPointers[Math.floor(random() * rowPointers.length)] = Math.floor((random() - 0.5) * 2 ** 32)
        columnIndices[Math.floor(random() * columnIndices.length)] = Math.floor((random() - 0.5) * 2 ** 32)
        if (round % 4 === 0) await new Promise(setImmediate)
      }
      await Promise.all(solves)
    }
  })
})

describe('built preconditioners', () => {
  const A = fresh()
  const factor = ic0.sync(A) as Extract<Preconditioner, { kind: 'factor' }>
  const byLevel = ic0.sync(A, { schedule: 'levels' }) as Extract<Preconditioner, { kind: 'levels' }>
  const diagonals = ic0.sync(A, { schedule: 'diagonals' }) as Extract<Preconditioner, { kind: 'diagonals' }>
  const nans = diagonals.upper.values.map(() => Number.NaN)
  const forgedPlan = (plan: object): unknown => ({
    ...diagonals,
    upper: { ...diagonals.upper, plan: { ...diagonals.upper.plan, ...plan } },
  })
  const polynomial = chebyshev.sync(A) as Extract<Preconditioner, { kind: 'chebyshev' }>
  const diagonal = jacobi.sync(A) as Extract<Preconditioner, { kind: 'jacobi' }>
  const forgeries: [string, unknown][] = [
    ['no kind', {}],
    ['an unknown kind', { kind: 'magic' }],
    ['a kind of the prototype', { kind: 'constructor' }],
    ['a short diagonal', { ...diagonal, inverseDiagonal: diagonal.inverseDiagonal.slice(1) }],
    ['a diagonal of bytes', { ...diagonal, inverseDiagonal: new Uint8Array(n) }],
    ['no diagonal', { kind: 'jacobi' }],
    ['a factor that is not triangular', { ...factor, upper: A }],
    ['a factor for fewer unknowns', { ...factor, inverseDiagonal: factor.inverseDiagonal.slice(1) }],
    ['a factor in too many blocks', { ...factor, blocks: n + 1 }],
    ['a factor in blocks that it couples', { ...factor, blocks: 3 }],
    ['levels out of order', { ...byLevel, starts: byLevel.starts.slice().reverse() }],
    ['levels of too few rows', { ...byLevel, order: byLevel.order.slice(1) }],
    ['levels with a wild order', { ...byLevel, order: byLevel.order.slice().fill(-5, 3, 4) }],
    ['levels with wild columns', { ...byLevel, lower: forgedUpper(byLevel.lower, 1e8) }],
    ['a factor without a pattern', { ...factor, upper: { values: factor.upper.values } }],
    ['a factor with wild columns', { ...factor, upper: forgedUpper(factor.upper, 1e8) }],
    ['diagonals with wild offsets', forgedPlan({ offsets: Int32Array.of(n) })],
    ['diagonals of too few rows', forgedPlan({ rows: n - 1 })],
    ['diagonals with a period of nothing', forgedPlan({ period: 0 })],
    ['diagonals with lanes out of order', forgedPlan({ cuts: Int32Array.of(0, -1) })],
    ['diagonals whose lanes wait for themselves', forgedPlan({ needs: Int32Array.of(-2) })],
    ['diagonals that reach before the first row', forgedPlan({ forwardMasks: Int32Array.of(1, 1) })],
    ['diagonals that reach behind the last row', forgedPlan({ backwardMasks: Int32Array.of(1, 1) })],
    ['diagonals with a wild segment', forgedPlan({ backwardStarts: Int32Array.of(0, 1 << 30, n) })],
    ['diagonals without a plan', { ...diagonals, upper: { ...diagonals.upper, plan: null } }],
    ['diagonals in both precisions', { ...diagonals, upper: { ...diagonals.upper, single: new Float32Array(5) } }],
    ['diagonals that are not finite', { ...diagonals, upper: { ...diagonals.upper, values: nans } }],
    ['degree 0', { ...polynomial, degree: 0 }],
    ['degree 1e9', { ...polynomial, degree: 1e9 }],
    ['NaN bounds', { ...polynomial, largest: Number.NaN }],
    ['a matrix of another order', { ...polynomial, matrix: poisson2d(4) }],
    ['text', 'ic0'],
    ['null', null],
  ]
  for (const [name, forged] of forgeries)
    it(`forged: ${name}`, () => refused(solve(A, { preconditioner: forged as Preconditioner })))

  it('more blocks than rows are as many blocks as rows', () => {
    for (const recipe of [ic0({ blocks: 1000 }), ssor({ blocks: 1e6 })])
      expect(cgSync(A, b, { preconditioner: recipe }).converged).toBe(true)
  })

  it('written to: ERR_INDEX', async () => {
    const spoilt = ic0.sync(fresh()) as typeof factor
    expect(cgSync(A, b, { preconditioner: spoilt }).converged).toBe(true)
    spoilt.upper.pattern.columnIndices[3] = 1 << 30
    await refused(solve(A, { preconditioner: spoilt }))
  })

  it('written to while they are applied, and while others are built on the same pattern', async () => {
    const random = generator(3)
    for (let round = 0; round < 20; round++) {
      const large = poisson2d(150)
      const M = (await ic0(large, { schedule: 'serial' })) as typeof factor
      const { rowPointers, columnIndices } = M.upper.pattern
      const under = [
        cg(large, uniform(1, large.rows), { preconditioner: M, maxIterations: 20 }),
        ic0(large),
        ssor(large),
        ic0(large, { schedule: 'levels' }),
        cg(large, uniform(1, large.rows), { preconditioner: ic0({ blocks: 4 }), maxIterations: 20 }),
        cg(large, uniform(1, large.rows), { preconditioner: ssor, maxIterations: 20 }),
      ].map(survives)
      const until = performance.now() + 20
      while (performance.now() < until) {
        rowPointers[Math.floor(random() * rowPointers.length)] = Math.floor((random() - 0.5) * 2 ** 32)
        columnIndices[Math.floor(random() * columnIndices.length)] = Math.floor((random() - 0.5) * 2 ** 32)
        if (round % 2 === 0) await new Promise(setImmediate)
      }
      await Promise.all(under)
    }
  })
})

function forgedUpper({ pattern, values }: CsrData, column: number): CsrData {
  return { pattern: { ...pattern, columnIndices: pattern.columnIndices.slice().fill(column, 0, 1) }, values }
}
