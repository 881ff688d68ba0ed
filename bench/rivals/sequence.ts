import { setThreads } from '../../src/core/backend.ts'
import { bicgstabSync } from '../../src/krylov/bicgstab.ts'
import { cgSync } from '../../src/krylov/cg.ts'
import { gmresSync } from '../../src/krylov/gmres.ts'
import { preconditioners } from '../../src/methods.ts'
import { deflatedCgSync } from '../../src/recycle/deflatedCg.ts'
import { gcrodrSync } from '../../src/recycle/gcrodr.ts'
import type { RecycledSpace } from '../../src/recycle/space.ts'
import { solveSync } from '../../src/solve/solve.ts'
import { Csr } from '../../src/sparse/csr.ts'
import { type Request, readSystems, relativeResidual, serve } from './serve.ts'

/*
 * krylov as a contender on a sequence of systems: solves all of them for each line, and answers with the sums of times and
 * iterations and the largest true residual.
 */

setThreads(Number(process.env.KRYLOV_THREADS ?? 1))
const systems = readSystems(process.argv[2]!)

interface Solved {
  readonly x: Float64Array
  readonly applications: { readonly operator: number }
  readonly space?: RecycledSpace
}
type Solve = (A: Csr, b: Float64Array, options: object, last: Solved | undefined) => Solved

const methods: Readonly<Record<string, Solve>> = {
  gcrodr: (A, b, options, last) =>
    gcrodrSync(A, b, { ...options, restart: 40, recycle: 20, ...(last?.space && { space: last.space }) }),
  deflatedCg: (A, b, options, last) => deflatedCgSync(A, b, { ...options, ...(last?.space && { space: last.space }) }),
  gmres: (A, b, options) => gmresSync(A, b, { ...options, restart: 40 }),
  bicgstab: (A, b, options) => bicgstabSync(A, b, options),
  cg: (A, b, options) => cgSync(A, b, options),
  solve: (A, b, options) => solveSync(A, b, options),
}

await serve('krylov', ({ method, preconditioner, rtol, count }: Request) => {
  const recipe = preconditioners.find(({ name }) => name === preconditioner)?.recipe
  if (recipe === undefined && preconditioner !== 'none') throw new Error(`no preconditioner ${preconditioner}`)
  const options = { rtol, maxIterations: count, ...(recipe && { preconditioner: recipe }) }
  let last: Solved | undefined
  let [solve, iterations, worst] = [0, 0, 0]
  for (const system of systems) {
    const { n, rowPointers, columnIndices, values, b } = system
    const A = Csr.fromArrays(n, n, rowPointers, columnIndices, values)
    const begun = performance.now()
    last = methods[method]!(A, b, options, last)
    solve += performance.now() - begun
    iterations += last.applications.operator
    worst = Math.max(worst, relativeResidual(system, last.x))
  }
  return { setup: 0, solve, iterations, relativeResidual: worst }
})
