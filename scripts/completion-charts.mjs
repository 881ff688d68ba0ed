// Draws docs/completion-*.svg from bench/results/completion.json: errors over sweeps and iterations, time over the rank.
import { draw } from './chart.mjs'
import { results } from './results.mjs'

const { rows } = results('completion')

function lines(file, title, subtext, x, y, series) {
  draw(file, 400, {
    title,
    subtext,
    legend: { top: 56, left: 12, right: 12 },
    grid: { left: 80, right: 30, top: 120, bottom: 45 },
    xAxis: { nameLocation: 'middle', nameGap: 26, ...x },
    yAxis: { type: 'log', ...y },
    series: series.map(one => ({ type: 'line', showSymbol: false, ...one })),
  })
}

const curve = ({ history }) => history.map((error, at) => [at + 1, Math.max(error, 1e-16)])
const named = pattern => rows.filter(({ problem }) => pattern.test(problem))

lines(
  'completion-convergence',
  'Errors on entries that were not observed',
  '1000 x 1000 of rank 10, a fifth of the entries; full: condition 1, dashed: 100',
  { type: 'value', name: 'sweep' },
  { name: 'relative error' },
  named(/^convergence/).map(row => ({
    name: `${row.method}, condition ${row.problem.split('_').at(-1)}`,
    data: curve(row),
    lineStyle: { type: row.problem.endsWith('_100') ? 'dashed' : 'solid' },
  })),
)
lines(
  'completion-sensing',
  'matrixSensing by scaled gradients',
  'n = 40, rank 3, 1200 measurements: as many iterations for every condition',
  { type: 'value', name: 'iteration' },
  { name: 'relative residual' },
  named(/^sensing/).map(row => ({ name: `condition ${row.problem.split('_').at(-1)}`, data: curve(row) })),
)
lines(
  'completion-rank',
  'One sweep over 12.8 million entries',
  '40 000 x 40 000, 320 entries a row, one thread',
  { type: 'log', name: 'rank', logBase: 2, min: 16 },
  { name: 'ms' },
  ['altMin', 'als'].map(method => ({
    name: method,
    showSymbol: true,
    data: named(/^sweep_40000_rank/)
      .filter(row => row.method === method)
      .map(row => [Number(row.problem.split('_').at(-1)), row.solve]),
  })),
)
