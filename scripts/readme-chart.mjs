// Draws docs/cg.svg from bench/results/krylov.json: the time of a CG iteration, everybody on as many threads as they use.
import { draw } from './chart.mjs'
import { results } from './results.mjs'

const { machine, rows } = results('krylov')
const problems = { poisson2d_1000: '2D Poisson, n = 10⁶', poisson3d_100: '3D Poisson, n = 10⁶' }
const bars = [
  ['krylov, native', row => row.backend === 'native' && row.threads === 2],
  ['PETSc, 2 processes', row => row.rival === 'petsc' && row.threads === 2],
  ['Eigen, 2 threads', row => row.rival === 'eigen' && row.threads === 2],
  ['SciPy', row => row.rival === 'scipy'],
  ['krylov in TypeScript', row => row.backend === 'ts' && row.against === 1],
  ['plain JavaScript', row => row.rival === 'plain js'],
].filter(([, is]) => rows.some(row => is(row) && row.absent === undefined))
const time = (is, problem) => rows.find(row => row.method === 'cg' && row.problem === problem && is(row))?.iteration

draw('cg', 360, {
  title: 'One CG iteration, milliseconds (less is better)',
  subtext: `${machine.cpu}, ${machine.cores} cores, ${machine.date}`,
  legend: { right: 12, top: 12 },
  grid: { left: 150, right: 40, top: 70, bottom: 30 },
  xAxis: { type: 'value' },
  yAxis: { type: 'category', inverse: true, data: bars.map(([name]) => name) },
  series: Object.entries(problems).map(([problem, name]) => ({
    name,
    type: 'bar',
    label: { show: true, position: 'right' },
    data: bars.map(([, is]) => Number(time(is, problem)?.toPrecision(3))),
  })),
})
