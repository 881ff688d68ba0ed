import { setThreads } from '../src/core/backend.ts'
import { gmresSync } from '../src/krylov/gmres.ts'
import { identity } from '../src/precondition/identity.ts'
import { jacobi } from '../src/precondition/jacobi.ts'
import { gcrodrSync, type RecyclingSolution } from '../src/recycle/gcrodr.ts'
import { median } from './median.ts'
import type { Options } from './options.ts'
import { convection, darcy, type Family, helmholtz, published, sides, unrelated } from './recycle/families.ts'
import { relativeResidual } from './rivals/serve.ts'
import type { Row } from './row.ts'

const SYSTEMS = 30
const CAP = 20_000 // iterations

/** The sequences, with the letters of docs/recycling.md. */
const sequences: readonly (readonly [string, Family])[] = [
  ['a-published', published],
  ['b-darcy', darcy],
  ['b-darcy-other-sides', unrelated(darcy)],
  ['c-helmholtz', helmholtz],
  ['d-convection', convection],
  ['d-convection-other-sides', unrelated(convection)],
  ['e-one-darcy-matrix', sides(darcy)],
]

type Solve = (system: ReturnType<Family>[number], last: RecyclingSolution | undefined) => RecyclingSolution
const methods: readonly (readonly [string, (options: object) => Solve])[] = [
  [
    'gmres(40)',
    o =>
      ({ A, b }) =>
        gmresSync(A, b, { ...o, restart: 40 }) as RecyclingSolution,
  ],
  [
    'gcrodr(40, 20), cold',
    o =>
      ({ A, b }) =>
        gcrodrSync(A, b, o),
  ],
  [
    'gcrodr(40, 20)',
    o =>
      ({ A, b }, last) =>
        gcrodrSync(A, b, { ...o, ...(last && { space: last.space }) }),
  ],
]

/**
 * Sequences of 30 systems to 1e-8, one thread. A row's iterations are all products with A of the whole sequence, its time is
 * the whole sequence's, its ratios are times against GMRES(40); in the set-up column stand the systems that were not solved.
 */
export async function bench({ quick, full }: Options): Promise<readonly Row[]> {
  setThreads(1)
  const rows: Row[] = []
  for (const s of quick ? [50] : full ? [50, 80, 128] : [50, 80])
    for (const [name, family] of sequences) {
      const systems = family(s, SYSTEMS)
      for (const [preconditioner, recipe] of [
        ['none', identity],
        ['jacobi', jacobi],
      ] as const) {
        const options = { preconditioner: recipe, maxIterations: CAP }
        const runs = methods.map(([method, make]) => ({ method, samples: [] as ReturnType<typeof play>[], make }))
        for (let round = 0; round < (name.startsWith('c') || quick ? 1 : 3); round++)
          for (const { samples, make } of runs) samples.push(play(systems, make(options)))
        const whole = (at: number) => median(runs[at]!.samples.map(({ time }) => time))
        for (const [at, { method, samples }] of runs.entries()) {
          const { products, later, missed, residual } = samples[0]!
          console.error(
            `${name} ${s * s} ${preconditioner} ${method}: ${later.toFixed(1)} from the second on, ${missed} missed`,
          )
          rows.push({
            subject: 'recycle',
            problem: `${name}_${s}`,
            n: s * s,
            nnz: systems[0]!.A.nonZeros,
            method: `${method} + ${preconditioner}`,
            backend: 'native',
            threads: 1,
            iterations: products,
            setup: 0,
            missed,
            solve: whole(at),
            relativeResidual: residual,
            ratio: whole(at) / whole(0),
            against: 1,
          })
        }
      }
    }
  return rows
}

function play(systems: ReturnType<Family>, solve: Solve) {
  let last: RecyclingSolution | undefined
  let [products, first, missed, time, residual] = [0, 0, 0, 0, 0]
  for (const system of systems) {
    const begun = performance.now()
    last = solve(system, last)
    time += performance.now() - begun
    products += last.applications.operator
    if (system === systems[0]) first = products
    if (!last.converged) missed++
    const { A, b } = system
    residual = Math.max(residual, relativeResidual({ n: b.length, ...A.pattern, values: A.values, b }, last.x))
  }
  return { products, later: (products - first) / (systems.length - 1), missed, time, residual }
}
