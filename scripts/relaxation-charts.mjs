// Draws docs/relaxation-*.svg from bench/results/relaxation.json: cost over time, and omega over time.
import { draw } from './chart.mjs'
import { results } from './results.mjs'

const { experiments } = results('relaxation')
const shown = ['Tsallis-INF (RV)', 'Thompson', '6-bin Thompson', '8 log bins, Thompson', 'ChebCB', 'formula']

function lines(file, title, subtext, steps, series, unit) {
  draw(file, 400, {
    title,
    subtext,
    legend: { top: 56, left: 12, right: 12 },
    grid: { left: 80, right: 30, top: 120, bottom: 40 },
    xAxis: { type: 'value', name: 'step', max: steps, nameLocation: 'middle', nameGap: 24 },
    yAxis: { type: 'value', name: unit, scale: true },
    series: series.map(({ name, points }) => ({
      name,
      type: 'line',
      showSymbol: false,
      lineStyle: { width: name.startsWith('best') || name === 'formula' ? 3 : 1.5 },
      data: points.map((y, at) => [((at + 1) * steps) / points.length, y]),
    })),
  })
}

for (const { name, steps, runs } of experiments) {
  const file = `relaxation-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`
  const fixed = runs.filter(({ policy }) => !Number.isNaN(Number(policy)))
  const best = fixed.reduce((a, b) => (b.total < a.total ? b : a))
  const curves = [...runs.filter(({ policy }) => shown.includes(policy) || /^RIC\(\.99\)/.test(policy))]
  const perStep = path => path.map((total, at) => total / (((at + 1) * steps) / path.length))
  const costs = curves.map(({ policy, path }) => ({ name: policy, points: perStep(path) }))
  const first = { name: `best fixed (${best.policy})`, points: perStep(best.path) }
  lines(
    `${file}-cost`,
    `${name}: cost over time`,
    'mean iterations per system so far',
    steps,
    [first, ...costs],
    'iterations',
  )
  const omegas = curves.filter(run => run.omegas.length > 1 && /formula|8 log|^Thompson/.test(run.policy))
  const chosen = omegas.map(run => ({ name: run.policy, points: run.omegas }))
  lines(`${file}-omega`, `${name}: omega over time`, 'every 50th choice', steps, chosen, 'omega')
}
