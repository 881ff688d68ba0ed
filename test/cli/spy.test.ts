import { expect, it } from 'vitest'
import { drawableSpy, spy, spyText } from '../../src/cli/spy.ts'
import { spyChart } from '../../src/cli/spy-chart.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'

it('counts every entry once, in cells along the longer side', () => {
  const A = poisson2d(40, 30)
  for (const limit of [1, 7, 64, 256]) {
    const { counts, height, width, occupied } = spy(A.pattern, limit)
    expect([height, width]).toEqual([limit, limit])
    expect(counts.reduce((sum, count) => sum + count)).toBe(A.nonZeros)
    expect(occupied).toBe(counts.filter(count => count > 0).length)
  }
})

it('keeps cells square, and small matrices as they are', () => {
  const wide = Csr.fromTriplets(10, 1000, [9], [999], [1])
  expect(spy(wide.pattern, 100)).toMatchObject({ height: 1, width: 100 })
  const small = Csr.fromTriplets(3, 2, [2], [0], [1])
  expect(spy(small.pattern, 256)).toMatchObject({ height: 3, width: 2, occupied: 1 })
  expect(spyText(small.pattern)).toBe('\u2804')
  expect(spyText(Csr.fromTriplets(0, 0, [], [], []).pattern)).toBe('')
})

it('draws a bounded number of cells, at most 256 across', () => {
  expect(drawableSpy(poisson2d(60).pattern)).toMatchObject({ height: 256, width: 256 })
  const n = 400
  const full = Csr.fromDense({ rows: n, columns: n, values: new Float64Array(n * n).fill(1) })
  const { occupied, width } = drawableSpy(full.pattern)
  expect(width).toBeLessThanOrEqual(256)
  expect(occupied).toBeLessThanOrEqual(8000)
  expect(JSON.stringify(spyChart(full.pattern)).length).toBeLessThan(200_000)
})
