// Draws docs/matfun-*.svg from bench/results/matfun.json: errors of square roots and of their gradients over the condition; and
// docs/fit-conductivity.svg, the course of that example, which it runs.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { draw } from './chart.mjs'
import { results } from './results.mjs'

const { rows } = results('matfun')

/** Errors by method: those of order 64 with eigenvalues by equal factors as a curve, those of covariances as points. */
function read(what) {
  const found = new Map()
  for (const { problem, method, relativeResidual } of rows) {
    const [, name, n, kappa] = /^(.+)_(\d+)_([\d.]+e\+\d+)$/.exec(problem) ?? []
    if (name === undefined || !method.endsWith(`: ${what}`) || (name === 'spd' && n !== '64')) continue
    const label = method.slice(0, -what.length - 2)
    if (!found.has(label)) found.set(label, { curve: [], points: [] })
    const at = [Number(kappa), Math.max(relativeResidual, 1e-17)]
    found.get(label)[name === 'spd' ? 'curve' : 'points'].push(name === 'spd' ? at : { value: at, name })
  }
  return found
}

function errors(file, title, what, methods) {
  const found = read(what)
  draw(file, 440, {
    title,
    subtext: 'n = 64, eigenvalues by equal factors; dots: covariances of real data',
    legend: { top: 56, left: 12, right: 12, data: methods },
    grid: { left: 80, right: 30, top: 120, bottom: 45 },
    xAxis: { type: 'log', name: 'condition', min: 10, max: 1e12, nameLocation: 'middle', nameGap: 26, axisLabel },
    yAxis: { type: 'log', name: 'relative error', min: 1e-17, max: 1e3, axisLabel },
    series: methods.flatMap((name, i) => {
      const { curve, points } = found.get(name) ?? { curve: [], points: [] }
      const itemStyle = { color: COLOURS[i] }
      return [
        { name, type: 'line', showSymbol: false, data: curve, itemStyle, lineStyle: itemStyle },
        { name, type: 'scatter', symbolSize: 7, data: points, itemStyle },
      ]
    }),
  })
}

const axisLabel = { formatter: value => `1e${Math.round(Math.log10(value))}` }
const COLOURS = ['#5470c6', '#91cc75', '#fac858', '#ee6666', '#73c0de', '#3ba272', '#fc8452', '#9a60b4']

errors('matfun-root-errors', 'How wrong square roots are', 'root', [
  'eigh',
  'polar',
  'newton-schulz, 5 steps',
  'pade (MPA) and 8 steps',
  'taylor (MTP) and 8 steps',
])
errors('matfun-gradient-errors', 'How wrong gradients of square roots are', 'gradient', [
  'eigh',
  'polar',
  'pade (MPA) and 8 steps',
  'taylor (MTP) and 8 steps',
  'exact root and 8 steps',
  'exact root and 20 steps',
])

const folder = mkdtempSync(join(tmpdir(), 'krylov-'))
try {
  const file = join(folder, 'course.json')
  const example = fileURLToPath(new URL('../examples/fit-conductivity.ts', import.meta.url))
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', example, file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error('examples/fit-conductivity.ts failed')
  const { cells, history, errors: ofField } = JSON.parse(readFileSync(file, 'utf8'))
  const line = (name, list) => ({ name, type: 'line', showSymbol: false, data: list.map((y, x) => [x, y]) })
  draw('fit-conductivity', 380, {
    title: 'A conductivity field from temperatures',
    subtext: `${cells} x ${cells} cells, gradient through the sparse solve`,
    legend: { top: 56, left: 12 },
    grid: { left: 80, right: 30, top: 90, bottom: 45 },
    xAxis: { type: 'value', name: 'step', nameLocation: 'middle', nameGap: 26 },
    yAxis: { type: 'log', name: 'relative', axisLabel },
    series: [
      line(
        'misfit / misfit at the start',
        history.map(x => x / history[0]),
      ),
      line('error of the field', ofField),
    ],
  })
} finally {
  rmSync(folder, { recursive: true })
}
