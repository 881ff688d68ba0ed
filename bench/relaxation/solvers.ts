import {
  type Csr,
  cgSync,
  delaunayLaplacian,
  jacobiGapSync,
  normal,
  poisson2d,
  reverseCuthillMckee,
  ric0,
  type Solution,
  solveSync,
  sorSync,
  youngOmega,
} from '../../src/index.ts'
import { median } from '../median.ts'
import type { Options } from '../options.ts'
import type { Row } from '../row.ts'

const problems: Readonly<Record<string, () => Csr>> = {
  poisson2d_64: () => poisson2d(64),
  poisson2d_128: () => poisson2d(128),
  poisson2d_256: () => poisson2d(256),
  mesh_20000: () => {
    const A = delaunayLaplacian(20_000, { seed: 1 })
    return A.permute(reverseCuthillMckee(A))
  },
}

const TURNS = 3
const MOST = 4000 // sweeps after which SOR is given up

/** Whole solves to 1e-8 from zero, normal right-hand sides: SOR, and what to take instead. Two threads where a method uses them. */
export async function solvers({ quick }: Options): Promise<readonly Row[]> {
  return Object.entries(problems).flatMap(([name, make]) => {
    if (quick && name !== 'poisson2d_64') return []
    const A = make()
    const b = normal(1, A.rows)
    const best = youngOmega(jacobiGapSync(A))
    const sor = (omega: number, ordering: 'natural' | 'multicolour') => () =>
      sorSync(A, b, { omega, ordering, maxIterations: omega === 1 ? 30_000 : MOST })
    const methods: readonly (readonly [string, () => Pick<Solution, 'iterations' | 'time' | 'relativeResidual'>])[] = [
      ...(A.rows <= 128 ** 2 ? [['sor, omega = 1', sor(1, 'natural')] as const] : []),
      [`sor, omega = ${best.toFixed(4)}, natural`, sor(best, 'natural')],
      [`sor, omega = ${best.toFixed(4)}, multicolour`, sor(best, 'multicolour')],
      ['sor, omega = 1.99, natural', sor(1.99, 'natural')],
      ['cg', () => cgSync(A, b)],
      ['cg + ric0', () => cgSync(A, b, { preconditioner: ric0 })],
      ['solve', () => solveSync(A, b)],
    ]
    return methods.map(([method, act]): Row => {
      const turns = Array.from({ length: method.startsWith('sor') ? 1 : TURNS }, act)
      const last = turns.at(-1)!
      const part = (of: (solution: (typeof turns)[number]) => number) => median(turns.map(of))
      return {
        subject: 'relaxation',
        problem: name,
        n: A.rows,
        nnz: A.nonZeros,
        method,
        backend: 'native',
        threads: 2,
        iterations: last.iterations,
        setup: part(({ time }) => time.setup),
        solve: part(({ time }) => time.solve),
        relativeResidual: last.relativeResidual,
      }
    })
  })
}
