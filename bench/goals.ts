import { readFileSync } from 'node:fs'
import { isMeasured, type Measured, type Row } from './row.ts'
import { short } from './table.ts'

/** A wanted figure, and how to read it off the rows; undefined where nothing (or only an absent rival) was measured. */
export interface Goal {
  readonly name: string
  readonly wanted: string
  readonly measure: (rows: readonly Row[]) => number | undefined
  readonly met: (value: number) => boolean
}

type Found = Measured & Row
type Wanted = Partial<
  Record<'subject' | 'problem' | 'method' | 'backend' | 'rival' | 'threads' | 'against', string | number>
>

const find = (rows: readonly Row[], wanted: Wanted): readonly Found[] =>
  rows.filter(
    (row): row is Found =>
      isMeasured(row) && Object.entries(wanted).every(([key, value]) => row[key as keyof typeof row] === value),
  )

const one = (rows: readonly Row[], wanted: Wanted): Found | undefined => find(rows, wanted)[0]

const problems = ['poisson2d_1000', 'poisson3d_100']
const cases = problems.flatMap(problem => [1, 2].map(threads => ({ problem, threads })))

const atMost = (name: string, limit: number, unit: string, measure: Goal['measure']): Goal => ({
  name,
  wanted: `<= ${limit}${unit}`,
  measure,
  met: value => value <= limit,
})
const atLeast = (name: string, limit: number, unit: string, measure: Goal['measure']): Goal => ({
  name,
  wanted: `>= ${limit}${unit}`,
  measure,
  met: value => value >= limit,
})

const ofStream = cases.map(({ problem, threads }) =>
  atLeast(`cg, ${problem}, ${threads}T, of the read stream`, 0.75, '', rows => {
    return one(rows, { problem, threads, method: 'cg', backend: 'native' })?.ofStream
  }),
)

const againstEigen = cases.map(({ problem, threads }) =>
  atMost(`cg, ${problem}, ${threads}T, time / Eigen's`, 0.6, '', rows => {
    const eigen = one(rows, { problem, threads, method: 'cg', rival: 'eigen' })?.ratio
    return eigen && 1 / eigen
  }),
)

const againstTypeScript = [
  { threads: 1, times: 4 },
  { threads: 2, times: 8 },
].map(({ threads, times }) =>
  atLeast(`cg, n = 10^6, TypeScript / native on ${threads}T`, times, '', rows => {
    return one(rows, { problem: 'poisson2d_1000', method: 'cg', backend: 'ts', against: threads })?.ratio
  }),
)

const againstCholmod = ['diffusion2d_128', 'diffusion2d_512', 'delaunay_200000', 'poisson3d_32'].map(problem =>
  atMost(`ldlt + solve, ${problem}, 1T, time / CHOLMOD's`, 2, '', rows => {
    const cholmod = one(rows, { problem, threads: 1, method: 'ldlt + solve', rival: 'cholmod' })?.ratio
    return cholmod && 1 / cholmod
  }),
)

const functions = [1, 2].map(threads =>
  atMost(`jacobi as a function / built in, ${threads}T`, 1.5, '', rows => {
    return one(rows, { method: 'jacobi as a function', threads })?.ratio
  }),
)

const worstRatio = (rows: readonly Row[]): number | undefined => {
  const compared = find(rows, { backend: 'ts' }).filter(row => row.subject === 'border' && row.n >= 200 && row.ratio)
  return compared.length > 0 ? Math.min(...compared.map(row => row.ratio!)) : undefined
}

const milliseconds = (name: string, limit: number, method: string): readonly Goal[] =>
  (['native', 'ts'] as const).map(backend =>
    atMost(`${name}, ${backend}`, limit, ' ms', rows => one(rows, { method, backend })?.solve),
  )

/** Multigrid, set-up included, on two threads: milliseconds, and the share of a rival's time. */
const multigrid = [
  { problem: 'poisson2d_1000', limit: 450, rivals: { BoomerAMG: 0.65 } },
  { problem: 'poisson3d_100', limit: 600, rivals: { BoomerAMG: 0.5, GAMG: 0.5, 'block ICC': 0.5 } },
  { problem: 'diffusion2d_512', limit: undefined, rivals: { BoomerAMG: 1 } },
  { problem: 'delaunay_200000', limit: undefined, rivals: { BoomerAMG: 1, GAMG: 1 } },
].flatMap(({ problem, limit, rivals }) => {
  const shares = Object.entries(rivals).map(([label, share]) => {
    const method = `cg + amg with set-up, against ${label}`
    return atMost(`amg, ${problem}, 2T, time / ${label}'s`, share, '', rows => {
      const ratio = one(rows, { problem, threads: 2, method, rival: 'petsc' })?.ratio
      return ratio && 1 / ratio
    })
  })
  const method = 'cg + amg with set-up, against BoomerAMG'
  const whole = atMost(`amg, ${problem}, 2T, set-up and solve`, limit ?? 0, ' ms', rows => {
    return one(rows, { problem, threads: 2, method, backend: 'native' })?.solve
  })
  return limit === undefined ? shares : [whole, ...shares]
})

const applications = cases.map(({ problem, threads }) =>
  atLeast(`ic0 apply, ${problem}, ${threads}T, PETSc / ours`, 3, '', rows => {
    return one(rows, { problem, threads, method: 'ic0', rival: 'petsc' })?.ratio
  }),
)

const busy = ['none', 'ic0', 'ssor'].map(preconditioner =>
  atMost(`cg + ${preconditioner}, busy, 2T / 1T`, 1.2, '', rows => {
    return find(rows, { subject: 'busy', method: `cg + ${preconditioner}`, threads: 2 })
      .map(row => row.ratio ?? Number.NaN)
      .reduce<number | undefined>((worst, ratio) => Math.max(worst ?? 0, ratio), undefined)
  }),
)

/** The performance lines of the first two solver issues. */
const all: readonly Goal[] = [
  ...ofStream,
  ...againstEigen,
  ...functions,
  ...againstCholmod,
  ...applications,
  atMost('ssor-cg, best omega, poisson2d_1000, 2T', 600, ' ms', rows => {
    return one(rows, { problem: 'poisson2d_1000', method: 'cg + ssor-best', threads: 2, backend: 'native' })?.solve
  }),
  ...busy,
  ...againstTypeScript,
  ...multigrid,
  atLeast('TypeScript / native, worst from n = 200', 1, '', worstRatio),
  atMost('sync call at n = 16', 0.01, ' ms', rows => {
    return one(rows, { method: 'sync call, no iteration', backend: 'native' })?.solve
  }),
  ...milliseconds('timer lag p99 during a solve', 30, 'timer lag p99, solving'),
  ...milliseconds('fs.stat median with 4 solves', 5, 'fs.stat median, 4 solves'),
  ...milliseconds('abort to reject, worst', 5, 'abort to reject, worst'),
  atMost('RSS growth, 50 000 solves, native', 20, ' MB', rows => {
    const bytes = one(rows, { method: 'RSS growth, 50000 solves', backend: 'native' })?.bytes
    return bytes === undefined ? undefined : bytes / 1e6
  }),
  atMost('import', 30, ' ms', rows => one(rows, { method: 'import, median' })?.solve),
]

/** Wanted, reached and met, from result files, or measured now where none is given. */
export async function goals(
  files: readonly string[],
  measure: (subject: string) => Promise<readonly Row[]>,
): Promise<string> {
  const rows = files.flatMap(file => (JSON.parse(readFileSync(file, 'utf8')) as { readonly rows: Row[] }).rows)
  if (files.length === 0)
    for (const subject of ['krylov', 'precondition', 'direct', 'busy', 'border']) rows.push(...(await measure(subject)))
  const lines = all.map(goal => {
    const value = goal.measure(rows)
    const reached = value === undefined ? 'not measured' : short(value)
    const verdict = value === undefined ? '' : goal.met(value) ? 'met' : 'MISSED'
    return `${goal.name.padEnd(48)}${goal.wanted.padEnd(12)}${reached.padEnd(14)}${verdict}`
  })
  return [`${'goal'.padEnd(48)}${'wanted'.padEnd(12)}${'reached'.padEnd(14)}`, ...lines].join('\n')
}
