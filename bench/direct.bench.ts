import type { Name } from './contenders.ts'
import { contest } from './contest.ts'
import type { Options } from './options.ts'
import { problem } from './problems.ts'
import type { Row } from './row.ts'
import { factorBytes } from './traffic.ts'

const rivals: readonly Name[] = ['krylov', 'krylov ts', 'cholmod', 'scipy']
const large: readonly Name[] = ['krylov', 'cholmod'] // the others need a minute

/** Ordering, factorization and one solve: our own factor against CHOLMOD as it comes and SuperLU in SciPy. */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  const small = ['diffusion2d_128', 'poisson3d_20']
  const names = options.quick ? small : ['diffusion2d_128', 'poisson3d_32', 'diffusion2d_512', 'delaunay_200000']
  for (const name of options.full ? [...names, 'poisson3d_64'] : names)
    for (const threads of [1, 2]) rows.push(...(await total(name, threads, options)))
  return rows
}

function total(name: string, threads: number, options: Options): Promise<readonly Row[]> {
  const given = problem(name)
  const { n, nnz } = given
  return contest(
    {
      subject: 'direct',
      problem: given,
      method: 'ldlt + solve',
      threads,
      names: options.alone ? ['krylov'] : n < 20_000 ? rivals : large,
      bytes: factorBytes(n, nnz),
      sample: async ({ ask }) => {
        const timing = await ask('ldlt none 1e-8 1')
        return { ...timing, iteration: timing.setup + timing.solve }
      },
      realtime: false,
    },
    options,
  )
}
