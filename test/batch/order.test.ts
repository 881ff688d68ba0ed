import { describe, expect, it } from 'vitest'
import { hilbertIndex } from '../../src/batch/hilbert.steps.ts'
import { type OrderMethod, orderBySimilarity, orderBySimilaritySync } from '../../src/batch/order.ts'
import { normal, uniform } from '../../src/core/random.ts'
import { dense } from '../../src/dense/dense.ts'
import { both } from '../support/both.ts'
import { failure, type Loose } from '../support/misuse.ts'

const methods: readonly OrderMethod[] = ['greedy', 'grouped', 'hilbert']

const distance = (x: Float64Array, y: Float64Array) => Math.hypot(...x.map((value, k) => value - y[k]!))
const lengthOf = (fields: readonly Float64Array[], order: ArrayLike<number>): number => {
  let length = 0
  for (let i = 1; i < order.length; i++) length += distance(fields[order[i - 1]!]!, fields[order[i]!]!)
  return length
}
const ascending = (order: Int32Array) => [...order].sort((i, j) => i - j)
const all = (N: number) => Array.from({ length: N }, (_, i) => i)

/** A walk with memory rho, and the same fields shuffled. */
function walk(N: number, d: number, rho: number, seed: number) {
  const fields = [normal(seed, d)]
  for (let i = 1; i < N; i++) {
    const fresh = normal(seed, d, i)
    fields.push(fields[i - 1]!.map((value, k) => rho * value + Math.sqrt(1 - rho * rho) * fresh[k]!))
  }
  const keys = uniform(seed + 1, N)
  return all(N)
    .sort((i, j) => keys[i]! - keys[j]!)
    .map(i => fields[i]!)
}

/** From the first to the nearest that is left, and so on, by the plainest loop. */
function plainly(fields: readonly Float64Array[]): number[] {
  const left = new Set(fields.keys())
  const order: number[] = []
  for (let at = 0; left.size > 0; ) {
    left.delete(at)
    order.push(at)
    const here = fields[at]!
    let nearest = Number.POSITIVE_INFINITY
    for (const other of left) {
      const square = fields[other]!.reduce((sum, value, k) => sum + (value - here[k]!) ** 2, 0)
      if (square < nearest) [at, nearest] = [other, square]
    }
  }
  return order
}

describe('orderBySimilarity', () => {
  it.each(methods)('%s gives every field once, and a way no longer than the given one', async method => {
    for (const [N, d, rho] of [
      [2, 3, 0.9],
      [60, 5, 0.99],
      [300, 40, 0.95],
      [1300, 12, 0.99],
      [700, 1, 0.9],
    ] as const) {
      const fields = walk(N, d, rho, N + d)
      const order = await both(orderBySimilaritySync, orderBySimilarity, fields, { method })
      expect(ascending(order)).toEqual(all(N))
      expect(lengthOf(fields, order)).toBeLessThanOrEqual(lengthOf(fields, all(N)))
    }
  })

  it('greedy is what the plainest loop finds', () => {
    for (let seed = 0; seed < 30; seed++) {
      const [N, d] = [2 + ((seed * 37) % 90), 1 + ((seed * 53) % 700)]
      const fields = walk(N, d, 0.9, seed)
      fields[N - 1] = fields[0]!.slice() // of equals the first
      if (seed % 3 === 0) for (const field of fields) for (let k = 0; k < d; k++) field[k] = Math.round(field[k]!)
      if (seed % 3 === 1) for (const field of fields) for (let k = 0; k < d; k++) field[k]! += 1e6
      expect([...orderBySimilaritySync(fields, { method: 'greedy' })]).toEqual(plainly(fields))
    }
  })

  it.each(methods)('%s finds the way along a line', method => {
    const fields = [0, 7, 3, 9, 1, 5, 2, 8, 4, 6].map(t => Float64Array.of(t, 3 - 2 * t, 5))
    const along = [0, 4, 6, 2, 8, 5, 9, 1, 7, 3]
    const order = [...orderBySimilaritySync(fields, { method })]
    expect([along, along.toReversed()]).toContainEqual(order)
  })

  it('takes plain arrays and the rows of a dense matrix', () => {
    const fields = walk(20, 6, 0.9, 3)
    const rows = dense(20, 6, Float64Array.from(fields.flatMap(field => [...field])))
    for (const method of methods) {
      const order = orderBySimilaritySync(fields, { method })
      expect(orderBySimilaritySync(rows, { method })).toEqual(order)
      expect(
        orderBySimilaritySync(
          fields.map(field => [...field]),
          { method },
        ),
      ).toEqual(order)
    }
  })

  it('does not mind nothing, equal fields, fields without entries, and numbers whose squares are none', () => {
    for (const method of methods) {
      expect(orderBySimilaritySync([], { method })).toEqual(new Int32Array(0))
      expect(orderBySimilaritySync([[1]], { method })).toEqual(Int32Array.of(0))
      expect(orderBySimilaritySync([[], [], []], { method })).toEqual(Int32Array.of(0, 1, 2))
      expect(orderBySimilaritySync([[2], [2], [2]], { method })).toEqual(Int32Array.of(0, 1, 2))
      for (const unit of [1e-300, 1e300]) {
        const fields = walk(40, 3, 0.9, 5)
        const scaled = fields.map(field => field.map(value => value * unit))
        expect(orderBySimilaritySync(scaled, { method })).toEqual(orderBySimilaritySync(fields, { method }))
      }
    }
  })

  it('lets the event loop go round, and can be aborted', async () => {
    const fields = Array.from({ length: 2000 }, (_, i) => normal(i, 200))
    const stop = new AbortController()
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    setTimeout(() => stop.abort(new Error('enough')), 30)
    await expect(orderBySimilarity(fields, { method: 'greedy', signal: stop.signal })).rejects.toThrow('enough')
    clearInterval(timer)
    expect(turns).toBeGreaterThan(0)
  })

  it('orders 100 000 fields along the curve', async () => {
    const N = 100_000
    const values = uniform(1, 3 * N)
    const order = await orderBySimilarity(dense(N, 3, values))
    const fields = all(N).map(i => values.subarray(3 * i, 3 * i + 3))
    expect(new Set(order).size).toBe(N)
    // N^(-1/3) is the mesh width: neighbours along the curve lie that near
    expect(lengthOf(fields, order) / N).toBeLessThan(2 * N ** (-1 / 3))
  })

  it('refuses what is no list of fields', () => {
    const loose = orderBySimilaritySync as Loose
    for (const [fields, options, code, text] of [
      [undefined, {}, 'ERR_TYPE', /fields must be an array of fields/],
      [[[1, 2], [1]], {}, 'ERR_SHAPE', /fields\[1\] must be 2 long, got 1/],
      [[[1, 2], 'xy'], {}, 'ERR_TYPE', /fields\[1\] must be a Float64Array/],
      [new Array(3), {}, 'ERR_TYPE', /fields\[0\]/],
      [[[1], [Number.NaN]], {}, 'ERR_NOT_FINITE', /fields\[1\]\[0\] must be finite/],
      [{ rows: 2, columns: 2, values: new Float64Array(3) }, {}, 'ERR_SHAPE', /fields.values must be 4 long/],
      [{ rows: 2 ** 40, columns: 0, values: new Float64Array(0) }, {}, 'ERR_SHAPE', /fields.rows/],
      [[[1]], { method: 'nearest' }, 'ERR_OPTION', /option method must be 'greedy'/],
      [[[1]], { seed: -1 }, 'ERR_OPTION', /option seed/],
      [[[1]], { methods: 'greedy' }, 'ERR_OPTION', /did you mean method/],
    ] as const) {
      const error = failure(() => loose(fields, options))
      expect(error).toMatchObject({ name: 'KrylovError', code })
      expect(String(error)).toMatch(text)
    }
  })
})

describe('hilbertIndex', () => {
  it.each([
    [2, 4],
    [3, 3],
    [5, 2],
  ])('in %i dimensions of %i bits goes through every cell, each a neighbour of the last', (n, bits) => {
    const count = 2 ** (n * bits)
    const cells: number[][] = []
    for (let at = 0; at < count; at++) {
      const cell = Int32Array.from({ length: n }, (_, c) => Math.floor(at / 2 ** (bits * c)) % 2 ** bits)
      cells[hilbertIndex(cell.slice(), bits)] = [...cell]
    }
    expect(cells.filter(Boolean)).toHaveLength(count)
    for (let i = 1; i < count; i++)
      expect(cells[i]!.reduce((sum, value, c) => sum + Math.abs(value - cells[i - 1]![c]!), 0)).toBe(1)
  })
})
