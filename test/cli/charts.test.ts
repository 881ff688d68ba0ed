import { expect, it } from 'vitest'
import { loadCharts, PLOTS_MISSING } from '../../src/cli/charts.ts'
import { convergenceChart } from '../../src/cli/convergence-chart.ts'
import { spyChart, spySize } from '../../src/cli/spy-chart.ts'
import { poisson2d } from '../../src/sparse/gallery/poisson.ts'

it('draws, or says which package is missing', async () => {
  const draw = await loadCharts()
  if (draw === undefined) {
    expect(PLOTS_MISSING).toContain('npm install echarts')
    return
  }
  const name = '<img src=x onerror=alert(1)>'
  const curves = [1, 2].map(i => ({ name: `${name} ${i}`, group: name, residuals: [1, 0.1, 0.001 * i] }))
  const { text } = draw(convergenceChart(curves), 640, 440)
  expect(text).toMatch(/^<svg/)
  expect(text).not.toContain('<img')
  expect(text).toContain('&lt;img')

  const A = poisson2d(60)
  const drawing = draw(spyChart(A.pattern), ...spySize(A.pattern)).text
  expect(drawing.length).toBeGreaterThan(10_000)
  expect(drawing.length).toBeLessThan(2_000_000)
})
