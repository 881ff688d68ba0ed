import { setThreads } from '../src/core/backend.ts'
import { identity } from '../src/precondition/identity.ts'
import { ilu0 } from '../src/precondition/ilu0.ts'
import { ilut } from '../src/precondition/ilut.ts'
import { jacobi } from '../src/precondition/jacobi.ts'
import type { Recipe } from '../src/precondition/recipe.ts'
import { untried } from '../src/recycle/choice.ts'
import { type GcrodrOptions, gcrodrSync, type RecyclingSolution } from '../src/recycle/gcrodr.ts'
import type { RecycledSpace } from '../src/recycle/space.ts'
import type { Options } from './options.ts'
import { convection, darcy, helmholtz, published, type System, sides, unrelated } from './recycle/families.ts'
import { powerFlow } from './recycle/real.ts'
import { relativeResidual } from './rivals/serve.ts'
import type { Row } from './row.ts'

const POINTS = 40 // on a side
const LONG = 200

const again = (systems: readonly System[], count: number) =>
  Array.from({ length: count }, (_, at) => systems[at % systems.length]!)

/** The sequences of docs/recycling.md, and what they are solved with. */
const sequences: readonly (readonly [string, (count: number) => readonly System[], readonly Recipe[]])[] = [
  ['a', count => published(POINTS, count), [identity, jacobi, ilu0]],
  ['b', count => darcy(POINTS, count), [identity, jacobi, ilu0]],
  ['b, other sides', count => unrelated(darcy)(POINTS, count), [identity]],
  ['c', count => helmholtz(POINTS, count), [identity]],
  ['d', count => convection(POINTS, count), [identity, ilu0]],
  ['d, other sides', count => unrelated(convection)(POINTS, count), [identity, ilu0]],
  ['e', count => sides(darcy)(POINTS, count), [identity, jacobi]],
  ['f, power flow', count => again(powerFlow(), count), [ilu0, ilut]],
]

type Solve = (system: System, last: RecyclingSolution | undefined) => GcrodrOptions

const asRival = ({ A, b }: System) => ({ n: b.length, ...A.pattern, values: A.values, b })

/** Knows that a space does not pay, and that no probe is worth it: neither space nor guess, and nothing is kept. */
const never = (n: number): RecycledSpace => {
  const nothing = new Float64Array(0)
  const choice = { ...untried, recycling: false, next: false, excess: 1e300 }
  return { kind: 'recycled-space', rows: n, columns: 0, vectors: nothing, images: nothing, solutions: nothing, choice }
}

const arms: readonly (readonly [string, Solve])[] = [
  ['always', (_, last) => (last ? { space: last.space } : {})],
  ['never', ({ b }) => ({ recycle: 'auto', solutions: 0, space: never(b.length) })],
  ['auto', (_, last) => ({ recycle: 'auto', ...(last && { space: last.space }) })],
]

/** Counted bytes of sequences of 20 and (not --quick) 200 systems: `recycle: 'auto'` against both that it chooses from. */
export async function bench({ quick }: Options): Promise<readonly Row[]> {
  setThreads(1)
  const rows: Row[] = []
  for (const [name, make, recipes] of sequences) {
    const systems = make(quick ? 20 : LONG)
    for (const preconditioner of recipes)
      for (const [arm, options] of arms) {
        let last: RecyclingSolution | undefined
        let [charged, first, products, missed, solve, residual] = [0, 0, 0, 0, 0, 0]
        for (const [at, system] of systems.entries()) {
          const begun = performance.now()
          last = gcrodrSync(system.A, system.b, { preconditioner, maxIterations: 4000, ...options(system, last) })
          solve += performance.now() - begun
          charged += last.bytes
          products += last.products
          if (at < 20) first = charged
          if (!last.converged) missed++
          residual = Math.max(residual, relativeResidual(asRival(system), last.x))
        }
        const { A } = systems[0]!
        const size = { n: A.rows, nnz: A.nonZeros, backend: 'native', threads: 1 } as const
        const method = `${arm} + ${preconditioner.recipe}`
        const measured = { iterations: products, setup: 0, solve, relativeResidual: residual, missed }
        rows.push({ subject: 'recycle-auto', problem: name, method, ...size, ...measured, charged: [first, charged] })
        console.error(`${name} ${method}: ${(charged / 1e9).toFixed(2)} GB, of 20 ${(first / 1e9).toFixed(2)}`)
      }
  }
  return rows
}
