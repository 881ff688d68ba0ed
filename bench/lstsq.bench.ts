import type { Contender } from './contender.ts'
import { asCase, enter, type Name } from './contenders.ts'
import { interleave, ratio, type Sample, typical } from './interleave.ts'
import { type Options, rounds } from './options.ts'
import { roofline } from './roofline.ts'
import type { Row } from './row.ts'
import { table } from './table.ts'

/** A family of problems, and who solves it. Rivals run on one thread. */
interface Contest {
  readonly m: number
  readonly n: number
  readonly kappa: number
  readonly rival: Name
  readonly method: 'lstsq' | 'pass'
  readonly rounds?: number
}

const whole: readonly Contest[] = [
  { m: 1_000_000, n: 100, kappa: 1e2, rival: 'lapack', method: 'lstsq', rounds: 3 },
  { m: 1_000_000, n: 100, kappa: 1e10, rival: 'lapack', method: 'lstsq', rounds: 3 },
  { m: 100_000, n: 500, kappa: 1e10, rival: 'lapack', method: 'lstsq', rounds: 3 },
  { m: 200_000, n: 200, kappa: 1e2, rival: 'numpy', method: 'lstsq' },
  { m: 400_000, n: 100, kappa: 1e2, rival: 'lapack', method: 'pass' },
  { m: 80_000, n: 500, kappa: 1e2, rival: 'lapack', method: 'pass' },
]
const quick: readonly Contest[] = [
  { m: 100_000, n: 100, kappa: 1e2, rival: 'lapack', method: 'lstsq' },
  { m: 100_000, n: 100, kappa: 1e10, rival: 'lapack', method: 'lstsq' },
  { m: 20_000, n: 300, kappa: 1e10, rival: 'lapack', method: 'lstsq' },
  { m: 50_000, n: 200, kappa: 1e2, rival: 'numpy', method: 'lstsq' },
]

/**
 * Least squares against LAPACK's dgels on a matrix by columns and NumPy on one by rows, and the fused pass A^T (b - A x) against
 * dgemv on the same bytes. Ratios are times against krylov on one thread; a row's residual is its backward error.
 */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const contest of options.quick ? quick : whole) rows.push(...(await hold(contest, options)))
  return rows
}

const PASSES = 10

async function hold(contest: Contest, options: Options): Promise<readonly Row[]> {
  const { m, n, kappa, rival, method } = contest
  console.error(`${m} x ${n}, condition ${kappa}`)
  const entries: readonly (readonly [Name, number])[] = [
    ['krylov lstsq', 1],
    ['krylov lstsq', 2],
    ...(options.alone ? [] : ([[rival, 1]] as const)),
  ]
  const entered: (Contender | string)[] = []
  for (const [name, threads] of entries) entered.push(await enter(name, threads, '', true))
  const present = entered.filter(contender => typeof contender !== 'string')
  const probe = await roofline(true)
  const line = (name: string) =>
    `${name === 'lapack' && method === 'pass' ? 'dgemv' : method} ${m},${n} ${kappa} ${PASSES}`
  const sample = async (contender: Contender): Promise<Sample> => {
    const timing = await contender.ask(line(contender.name))
    return method === 'pass' ? { ...timing, iteration: timing.solve / PASSES } : timing
  }
  try {
    for (const contender of present) await sample(contender) // makes the problem
    const turns = present.map(contender => ({ name: contender.name, sample: () => sample(contender) }))
    const outcome = await interleave(turns, { rounds: contest.rounds ?? rounds(options), control: probe.control })
    const rows = entries.map(([name, threads], at): Row => {
      const contender = entered[at]!
      const about = { subject: 'lstsq', problem: `${m}x${n}_kappa_${kappa.toExponential(0)}`, n, nnz: m * n, method }
      const row = { ...about, ...asCase(name), threads }
      if (typeof contender === 'string') return { ...row, absent: contender }
      const turn = present.indexOf(contender)
      const { relativeResidual, ...timing } = typical(outcome, turn)
      const bytes = 8 * m * n
      return {
        ...row,
        ...timing,
        ...(method === 'pass' && { bytes, gbps: bytes / timing.iteration! / 1e6 }),
        ...(relativeResidual > 0 && { relativeResidual }),
        ratio: ratio(outcome, turn, 0),
        against: 1,
        version: contender.version,
      }
    })
    console.error(table(rows))
    return rows
  } finally {
    probe.close()
    for (const { close } of present) close()
  }
}
