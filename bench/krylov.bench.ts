import type { Name } from './contenders.ts'
import { contest, perIteration, title } from './contest.ts'
import type { Options } from './options.ts'
import { problem } from './problems.ts'
import type { Row } from './row.ts'
import { cgBytes, preconditionerBytes } from './traffic.ts'

const everybody: readonly Name[] = ['krylov', 'krylov ts', 'plain js', 'scipy', 'eigen', 'petsc']
const threaded: readonly Name[] = ['krylov', 'krylov ts', 'eigen', 'petsc']
const factoring: readonly Name[] = ['krylov', 'krylov ts', 'eigen', 'petsc']
const alone: readonly Name[] = ['krylov']

/** Conjugate gradients: the time of an iteration against the read stream. */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  const problems = options.quick ? ['poisson2d_256', 'poisson3d_40'] : ['poisson2d_1000', 'poisson3d_100']
  for (const preconditioner of ['none', 'jacobi', 'ic0'])
    for (const name of problems)
      for (const threads of [1, 2]) rows.push(...(await iteration(name, threads, preconditioner, options)))
  return rows
}

function iteration(name: string, threads: number, preconditioner: string, options: Options): Promise<readonly Row[]> {
  const given = problem(name)
  const { n, nnz } = given
  const names = preconditioner === 'ic0' ? factoring : threads > 1 ? threaded : everybody
  const many = n < 1e5 ? 110 : preconditioner === 'ic0' ? 25 : 35 // under a second for the slowest that counts
  return contest(
    {
      subject: 'krylov',
      problem: given,
      method: title('cg', preconditioner),
      threads,
      names: options.alone ? alone : preconditioner === 'jacobi' ? names.filter(who => who !== 'plain js') : names,
      bytes: cgBytes(n, nnz) + preconditionerBytes(preconditioner, n, nnz),
      sample: perIteration(preconditioner, 5, many),
      realtime: true,
    },
    options,
  )
}
