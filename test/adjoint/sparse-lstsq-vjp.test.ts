import { describe, expect, it } from 'vitest'
import type { LstsqVjpOptions } from '../../src/index.ts'
import { Csr, dense, lstsqVjp, lstsqVjpSync } from '../../src/index.ts'
import { failure, type Loose } from '../support/misuse.ts'
import { generator, randomVector } from '../support/random.ts'

const random = generator(11)
const [m, n] = [60, 20]

/** Tall, sparse, of full rank: a column's own row, and others. */
function tall(): Csr {
  const [i, j, a]: [number[], number[], number[]] = [[], [], []]
  for (let r = 0; r < m; r++)
    for (let k = 0; k < (r < n ? 1 : 3); k++) {
      i.push(r)
      j.push(r < n ? r : Math.floor(random() * n))
      a.push(r < n ? 1 + random() : 2 * random() - 1)
    }
  return Csr.fromTriplets(m, n, i, j, a)
}
const A = tall()
const [b, v, dA, db] = [m, n, A.values.length, m].map(length => randomVector(random, length)) as Float64Array[] as [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
]
const dot = (x: ArrayLike<number>, y: ArrayLike<number>) => Array.from(x).reduce((sum, a, i) => sum + a * y[i]!, 0)
const full = () => {
  const values = new Float64Array(m * n)
  const { rowPointers, columnIndices } = A.pattern
  for (let r = 0; r < m; r++)
    for (let k = rowPointers[r]!; k < rowPointers[r + 1]!; k++) values[r * n + columnIndices[k]!] = A.values[k]!
  return dense(m, n, values)
}

describe.each([[{}], [{ method: 'lsqr', rtol: 1e-13 }]] as const)('lstsqVjp of a sparse A, %o', given => {
  const options: LstsqVjpOptions = given

  it('is that of the dense A on the pattern, and agrees with central differences', async () => {
    const found = lstsqVjpSync(A, b, options)
    const gradient = found.pullback(v)
    expect([found.accurate, gradient.accurate]).toEqual([true, true])
    const whole = lstsqVjpSync(full(), b)
    for (let c = 0; c < n; c++) expect(Math.abs(found.value[c]! - whole.value[c]!)).toBeLessThan(1e-9)
    const wanted = whole.pullback(v)
    const { rowPointers, columnIndices } = A.pattern
    expect(gradient.A.length).toBe(A.values.length)
    for (let r = 0; r < m; r++) {
      expect(Math.abs(gradient.b[r]! - wanted.b[r]!)).toBeLessThan(1e-9)
      for (let k = rowPointers[r]!; k < rowPointers[r + 1]!; k++)
        expect(Math.abs(gradient.A[k]! - wanted.A.values[r * n + columnIndices[k]!]!)).toBeLessThan(1e-8)
    }
    const at = (t: number) => {
      const moved = A.withValues(A.values.map((a, k) => a + t * dA[k]!))
      return dot(
        v,
        lstsqVjpSync(
          moved,
          b.map((x, r) => x + t * db[r]!),
          options,
        ).value,
      )
    }
    const slope = (at(1e-5) - at(-1e-5)) / 2e-5
    expect(Math.abs(dot(gradient.A, dA) + dot(gradient.b, db) - slope)).toBeLessThan(
      1e-6 * Math.max(1, Math.abs(slope)),
    )
    const promised = await lstsqVjp(A, b, options)
    expect(promised.value).toEqual(found.value)
    expect(await promised.pullback(v)).toEqual(gradient)
    await expect(promised.pullback(v, { signal: AbortSignal.abort() })).rejects.toThrow()
  })
})

it('misuse', () => {
  const loose = lstsqVjpSync as unknown as Loose
  const code = (act: () => unknown) => (failure(act) as { code: string }).code
  expect(code(() => loose(A, b, { method: 'qr' }))).toBe('ERR_OPTION')
  expect(code(() => loose(A, b, { methods: 'lsqr' }))).toBe('ERR_OPTION')
  expect(code(() => loose(full(), b, { method: 'lsqr' }))).toBe('ERR_OPTION')
  expect(code(() => loose(A, b.subarray(1)))).toBe('ERR_SHAPE')
  expect(code(() => loose(Csr.fromTriplets(1, 2, [0], [0], [1]), [1]))).toBe('ERR_SHAPE')
  expect(code(() => lstsqVjpSync(A, b).pullback([1]))).toBe('ERR_SHAPE')
  expect(code(() => lstsqVjpSync(Csr.fromTriplets(3, 2, [0, 1], [0, 0], [1, 1]), [1, 2, 3]))).toBe('ERR_SINGULAR')
  expect(lstsqVjpSync(A, b, { method: 'lsqr', maxIterations: 2 }).accurate).toBe(false)
})
