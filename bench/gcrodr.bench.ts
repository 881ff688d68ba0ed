import type { Name } from './contenders.ts'
import { contest, title } from './contest.ts'
import type { Options } from './options.ts'
import { type Problem, sequence } from './problems.ts'
import { convection, darcy, drifting3d, type Family, helmholtz } from './recycle/families.ts'
import type { Row } from './row.ts'

const SYSTEMS = 12
const CAP = 20_000 // iterations of one system
const RTOL = 1e-8

const families: readonly (readonly [string, Family])[] = [
  ['b-darcy', darcy],
  ['d-convection', convection],
  ['e-diffusion3d', drifting3d],
  ['c-helmholtz', helmholtz], // the longest
]

/**
 * GCRO-DR(40, 20) on sequences of 12 systems beside SciPy's and Belos', with the same preconditioner and as many vectors; what
 * else solves them stands below: rows with other preconditioners, and a sparse direct solve. In three dimensions, where that
 * loses, our own methods alone.
 */
export async function bench(options: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const [name, family] of families) {
    const three = name.startsWith('e')
    const s = three ? (options.quick ? 12 : 50) : options.quick ? 32 : 128
    const problem = sequence(`${name}_${s}`, family(s, SYSTEMS))
    const play = (method: string, preconditioner: string, threads: number, names: readonly Name[]) =>
      contest(
        {
          ...{ subject: 'gcrodr', problem, method: title(method, preconditioner), threads, names },
          bytes: 12 * problem.nnz + 8 * problem.n * 44,
          sample: ({ ask }) => ask(`${method} ${preconditioner} ${RTOL} ${CAP}`),
          realtime: name.startsWith('b') || name.startsWith('d'), // a second or two
          rounds: options.quick || method !== 'gcrodr' || name.startsWith('c') ? 1 : 3,
        },
        options,
      )
    for (const preconditioner of three ? [] : ['none', 'jacobi'])
      for (const threads of [1, 2]) rows.push(...(await play('gcrodr', preconditioner, threads, rivals(options))))
    for (const [method, preconditioner] of others(problem))
      rows.push(...(await play(method, preconditioner, 2, ['krylov sequence'])))
    if (!options.alone && !three) rows.push(...(await play('direct', 'none', 1, ['gcrotmk'])))
  }
  return rows
}

const rivals = ({ alone }: Options): readonly Name[] =>
  alone ? ['krylov sequence'] : ['krylov sequence', 'gcrotmk', 'belos']

const others = ({ name }: Problem): readonly (readonly [string, string])[] => [
  ['solve', 'none'],
  ...(name.startsWith('c') ? [] : ([['gmres', 'none']] as const)), // which does not converge there
  ...(name.startsWith('e')
    ? ([
        ['gcrodr', 'none'],
        ['gcrodr', 'jacobi'],
      ] as const)
    : []),
  ['gcrodr', 'ilu0'],
  ...(name.startsWith('c') ? [] : ([['bicgstab', 'ilu0']] as const)),
  ...(name.startsWith('b') || name.startsWith('e')
    ? ([
        ['gcrodr', 'amg'],
        ['gmres', 'amg'],
        ['deflatedCg', 'none'],
        ['deflatedCg', 'ic0'],
        ['deflatedCg', 'amg'],
        ['cg', 'none'],
        ['cg', 'ic0'],
        ['cg', 'amg'],
      ] as const)
    : []),
]
