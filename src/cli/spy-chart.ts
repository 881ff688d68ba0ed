import type { Pattern } from '../core/types.ts'
import { drawableSpy } from './spy.ts'

/** The sparsity pattern: darker where more entries fall into a cell, on a logarithmic scale. */
export function spyChart(pattern: Pattern): object {
  const { height, width, counts } = drawableSpy(pattern)
  const data: [number, number, number][] = []
  let most = 1
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const count = counts[y * width + x]!
      if (count === 0) continue
      most = Math.max(most, count)
      data.push([x, y, Math.log10(count)])
    }
  const axis = (cells: number, of: number) => ({
    type: 'category',
    data: Array.from({ length: cells }, (_, i) => String(Math.floor((i * of) / cells))),
    axisTick: { show: false },
    axisLine: { onZero: false },
    axisLabel: { interval: Math.max(0, Math.ceil(cells / 4) - 1) },
  })
  return {
    grid: { show: true, borderColor: '#54555a', left: 70, right: 15, top: 30, bottom: 15 },
    xAxis: { ...axis(width, pattern.columns), position: 'top' },
    yAxis: { ...axis(height, pattern.rows), inverse: true },
    visualMap: { show: false, min: 0, max: Math.log10(most) || 1, inRange: { color: ['#7fb2dd', '#0b2e52'] } },
    series: [{ type: 'heatmap', silent: true, data }],
  }
}

const SIDE = 440

/** Width and height of the drawing that make its cells square. */
export function spySize({ rows, columns }: Pattern): readonly [width: number, height: number] {
  const longer = Math.max(rows, columns, 1)
  const side = (n: number): number => Math.max(40, Math.round((SIDE * n) / longer))
  return [side(columns) + 85, side(rows) + 45]
}
