import { expect, it } from 'vitest'
import { convergenceChart } from '../../src/cli/convergence-chart.ts'
import { html, htmlTable, page } from '../../src/cli/html.ts'

const hostile = '<img src=x onerror="alert(1)">&\''
const harmless = '&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;'

it('escapes every insertion, in any depth, once', () => {
  expect(html`<p title="${hostile}">${[hostile, html`<b>${hostile}</b>`]}</p>`.text).toBe(
    `<p title="${harmless}">${harmless}<b>${harmless}</b></p>`,
  )
  expect(htmlTable([hostile], [[hostile]]).text).not.toContain('<img')
  expect(page(hostile, hostile)).not.toContain('<img')
})

it('draws long histories with few points, first and last among them', () => {
  const residuals = Float64Array.from({ length: 100_001 }, (_, i) => 5 * 0.9999 ** i)
  residuals[700] = 0
  const { series } = convergenceChart([{ name: 'a', group: 'a', residuals }]) as {
    series: readonly { data: readonly (readonly [number, number])[] }[]
  }
  const { data } = series[0]!
  expect(data.length).toBeLessThanOrEqual(601)
  expect(data[0]).toEqual([0, 1])
  expect(data.at(-1)![0]).toBe(100_000)
  for (const [, relative] of data) expect(relative).toBeGreaterThan(0)
})
