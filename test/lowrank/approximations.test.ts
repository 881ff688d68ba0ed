import { describe, expect, it } from 'vitest'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import {
  Csr,
  cgSync,
  cur,
  curSync,
  type Dense,
  dense,
  estimateTrace,
  estimateTraceSync,
  generalizedNystrom,
  generalizedNystromSync,
  interpolative,
  interpolativeSync,
  nystrom,
  nystromPreconditioner,
  nystromSync,
} from '../../src/index.ts'
import { skeleton } from '../../src/lowrank/skeleton.ts'
import { both } from '../support/both.ts'
import { columnsOf, departure, frobenius, minus, randomDense, scaled, times, transposed } from '../support/dense.ts'
import { withEigenvalues, withSingularValues } from '../support/spectra.ts'

const [m, n, k] = [120, 80, 10]
const decays = { slow: (j: number) => 1 / j, fast: (j: number) => 2 ** -j }
const spectrum = (decay: (j: number) => number, count = n) =>
  Float64Array.from({ length: count }, (_, i) => decay(i + 1))
const best = (s: Float64Array) => Math.hypot(...s.subarray(k))

describe.each(Object.entries(decays))('%s decay', (_, decay) => {
  const s = spectrum(decay)
  const A = withSingularValues(m, n, s)

  it.each(['deim', 'lupp', 'leverage'] as const)('cur by %s', async select => {
    for (const seed of [1, 2, 3]) {
      const { C, U, R, columnIndices, rowIndices } = await both(curSync, cur, A, { rank: k, select, seed })
      expect(C).toEqual(columnsOf(A, columnIndices))
      expect(R.values).toEqual(transposed(columnsOf(transposed(A), rowIndices)).values)
      expect(new Set(columnIndices).size).toBe(k)
      const error = frobenius(minus(A, times(times(C, U), R)))
      expect(error).toBeLessThanOrEqual((select === 'leverage' ? 10 : 3) * best(s))
    }
  })

  it('generalizedNystrom, whole and in pieces', async () => {
    const { u, s: found, v } = await both(generalizedNystromSync, generalizedNystrom, A, { rank: k, seed: 4 })
    expect(found.length).toBe(k)
    expect(departure(u)).toBeLessThan(1e-12)
    expect(frobenius(minus(A, times(scaled(u, found), transposed(v))))).toBeLessThanOrEqual(3 * best(s))
    const pieces = async function* () {
      for (const [from, to] of [
        [0, 7],
        [7, 100],
        [100, 120],
      ] as const)
        yield dense(to - from, n, A.values.slice(from * n, to * n))
    }
    const streamed = await generalizedNystrom(pieces(), { rank: k, seed: 4 })
    for (let j = 0; j < k; j++) expect(streamed.s[j]! / found[j]!).toBeCloseTo(1, 10)
  })

  it('interpolative', async () => {
    const { columnIndices, C, Z } = await both(interpolativeSync, interpolative, A, { rank: k })
    expect(C).toEqual(columnsOf(A, columnIndices))
    expect(frobenius(minus(A, times(C, Z)))).toBeLessThanOrEqual(6 * best(s))
    expect(Z.values.reduce((most, z) => Math.max(most, Math.abs(z)), 0)).toBeLessThanOrEqual(5)
  })

  it('nystrom of a semidefinite matrix', async () => {
    const S = withEigenvalues(s)
    const { values, vectors } = await both(nystromSync, nystrom, S, { rank: k, seed: 2 })
    expect(departure(vectors)).toBeLessThan(1e-12)
    expect(values.every(w => w >= 0)).toBe(true)
    const error = frobenius(minus(S, times(scaled(vectors, values), transposed(vectors))))
    expect(error).toBeLessThanOrEqual(3 * best(s))
  })
})

it('the skeleton is a projection from either side', () => {
  const A = withSingularValues(
    30,
    20,
    spectrum(j => 0.8 ** j, 20),
  )
  const [X, Y] = [randomDense(20, 6, 1), randomDense(9, 30, 2)]
  const [AX, YA] = [times(A, X), times(Y, A)]
  const YAX = times(Y, AX)
  const approximate = (YB: Dense) => {
    const { left, right } = runSync(skeleton(AX, YAX, YB), makeControl('test', {}))
    return times(left, transposed(right))
  }
  const PA = approximate(YA)
  const P = approximate(Y) // (A X) (Y A X)^+ Y
  expect(frobenius(minus(times(P, P), P))).toBeLessThan(1e-10 * frobenius(P))
  expect(frobenius(minus(times(P, A), PA))).toBeLessThan(1e-10 * frobenius(A))
  expect(frobenius(minus(times(P, AX), AX))).toBeLessThan(1e-10 * frobenius(AX))
  // A - PA = (I - P) A (I - Q) with A Q = P A
  expect(frobenius(minus(times(PA, X), AX))).toBeLessThan(1e-10 * frobenius(AX))
})

describe('nystromPreconditioner', () => {
  it('leaves conjugate gradients a tenth of the iterations', () => {
    const w = spectrum(j => j ** -3, 200)
    const K = withEigenvalues(w)
    const shift = 1e-6
    const A = dense(
      200,
      200,
      K.values.map((x, at) => x + (at % 201 === 0 ? shift : 0)),
    )
    const operator = {
      rows: 200,
      columns: 200,
      apply: (x: Float64Array) => times(A, dense(200, 1, x)).values,
    }
    const b = randomDense(200, 1, 9).values
    const plain = cgSync(operator, b, { maxIterations: 2000 })
    const helped = cgSync(operator, b, {
      preconditioner: nystromPreconditioner(nystromSync(K, { rank: 60 }), shift),
    })
    expect(helped.converged).toBe(true)
    expect(helped.iterations).toBeLessThanOrEqual(0.2 * plain.iterations)
  })

  it('refuses shifts that are not positive, and matrices that are not semidefinite', () => {
    const N = nystromSync(withEigenvalues(Float64Array.of(1, 2, 3)), { rank: 1 })
    expect(() => nystromPreconditioner(N, 0)).toThrow(/above 0/)
    expect(() => nystromSync(withEigenvalues(Float64Array.of(1, -2, 3)), { rank: 2 })).toThrow(/semidefinite/)
  })
})

describe('estimateTrace', () => {
  const w = spectrum(j => j ** -1.5, 150)
  const A = withEigenvalues(w)
  const trace = w.reduce((sum, x) => sum + x, 0)

  it('is exact where the subspace holds all, and near elsewhere', async () => {
    const low = withEigenvalues(Float64Array.from({ length: 50 }, (_, i) => (i < 4 ? i + 1 : 0)))
    expect(estimateTraceSync(low, { products: 30 }).trace).toBeCloseTo(10, 10)
    const { trace: found, standardError, products } = await both(estimateTraceSync, estimateTrace, A, { products: 60 })
    expect(Math.abs(found - trace)).toBeLessThanOrEqual(5 * standardError)
    expect(products).toBeLessThanOrEqual(60)
  })

  it('takes operators and sparse matrices', async () => {
    const operator = { rows: 150, columns: 150, apply: (x: Float64Array) => times(A, dense(150, 1, x)).values }
    expect(estimateTraceSync(operator).trace).toBeCloseTo(estimateTraceSync(A).trace, 8)
    const delayed = { ...operator, apply: async (x: Float64Array) => operator.apply(x) }
    expect((await estimateTrace(delayed)).trace).toBe(estimateTraceSync(operator).trace)
    expect(estimateTraceSync(Csr.fromDense(A)).trace).toBeCloseTo(estimateTraceSync(A).trace, 8)
  })

  it('errs like 1 / products', () => {
    const error = (products: number) => {
      const squares = Array.from(
        { length: 40 },
        (_, seed) => (estimateTraceSync(A, { products, seed }).trace - trace) ** 2,
      )
      return Math.sqrt(squares.reduce((sum, x) => sum + x, 0) / 40)
    }
    const slope = Math.log(error(96) / error(24)) / Math.log(4)
    expect(slope).toBeLessThanOrEqual(-0.9)
  })
})

describe('bad input', () => {
  const A = randomDense(5, 4)
  it.each([
    ['cur', (o: object) => curSync(A, o as never)],
    ['generalizedNystrom', (o: object) => generalizedNystromSync(A, o as never)],
    ['interpolative', (o: object) => interpolativeSync(A, o as never)],
    ['nystrom', (o: object) => nystromSync(A, o as never)],
  ])('%s wants a rank', (name, call) => {
    expect(() => call({})).toThrow(new RegExp(`${name}.*rank`))
    expect(() => call({ rank: 2, rnak: 1 })).toThrow(/did you mean rank/)
    expect(() => call({ rank: 2, seed: -1 })).toThrow(/seed/)
  })

  it('importance, selections, streams that change', async () => {
    expect(() => curSync(A, { rank: 2, select: 'best' as never })).toThrow(/deim, lupp, leverage/)
    expect(() => curSync(A, { rank: 2, importance: [1, 2, 3] })).toThrow(/importance/)
    expect(() => curSync(A, { rank: 2, importance: [1, 2, 3, 0] })).toThrow(/positive/)
    const stream = async function* () {
      yield A
      yield randomDense(2, 3)
    }
    await expect(generalizedNystrom(stream(), { rank: 2 })).rejects.toThrow(/4 columns, as the first/)
    expect(() => generalizedNystromSync(stream() as never, { rank: 2 })).toThrow(/stream/)
    expect(() => estimateTraceSync(A)).toThrow(/square/)
  })

  it('importance moves the choice', () => {
    const weights = [1, 1, 1, 1000]
    expect(curSync(A, { rank: 1, importance: weights }).columnIndices[0]).toBe(3)
  })
})
