import type { PlanKind } from '../src/sparse/storage-rule.ts'
import type { Name } from './contenders.ts'
import { contest } from './contest.ts'
import type { Options } from './options.ts'
import { planOfProblem } from './plan-bytes.ts'
import { problem } from './problems.ts'
import type { Row } from './row.ts'
import { spmvBytes } from './traffic.ts'

const everybody: readonly Name[] = ['krylov ts', 'plain js', 'scipy', 'eigen', 'petsc']
const threaded: readonly Name[] = ['scipy', 'eigen', 'petsc']

/** Which plans are compared where; what has no runs worth the name is not forced into them. */
const problems: Readonly<Record<string, readonly PlanKind[]>> = {
  poisson2d_1000: ['csr', 'sell', 'runs'],
  poisson3d_100: ['csr', 'sell', 'runs'],
  diffusion2d_1000: ['runs'],
  mesh_200000: ['csr', 'sell'],
  graph_500000: ['csr', 'sell'],
}
const quick: typeof problems = { poisson2d_256: ['csr', 'sell', 'runs'], mesh_20000: ['csr', 'sell'] }

/** y = A x by every storage plan. */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const [name, plans] of Object.entries(options.quick ? quick : problems))
    for (const threads of [1, 2]) for (const plan of plans) rows.push(...(await products(name, plan, threads, options)))
  return rows
}

function products(name: string, plan: PlanKind, threads: number, options: Options): Promise<readonly Row[]> {
  const given = problem(name)
  const { n, nnz } = given
  const products = Math.ceil(1e8 / nnz) // 0.1 to 0.4 s
  const rivals = threads > 1 ? threaded : everybody
  return contest(
    {
      subject: 'sparse',
      problem: given,
      method: `spmv (${plan})`,
      threads,
      names: options.alone ? [`krylov ${plan}`] : [`krylov ${plan}`, ...rivals],
      bytes: spmvBytes(n, planOfProblem(given, plan).bytes),
      sample: async ({ ask }) => {
        const timing = await ask(`spmv none 0 ${products}`)
        return { ...timing, iteration: timing.solve / products }
      },
      realtime: true,
    },
    options,
  )
}
