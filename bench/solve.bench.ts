import type { Name } from './contenders.ts'
import { contest, title } from './contest.ts'
import type { Options } from './options.ts'
import { planOfProblem } from './plan-bytes.ts'
import { problem } from './problems.ts'
import type { Row } from './row.ts'
import { cgBytes, preconditionedCgBytes, preconditionerBytes } from './traffic.ts'

const own: readonly Name[] = ['krylov', 'krylov ts']
const everybody: readonly Name[] = [...own, 'eigen', 'petsc', 'scipy']
const preconditioners: Readonly<Record<string, readonly Name[]>> = {
  none: everybody,
  ic0: [...own, 'eigen', 'petsc'],
  ric0: own,
}

/** Whole solves to a true relative residual of 1e-8, on two threads. */
export async function bench(options: Options): Promise<readonly Row[]> {
  const solved = options.quick ? ['poisson2d_256'] : ['poisson2d_256', 'poisson3d_100']
  const rows: Row[] = []
  for (const name of options.full ? [...solved, 'poisson2d_1000'] : solved)
    for (const [preconditioner, names] of Object.entries(preconditioners))
      rows.push(...(await solve(name, preconditioner, options.alone ? ['krylov'] : names, options)))
  return rows
}

function solve(
  name: string,
  preconditioner: string,
  names: readonly Name[],
  options: Options,
): Promise<readonly Row[]> {
  const given = problem(name)
  const { n, nnz } = given
  const matrix = planOfProblem(given, undefined, preconditioner !== 'none' && preconditioner !== 'jacobi').bytes
  return contest(
    {
      subject: 'solve',
      problem: given,
      method: title('cg', preconditioner),
      threads: 2,
      names,
      bytes:
        (preconditioner === 'none' || preconditioner === 'jacobi' ? cgBytes : preconditionedCgBytes)(n, matrix) +
        preconditionerBytes(preconditioner, n, nnz),
      sample: ({ ask }) => ask(`cg ${preconditioner} 1e-8 20000`),
      realtime: false,
      ...(n < 1e5 ? {} : { rounds: 1 }),
    },
    options,
  )
}
