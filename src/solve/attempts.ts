import type { Call } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { bicgstabMethod } from '../krylov/bicgstab.ts'
import { cgMethod } from '../krylov/cg.ts'
import { type BlockSolution, type ColumnReport, solveBlock } from '../krylov/cg-block.ts'
import { gmresMethod } from '../krylov/gmres.ts'
import { minresMethod } from '../krylov/minres.ts'
import type { Solution } from '../krylov/solution.ts'
import { type SolverOptions, solveGeneral, solveSymmetric } from '../krylov/solver.ts'
import { unpreconditioned } from '../krylov/used.ts'
import type { Preconditioner } from '../precondition/kinds.ts'
import type { Recipe } from '../precondition/recipe.ts'
import type { Csr } from '../sparse/csr.ts'
import type { System } from './system.ts'

/** How far an attempt may go, and from where. */
export interface Limits {
  readonly rtol: number
  readonly atol: number
  readonly history: boolean
  readonly maxIterations: number
  readonly x0: SolverOptions['x0']
}

/** What came of an attempt: an answer, converged or not, or why there is none. */
export type Attempt = Solution | BlockSolution | { readonly failure: string }

/** All of them by name: spreading costs as much as the checks of a small system. */
const optionsOf = (
  { nullspace }: System,
  { rtol, atol, history, maxIterations, x0 }: Limits,
  preconditioner: Recipe | Preconditioner,
) => ({ rtol, atol, history, maxIterations, x0, preconditioner, nullspace }) as SolverOptions

/** The recipe, built once for a system: an attempt that goes on has what it began with. */
const once = ({ built }: System, preconditioner: Recipe): Recipe => ({
  recipe: preconditioner.recipe,
  *build(method, A) {
    const M = built.get(preconditioner) ?? (yield* preconditioner.build(method, A))
    built.set(preconditioner, M)
    return M
  },
})

/** Conjugate gradients with a recipe; all right-hand sides at once. */
export function* withCg(call: Call, system: System, limits: Limits, preconditioner: Recipe): Steps<Attempt> {
  const options = optionsOf(system, limits, once(system, preconditioner))
  const { b } = system
  if (isDense(b)) return yield* solveBlock(call, system.sparse(), b, options)
  return yield* solveSymmetric(call, cgMethod, system.sparse(), b, options)
}

/** MINRES with a recipe, one right-hand side after the other. */
export function* withMinres(call: Call, system: System, limits: Limits, preconditioner: Recipe): Steps<Attempt> {
  return yield* byColumns(call, system, limits, preconditioner, (A, b, options) =>
    solveSymmetric(call, minresMethod, A, b, options),
  )
}

const RESTART = 50

/** GMRES with a recipe, one right-hand side after the other. */
export function* withGmres(call: Call, system: System, limits: Limits, preconditioner: Recipe): Steps<Attempt> {
  return yield* byColumns(call, system, limits, preconditioner, (A, b, options) =>
    solveGeneral(call, gmresMethod, A, b, options, (n): [number, 'right'] => [
      Math.max(1, Math.min(RESTART, n)),
      'right',
    ]),
  )
}

/** BiCGstab(2) with a recipe, one right-hand side after the other. */
export function* withBicgstab(call: Call, system: System, limits: Limits, preconditioner: Recipe): Steps<Attempt> {
  return yield* byColumns(call, system, limits, preconditioner, (A, b, options) =>
    solveGeneral(call, bicgstabMethod, A, b, options, (): [number] => [2]),
  )
}

function* byColumns(
  call: Call,
  system: System,
  limits: Limits,
  preconditioner: Recipe,
  solveOne: (A: Csr, b: Float64Array, options: SolverOptions) => Steps<Solution>,
): Steps<Attempt> {
  const { b, n, s } = system
  const A = system.sparse()
  if (!isDense(b)) return yield* solveOne(A, b, optionsOf(system, limits, preconditioner))
  // built once for all columns, where A is solved in its own units
  const built = system.ordinary ? yield* preconditioner.build(call.name, A) : preconditioner
  const options = optionsOf(system, limits, built)
  const x = float64(n * s)
  const columns: ColumnReport[] = []
  let last: Solution | undefined
  const applications = { operator: 0, preconditioner: 0 }
  for (let c = 0; c < s; c++) {
    const x0 = column(limits.x0, c, n, s)
    last = yield* solveOne(A, column(b, c, n, s)!, { ...options, ...(x0 && { x0 }) })
    for (let i = 0; i < n; i++) x[i * s + c] = last.x[i]!
    const { converged, reason, iterations, residualNorm, relativeResidual } = last
    columns.push({ converged, reason, iterations, residualNorm, relativeResidual })
    applications.operator += last.applications.operator
    applications.preconditioner += last.applications.preconditioner
  }
  const { backend, driver, threads, preconditioner: used } = last!
  return {
    ...blockOf(x, n, s, columns),
    applications,
    preconditioner: used,
    time: timeOf(call, call.control.start),
    backend,
    driver,
    threads,
  }
}

/** One column of a block. */
export function column(given: ArrayLike<number> | Dense | undefined, c: number, n: number, s: number) {
  if (given === undefined) return undefined
  const values = isDense(given) ? given.values : given
  return Float64Array.from({ length: n }, (_, i) => values[i * s + c]!)
}

/** A block's answer, from its columns' reports. */
export function blockOf(values: Float64Array, n: number, s: number, columns: readonly ColumnReport[]) {
  const failed = columns.find(({ converged }) => !converged)
  return {
    x: { rows: n, columns: s, values },
    converged: failed === undefined,
    reason: failed?.reason ?? ('converged' as const),
    iterations: columns.reduce((most, { iterations }) => Math.max(most, iterations), 0),
    relativeResidual: columns.reduce((most, { relativeResidual }) => Math.max(most, relativeResidual), 0),
    columns,
  }
}

export const timeOf = (call: Call, begun: number) => ({
  setup: begun - call.control.start,
  solve: performance.now() - begun,
})

const none = Number.NaN

/** What a direct method found. */
export interface Found {
  readonly x: Float64Array | Dense
  /** Of the true residuals and of the right-hand sides, by column. */
  readonly norms: Float64Array
  readonly sizes: Float64Array
  readonly refinements: number
  readonly backend: 'native' | 'ts'
  readonly threads: number
}

/** What a direct method found, in the shape of what an iterative one does: its iterations are refinements. */
export function directResult(
  call: Call,
  { n, s }: System,
  { rtol, atol }: Limits,
  begun: number,
  { x, norms, sizes, refinements, backend, threads }: Found,
): Attempt {
  const report = (c: number): ColumnReport => {
    const finite = norms[c]! < Number.POSITIVE_INFINITY
    const residualNorm = finite ? norms[c]! : sizes[c]!
    const converged = finite && residualNorm <= Math.max(rtol * sizes[c]!, atol)
    const reason = converged ? 'converged' : finite ? 'stagnated' : 'not-finite'
    const relativeResidual = sizes[c]! > 0 ? residualNorm / sizes[c]! : 0
    return { converged, reason, iterations: refinements, residualNorm, relativeResidual }
  }
  const common = {
    applications: { operator: refinements + 1, preconditioner: (refinements + 1) * s },
    preconditioner: unpreconditioned,
    time: timeOf(call, begun),
    ...{ backend, driver: backend, threads },
  }
  const values = isDense(x) ? x.values : x
  const first = report(0)
  if (first.reason === 'not-finite') values.fill(0)
  if (isDense(x))
    return {
      ...blockOf(
        values,
        n,
        s,
        Array.from(norms, (_, c) => report(c)),
      ),
      ...common,
    }
  const spectrum = { smallest: none, largest: none, condition: none }
  return { x, ...first, ...common, spectrum } as Solution
}

/** The right-hand sides: nothing writes to them. */
export const rightHandSides = ({ b }: System): Float64Array => (isDense(b) ? b.values : b)
