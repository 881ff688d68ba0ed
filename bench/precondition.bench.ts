import type { Name } from './contenders.ts'
import { contest } from './contest.ts'
import type { Options } from './options.ts'
import { problem } from './problems.ts'
import type { Row } from './row.ts'
import { diagonalFactorBytes, eisenstatBytes, matrixBytes } from './traffic.ts'

const APPLICATIONS = 10

/** Set-up and application of the preconditioners that factor. */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const name of options.quick ? ['poisson2d_256', 'poisson3d_40'] : ['poisson2d_1000', 'poisson3d_100'])
    for (const threads of [1, 2])
      for (const preconditioner of ['ic0', 'ic0-single', 'ric0', 'ssor'])
        rows.push(...(await applications(name, threads, preconditioner, options)))
  for (const name of options.quick ? ['poisson2d_256'] : multigridProblems)
    for (const [rival, label] of Object.entries(multigridRivals))
      for (const threads of rival === 'hypre' ? [1, 2] : [2])
        rows.push(...(await multigrid(name, threads, rival, label, options)))
  for (const threads of [1, 2])
    for (const name of options.quick ? ['poisson2d_256'] : ['poisson2d_1000', 'poisson3d_100'])
      rows.push(...(await eisenstat(name, threads, options)))
  return rows
}

const multigridProblems = ['poisson2d_1000', 'poisson3d_100', 'diffusion2d_512', 'delaunay_200000']

/** PETSc's names for what `amg` is compared with. */
const multigridRivals = { hypre: 'BoomerAMG', gamg: 'GAMG', bjacobi: 'block ICC' } as const

/** Solves to a true relative residual of 1e-8, set-up included in the time. */
function multigrid(
  name: string,
  threads: number,
  rival: string,
  label: string,
  options: Options,
): Promise<readonly Row[]> {
  const given = problem(name)
  return contest(
    {
      subject: 'precondition',
      problem: given,
      method: `cg + amg with set-up, against ${label}`,
      threads,
      names: options.alone ? ['krylov'] : ['krylov', 'petsc'],
      bytes: matrixBytes(given.n, given.nnz),
      sample: async ({ ask }) => {
        const timing = await ask(`cg ${rival} 1e-8 2000`)
        return { ...timing, solve: timing.setup + timing.solve }
      },
      realtime: false, // seconds on both cores: nothing else would run meanwhile
      rounds: 3,
    },
    options,
  )
}

/** The whole solve to 1e-8 with SSOR at the best omega, in Eisenstat's form; PETSc's has its own. */
function eisenstat(name: string, threads: number, options: Options): Promise<readonly Row[]> {
  const given = problem(name)
  return contest(
    {
      subject: 'precondition',
      problem: given,
      method: 'cg + ssor-best',
      threads,
      names: ['krylov'],
      bytes: eisenstatBytes(given.n, given.nnz),
      sample: async ({ ask }) => {
        const timing = await ask('cg ssor-best 1e-8 1000')
        return { ...timing, iteration: timing.solve / timing.iterations }
      },
      realtime: true,
      rounds: 3,
    },
    options,
  )
}

function applications(
  name: string,
  threads: number,
  preconditioner: string,
  options: Options,
): Promise<readonly Row[]> {
  const given = problem(name)
  const bytes = diagonalFactorBytes(given.n, given.nnz)
  const rivals: readonly Name[] = preconditioner === 'ic0' ? ['eigen', 'petsc'] : []
  return contest(
    {
      subject: 'precondition',
      problem: given,
      method: preconditioner,
      threads,
      names: options.alone ? ['krylov'] : ['krylov', 'krylov ts', ...rivals],
      bytes,
      sample: async ({ ask }) => {
        const timing = await ask(`apply ${preconditioner} 0 ${APPLICATIONS}`)
        return { ...timing, iteration: timing.solve / APPLICATIONS }
      },
      realtime: true,
    },
    options,
  )
}
