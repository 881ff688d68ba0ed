import type { Name } from './contenders.ts'
import { contest } from './contest.ts'
import type { Options } from './options.ts'
import { problem } from './problems.ts'
import type { Row } from './row.ts'

interface Beside {
  readonly rival: Name
  readonly line: string
  readonly label: string
}

/** What each contender is asked, by the best that it has: `solve` without options beside the rivals' own. */
const requests: readonly Beside[] = [
  { rival: 'petsc', line: 'cg hypre 1e-8 1000', label: 'cg + hypre' },
  { rival: 'petsc', line: 'cg gamg 1e-8 1000', label: 'cg + gamg' },
  { rival: 'petsc', line: 'cg ic0 1e-8 5000', label: 'cg + ic0' },
  { rival: 'cholmod', line: 'ldlt none 1e-8 1', label: 'cholmod' },
]

const MOST_FACTORED = 200_000 // unknowns of a grid in space beyond which a factorization takes ten seconds a turn

/** `solve` on problems for which no single default fits, set-up included, on two threads or ranks. */
export async function bench(options: Options): Promise<readonly Row[]> {
  const names = options.quick
    ? ['diffusion2d_128', 'diffusion3d_32', 'delaunay_20000']
    : ['diffusion2d_512', 'diffusion3d_64', 'delaunay_200000']
  const rows: Row[] = []
  for (const name of names) {
    const given = problem(name)
    for (const { rival, line, label } of options.alone ? requests.slice(0, 1) : requests) {
      const slow = rival === 'cholmod' && given.n > MOST_FACTORED && name.includes('3d')
      const found = await contest(
        {
          subject: 'backslash',
          problem: given,
          method: `solve, beside ${label}`,
          threads: 2,
          names: options.alone ? ['krylov'] : ['krylov', rival],
          bytes: 12 * given.nnz,
          sample: async ({ name: who, ask }) => {
            const { setup, solve, ...timing } = await ask(who === 'krylov' ? 'solve auto 1e-8 100000' : line)
            return { ...timing, setup: 0, solve: setup + solve }
          },
          realtime: false,
          rounds: slow ? 2 : options.quick ? 3 : 5,
        },
        options,
      )
      rows.push(...found)
    }
  }
  return rows
}
