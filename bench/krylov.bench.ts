import type { PlanKind } from '../src/sparse/storage-rule.ts'
import type { Name } from './contenders.ts'
import { contest, perIteration, title } from './contest.ts'
import type { Options } from './options.ts'
import { planOfProblem } from './plan-bytes.ts'
import { problem } from './problems.ts'
import type { Row } from './row.ts'
import { cgBytes, preconditionedCgBytes, preconditionerBytes } from './traffic.ts'

const everybody: readonly Name[] = ['krylov', 'krylov ts', 'plain js', 'scipy', 'eigen', 'petsc']
const threaded: readonly Name[] = ['krylov', 'krylov ts', 'eigen', 'petsc']
const factoring: readonly Name[] = ['krylov', 'krylov ts', 'eigen', 'petsc']

/** Conjugate gradients: the time of an iteration against the read stream. */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  const grids = options.quick ? ['poisson2d_256', 'poisson3d_40'] : ['poisson2d_1000', 'poisson3d_100']
  const mesh = options.quick ? 'mesh_20000' : 'mesh_200000'
  for (const preconditioner of ['none', 'jacobi', 'ic0'])
    for (const name of preconditioner === 'jacobi' ? [...grids, mesh] : grids)
      for (const threads of [1, 2]) rows.push(...(await iteration(name, threads, preconditioner, options)))
  for (const plan of ['csr', 'sell'] as const) {
    for (const name of grids) rows.push(...(await iteration(name, 2, 'none', options, plan)))
    rows.push(...(await iteration(mesh, 2, 'jacobi', options, plan)))
  }
  return rows
}

/** With the plan that the rule chooses, or with this one. */
function iteration(
  name: string,
  threads: number,
  preconditioner: string,
  options: Options,
  plan?: PlanKind,
): Promise<readonly Row[]> {
  const given = problem(name)
  const { n, nnz } = given
  const own: Name = plan === undefined ? 'krylov' : `krylov ${plan}`
  const all = preconditioner === 'ic0' ? factoring : threads > 1 ? threaded : everybody
  const rivals = preconditioner === 'jacobi' ? all.filter(who => who !== 'plain js') : all
  const names = plan === undefined ? rivals : [own, 'eigen' as const, 'petsc' as const]
  const many = n < 1e5 ? 110 : preconditioner === 'ic0' ? 25 : 35 // under a second for the slowest that counts
  const matrix = planOfProblem(given, plan, preconditioner === 'ic0').bytes
  const bytes = preconditioner === 'ic0' ? preconditionedCgBytes(n, matrix) : cgBytes(n, matrix)
  return contest(
    {
      subject: 'krylov',
      problem: given,
      method: plan === undefined ? title('cg', preconditioner) : `${title('cg', preconditioner)} (${plan})`,
      threads,
      names: options.alone ? [own] : names,
      bytes: bytes + preconditionerBytes(preconditioner, n, nnz),
      sample: perIteration(preconditioner, 5, many),
      realtime: true,
    },
    options,
  )
}
