import { describe, expect, it } from 'vitest'
import {
  countSketch,
  fastJL,
  gaussian,
  type Made,
  normal,
  type SketchOperator,
  sjlt,
  sketchAdjointSync,
  sketchSync,
  sparseStack,
  srht,
  verySparse,
} from '../../src/index.ts'
import { drawColumn, drawEntries, drawRows, drawSign } from '../../src/sketch/sample.ts'

const identity = (n: number) => ({
  rows: n,
  columns: n,
  values: Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0)),
})
const explicit = (S: SketchOperator) => sketchSync(S, identity(S.columns)).values

type Make = (rows: number, columns: number, seed: number) => Made<SketchOperator>
const makers: readonly (readonly [string, Make])[] = [
  ['sparseStack', (rows, columns, seed) => sparseStack({ rows, columns, seed })],
  ['sjlt', (rows, columns, seed) => sjlt({ rows, columns, seed })],
  ['countSketch', (rows, columns, seed) => countSketch({ rows, columns, seed })],
  ['gaussian', (rows, columns, seed) => gaussian({ rows, columns, seed })],
  ['verySparse', (rows, columns, seed) => verySparse({ rows, columns, seed })],
  ['srht', (rows, columns, seed) => srht({ rows, columns, seed })],
  ['fastJL', (rows, columns, seed) => fastJL({ rows, columns, seed })],
]

describe.each(makers)('%s', (_, make) => {
  it('is the same for the same state, and another for another', () => {
    expect(explicit(make(24, 50, 7))).toEqual(explicit(make(24, 50, 7)))
    expect(explicit(make(24, 50, 8))).not.toEqual(explicit(make(24, 50, 7)))
    const S = make(24, 50, 7)
    expect(S.next).toEqual({ seed: 7, stream: 1 })
  })

  it('is an isometry in expectation', () => {
    const x = { rows: 60, columns: 1, values: normal(3, 60) }
    const size = x.values.reduce((sum, v) => sum + v * v, 0)
    const draws = Array.from({ length: 400 }, (_, seed) => {
      const { values } = sketchSync(make(32, 60, seed), x)
      return values.reduce((sum, v) => sum + v * v, 0) / size
    })
    const mean = draws.reduce((sum, v) => sum + v, 0) / draws.length
    const variance = draws.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (draws.length - 1)
    expect(Math.abs(mean - 1)).toBeLessThanOrEqual(4 * Math.sqrt(variance / draws.length) + 1e-12)
    expect(variance).toBeLessThan(0.3) // 2 / 32 for a Gaussian, and more where entries are few
  })

  it('has the adjoint that its adjoint is', () => {
    const S = make(24, 50, 5)
    const X = { rows: 50, columns: 3, values: normal(1, 150) }
    const Y = { rows: 24, columns: 3, values: normal(2, 72) }
    const [SX, StY] = [sketchSync(S, X).values, sketchAdjointSync(S, Y).values]
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i]!, 0)
    expect(Math.abs(dot(SX, Y.values) - dot(X.values, StY))).toBeLessThanOrEqual(1e-12 * Math.abs(dot(SX, SX)))
  })
})

describe('columns', () => {
  const rows = new Int32Array(64)
  const signs = new Float64Array(64)

  it('of a stack have one entry in each block of rows', () => {
    const S = sparseStack({ rows: 30, columns: 1000, zeta: 7 })
    const seen = new Set<number>()
    for (let j = 0; j < S.columns; j++) {
      expect(drawColumn(S, j, rows, signs)).toBe(7)
      for (let z = 0; z < 7; z++) {
        expect(rows[z]).toBeGreaterThanOrEqual(Math.floor((30 * z) / 7))
        expect(rows[z]).toBeLessThan(Math.floor((30 * (z + 1)) / 7))
        expect(Math.abs(signs[z]!)).toBe(1)
        seen.add(rows[z]!)
      }
    }
    expect(seen.size).toBe(30)
  })

  it('of an sjlt are distinct, and every set of rows is as likely', () => {
    const S = sjlt({ rows: 5, columns: 20_000, zeta: 3 })
    const counts = new Map<string, number>()
    for (let j = 0; j < S.columns; j++) {
      drawColumn(S, j, rows, signs)
      const set = [...rows.slice(0, 3)].sort().join(' ')
      expect(new Set(rows.slice(0, 3)).size).toBe(3)
      counts.set(set, (counts.get(set) ?? 0) + 1)
    }
    expect(counts.size).toBe(10)
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(4 * Math.sqrt(2000))
  })

  it('of a very sparse one have the density that was asked for', () => {
    const S = verySparse({ rows: 64, columns: 3000, density: 0.1 })
    let count = 0
    for (let j = 0; j < S.columns; j++) count += drawColumn(S, j, rows, signs)
    expect(Math.abs(count / (64 * 3000) - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / (64 * 3000)))
  })

  it('of P are as many as q says, ascending', () => {
    const S = fastJL({ rows: 40, columns: 1000, q: 0.05 })
    const { places, values } = drawEntries(S)
    expect(Math.abs(places.length - 0.05 * 40 * 1024)).toBeLessThan(4 * Math.sqrt(0.05 * 40 * 1024))
    expect(places.every((place, t) => place > (places[t - 1] ?? -1))).toBe(true)
    expect(values.length).toBe(places.length)
    expect(drawEntries(fastJL({ rows: 3, columns: 4, q: 1 })).places).toEqual([...Array(12).keys()])
  })

  it('of a subsampled transform keep distinct rows, all where all are asked for', () => {
    const kept = drawRows(srht({ rows: 100, columns: 1000 }))
    expect(new Set(kept).size).toBe(100)
    expect(drawRows(srht({ rows: 8, columns: 8 }))).toEqual(Int32Array.from([0, 1, 2, 3, 4, 5, 6, 7]))
    const signs = Array.from({ length: 4000 }, (_, j) => drawSign(srht({ rows: 1, columns: 4000 }), j))
    expect(Math.abs(signs.reduce((sum, s) => sum + s, 0))).toBeLessThan(4 * Math.sqrt(4000))
  })
})
