import { normal } from '../src/core/random.ts'
import { cgSync } from '../src/krylov/cg.ts'
import { families } from '../src/learned/families.ts'
import { learned } from '../src/learned/learned.ts'
import { amg } from '../src/precondition/amg.ts'
import { ic0 } from '../src/precondition/ic0.ts'
import { ict } from '../src/precondition/ict.ts'
import { identity } from '../src/precondition/identity.ts'
import { jacobi } from '../src/precondition/jacobi.ts'
import type { Recipe } from '../src/precondition/recipe.ts'
import { ric0 } from '../src/precondition/ric0.ts'
import { trueRelativeResidual } from '../test/support/problems.ts'
import { median } from './median.ts'
import type { Options } from './options.ts'
import type { Row } from './row.ts'

const SEED = 1000 // training never saw seeds below ten million
const RHS = 31
const ROUNDS = 3
const TUNED = 1.45 // damping of smoothed aggregation, the best of 1, 1.2, 4/3, 1.45 and 1.6 on seeds 700 to 702
const THREADS = 1

/** What everything is compared with; h = 1 / sqrt(n). */
const contenders = (h: number): readonly (readonly [string, Recipe])[] => [
  ['none', identity],
  ['jacobi', jacobi],
  ['ic0', ic0],
  ['ric0, 1 - omega = 0.7 h', ric0({ omega: 1 - 0.7 * h })],
  ['ict + 2, 1 - omega = 0.7 h', ict({ dropTolerance: 1e-4, maxFill: 2, omega: 1 - 0.7 * h })],
  ['amg', amg],
  ['amg, damping tuned', amg({ damping: TUNED })],
  ['learned', learned()],
]

/** Every preconditioner on one system of each family and size, to a true relative residual of 1e-8. */
export async function bench({ quick }: Options): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const N of quick ? [64, 128] : [64, 128, 256, 1000])
    for (const family of ['diff', 'fem'] as const) {
      const A = families[family](N, { seed: SEED })
      const b = normal(RHS, A.rows)
      for (const [method, preconditioner] of contenders(A.rows ** -0.5)) {
        const rounds = A.rows > 100_000 ? 1 : ROUNDS
        const solves = Array.from({ length: rounds }, () =>
          cgSync(A, b, { preconditioner, threads: THREADS, maxIterations: 20_000 }),
        )
        const [{ x, iterations }] = solves as [(typeof solves)[0]]
        rows.push({
          subject: 'learned',
          problem: `${family} ${N}`,
          n: A.rows,
          nnz: A.nonZeros,
          method: `cg + ${method}`,
          backend: 'native',
          threads: THREADS,
          iterations,
          setup: median(solves.map(({ time }) => time.setup)),
          solve: median(solves.map(({ time }) => time.solve)),
          relativeResidual: trueRelativeResidual(A, x, b),
        })
      }
    }
  return rows
}
