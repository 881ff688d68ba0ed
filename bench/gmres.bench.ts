import type { Name } from './contenders.ts'
import { contest, perIteration, title } from './contest.ts'
import type { Options } from './options.ts'
import { planOfProblem } from './plan-bytes.ts'
import { problem } from './problems.ts'
import type { Row } from './row.ts'

const RESTART = 40

/** GMRES(40): the time of a step, in whole cycles, against the read stream. */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  const sizes = options.quick ? [128] : [50, 128, 500, 1000]
  for (const size of sizes)
    for (const preconditioner of size === 128 ? ['none', 'jacobi', 'ilu0'] : ['none'])
      for (const threads of [1, 2]) rows.push(...(await step(`convection_${size}`, threads, preconditioner, options)))
  return rows
}

function step(name: string, threads: number, preconditioner: string, options: Options): Promise<readonly Row[]> {
  const given = problem(name)
  const everybody: readonly Name[] =
    preconditioner === 'none' ? ['krylov', 'krylov ts', 'petsc', 'scipy'] : ['krylov', 'petsc']
  const cycles = given.n < 1e5 ? 8 : 3
  return contest(
    {
      subject: 'gmres',
      problem: given,
      method: title(`gmres(${RESTART})`, preconditioner),
      threads,
      names: options.alone ? ['krylov'] : everybody,
      // the basis is read twice a step, half of it on average, and once per cycle
      bytes: planOfProblem(given, undefined, preconditioner === 'ilu0').bytes + 8 * given.n * (RESTART + 6),
      sample: perIteration(preconditioner, RESTART, RESTART * cycles, 'gmres'),
      realtime: true,
    },
    options,
  )
}
