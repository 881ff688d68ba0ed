import type { Name } from './contenders.ts'
import { contest } from './contest.ts'
import type { Options } from './options.ts'
import { problem } from './problems.ts'
import type { Row } from './row.ts'
import { spmvBytes } from './traffic.ts'

const everybody: readonly Name[] = ['krylov', 'krylov ts', 'plain js', 'scipy', 'eigen', 'petsc']
const threaded: readonly Name[] = ['krylov', 'eigen', 'petsc']
const problems = ['poisson2d_256', 'poisson2d_1000', 'poisson3d_100', 'delaunay_200000']

/** y = A x, the matrix in compressed rows. */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const name of options.quick ? ['poisson2d_256', 'delaunay_20000'] : problems)
    for (const threads of [1, 2]) rows.push(...(await products(name, threads, options)))
  return rows
}

function products(name: string, threads: number, options: Options): Promise<readonly Row[]> {
  const given = problem(name)
  const { n, nnz } = given
  const products = Math.ceil(1e8 / nnz) // 0.1 to 0.4 s
  return contest(
    {
      subject: 'sparse',
      problem: given,
      method: 'spmv (csr)',
      threads,
      names: options.alone ? ['krylov'] : threads > 1 ? threaded : everybody,
      bytes: spmvBytes(n, nnz),
      sample: async ({ ask }) => {
        const timing = await ask(`spmv none 0 ${products}`)
        return { ...timing, iteration: timing.solve / products }
      },
      realtime: true,
    },
    options,
  )
}
