import { duel, type Side } from './duel.ts'
import { errors } from './matfun/errors.ts'
import { scaling } from './matfun/scaling.ts'
import { verdicts } from './matfun/wanted.ts'
import type { Options } from './options.ts'
import { isMeasured, type Row } from './row.ts'

const KAPPA = 1e4

interface Sized {
  readonly n: number
  readonly count: number
  /** How many matrices SciPy, and krylov's TypeScript, are given: a time is that of one. */
  readonly few: number
}

const whole: readonly Sized[] = [
  { n: 64, count: 64, few: 8 },
  { n: 128, count: 64, few: 4 },
  { n: 256, count: 64, few: 1 },
  { n: 512, count: 4, few: 1 },
  { n: 1024, count: 1, few: 1 },
]
const manyGeneral = [
  [16, 64],
  [64, 16],
  [256, 4],
  [512, 2],
] as const
const quick: readonly Sized[] = [{ n: 64, count: 64, few: 8 }]

/** Roots and gradients against NumPy, SciPy and the published method. */
async function large({ n, count, few }: Sized, options: Options): Promise<readonly Row[]> {
  const line = (method: string, matrices = count) => `${method} ${n},${matrices},${KAPPA} 0 1`
  const sides: Side[] = [
    { name: 'krylov matfun', threads: 2, line: line('eigh'), method: 'eigh' },
    { name: 'krylov matfun', threads: 1, line: line('eigh'), method: 'eigh' },
    { name: 'numpy eigh', threads: 2, line: line('eigh'), method: 'eigh' },
    { name: 'numpy eigh', threads: 1, line: line('eigh'), method: 'eigh' },
  ]
  if (n <= 256) {
    sides.push({ name: 'krylov matfun', threads: 2, line: line('pade+8'), method: 'pade+8' })
    sides.push({ name: 'scipy sqrtm', threads: 2, line: line('sylvester', few), method: 'sqrtm, solve_sylvester' })
  }
  if (n <= 128) sides.push({ name: 'krylov matfun ts', threads: 1, line: line('eigh', few), method: 'eigh' })
  const problem = `spd_${n} x ${count}`
  return await duel(
    { subject: 'matfun', problem, n, nnz: n * n, method: 'eigh', sides, calls: 1, rounds: 3, long: true },
    options,
  )
}

/** Small matrices: the polar iteration against the eigen-decomposition, on one thread. */
async function small(n: number, count: number, options: Options): Promise<readonly Row[]> {
  const calls = Math.max(1, Math.round(4e6 / (count * n ** 3)))
  const side = (method: string): Side => ({
    name: 'krylov matfun',
    threads: 1,
    line: `${method} ${n},${count},${KAPPA} 0 ${calls}`,
    method,
  })
  const sides = ['eigh?', 'polar?', 'pade?', 'eigh', 'auto', 'polar'].map(side)
  sides.push({ name: 'numpy eigh', threads: 1, line: `eigh ${n},${count},${KAPPA} 0 ${calls}`, method: 'eigh' })
  const problem = `spd_${n} x ${count}`
  return await duel({ subject: 'matfun', problem, n, nnz: n * n, method: 'eigh', sides, calls: 1 }, options)
}

/** Functions of general matrices against SciPy's. */
async function general(n: number, count: number, options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  const calls = Math.max(1, Math.round(2e7 / (count * n ** 3)))
  for (const f of ['sqrtm', 'logm', 'expm']) {
    const line = `${f} ${n},${count},${KAPPA} 0 ${calls}`
    const sides: Side[] = [
      { name: 'krylov matfun', threads: 2, line },
      { name: 'scipy sqrtm', threads: 2, line },
    ]
    const given = {
      subject: 'matfun',
      problem: `general_${n} x ${count}`,
      n,
      nnz: n * n,
      method: f,
      sides,
      calls: 1,
      rounds: 3,
      long: true,
    }
    rows.push(...(await duel(given, options)))
  }
  return rows
}

async function frechet(N: number, d: number, options: Options): Promise<readonly Row[]> {
  const line = `frechet ${N},${d} 0 1`
  const sides: Side[] = [
    { name: 'krylov matfun', threads: 2, line, method: 'frechetDistance' },
    { name: 'scipy sqrtm', threads: 2, line, method: "SciPy's sqrtm form" },
  ]
  const problem = `samples_${N}x${d}`
  const given = {
    subject: 'matfun',
    problem,
    n: d,
    nnz: N * d,
    method: 'frechetDistance',
    sides,
    calls: 1,
    rounds: 1,
    long: true,
  }
  return await duel(given, options)
}

/**
 * Square roots of definite matrices with their gradients: times against NumPy's eigh with the stored basis, SciPy's `sqrtm` and
 * `solve_sylvester`, the published approximation and krylov's TypeScript; errors of every method over condition and order, where a
 * row's residual is the relative error of the root or the gradient; functions of general matrices and the Frechet distance against
 * SciPy. Says of each wanted figure whether it was reached. `--full`: the Frechet distance at d = 2048.
 */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const sized of options.quick ? quick : whole) rows.push(...(await large(sized, options)))
  for (const { n, count } of options.quick ? quick : whole)
    if (count === 64) rows.push(...(await scaling(n, count, KAPPA, options)))
  for (const n of options.quick ? [16] : [8, 16, 32])
    for (const count of options.quick ? [64] : n === 32 ? [1, 64, 256] : [64, 256])
      rows.push(...(await small(n, count, options)))
  for (const [n, count] of options.quick ? [] : manyGeneral) rows.push(...(await general(n, count, options)))
  const [N, d] = options.quick ? [500, 128] : options.full ? [5000, 2048] : [2000, 512]
  rows.push(...(await frechet(N, d, options)))
  const wrong = await errors(options.quick)
  options.keep(wrong)
  rows.push(...wrong)
  for (const text of verdicts(rows)) console.error(text)
  console.error(
    `${rows.filter(isMeasured).length} rows measured, ${rows.length - rows.filter(isMeasured).length} absent`,
  )
  return rows
}
