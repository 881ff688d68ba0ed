// krylov itself as a contender; KRYLOV_BACKEND and KRYLOV_THREADS choose the half and the threads.

import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { kernels } from '../../src/core/kernels.ts'
import {
  amg,
  backend,
  Csr,
  cgSync,
  gmresSync,
  ic0,
  ilu0,
  jacobi,
  ldltSync,
  type Recipe,
  type RecipeFunction,
  ric0,
  solveSync,
  solveWithSync,
  sorSync,
  spmv,
  ssor,
  twoLevel,
} from '../../src/index.ts'
import { precondition } from '../../src/precondition/apply.steps.ts'
import { planned, withPlan } from '../../src/sparse/storage-plan.ts'
import { expectedProducts, type PlanKind } from '../../src/sparse/storage-rule.ts'
import type { Timing } from '../contender.ts'
import { type Request, readSystem, relativeResidual, serve } from './serve.ts'

/** By the names under which rivals have theirs: PETSc's multigrids are met by ours. */
const recipes: Readonly<Record<string, RecipeFunction<object>>> = {
  jacobi,
  ic0,
  ilu0,
  ric0,
  ssor,
  twoLevel,
  amg,
  hypre: amg,
  gamg: amg,
  bjacobi: amg,
}
/** Recipes with options of their own. */
const tuned: Readonly<Record<string, (A: Csr) => Recipe>> = {
  'ic0-single': () => ic0({ precision: 'single' }),
  // near the best omega of a grid with as many unknowns: 1.99 on 1000 x 1000, 1.9 on 100 x 100 x 100
  'ssor-best': A => ssor({ omega: A.nonZeros < 6 * A.rows ? 1.99 : 1.9 }),
}
const recipeOf = (name: string, A: Csr): Recipe | undefined => tuned[name]?.(A) ?? recipes[name]
const system = readSystem(process.argv[2]!)
const { n, values, b, rowPointers, columnIndices } = system

/** A pattern of its own for every call, so that symbolic work is part of the set-up as it is for the rivals. */
const fresh = (): Csr => Csr.fromArrays(n, n, rowPointers, columnIndices, values)
const warm = fresh()
const ones = new Float64Array(n).fill(1)

const control = makeControl('bench', {})
const forced = process.env.KRYLOV_BENCH_PLAN || undefined

/** Makes the plan that is asked for, or the one that a solve to the end would: a few iterations alone would make none. */
function plan(A: Csr, strong: boolean): number {
  const begun = performance.now()
  if (forced !== undefined) runSync(withPlan(A, forced as PlanKind), control)
  else runSync(planned(A, expectedProducts(n, Number.POSITIVE_INFINITY, strong)), control)
  return performance.now() - begun
}

function cg({ preconditioner, rtol, count }: Request): Timing {
  const A = fresh()
  const recipe = recipeOf(preconditioner, A)
  const planning = plan(A, recipe !== undefined && preconditioner !== 'jacobi')
  const { x, time, iterations } = cgSync(A, b, {
    rtol,
    maxIterations: count,
    ...(recipe && { preconditioner: recipe }),
  })
  return { solve: time.solve, setup: time.setup + planning, iterations, relativeResidual: relativeResidual(system, x) }
}

/** GMRES(40), whose residual does not reach 1e-30. */
function gmres({ preconditioner, rtol, count }: Request): Timing {
  const A = fresh()
  const recipe = recipeOf(preconditioner, A)
  const planning = plan(A, recipe !== undefined && preconditioner !== 'jacobi')
  const options = { rtol, maxIterations: count, restart: 40, ...(recipe && { preconditioner: recipe }) }
  const { x, time, iterations } = gmresSync(A, b, options)
  return { solve: time.solve, setup: time.setup + planning, iterations, relativeResidual: relativeResidual(system, x) }
}

/** Whatever `solve` chooses; it says what on stderr where that is asked for. */
function solve({ rtol, count }: Request): Timing {
  const { x, time, iterations, method, why } = solveSync(fresh(), b, { rtol, maxIterations: count })
  if (process.env.KRYLOV_BENCH_WHY !== undefined) console.error(`${method}: ${why}`)
  return { ...time, iterations, relativeResidual: relativeResidual(system, x) }
}

/** Many solves of one system, as a program that calls in a loop sees them. */
function calls({ rtol, count }: Request): Timing {
  const begun = performance.now()
  let iterations = 0
  for (let i = 0; i < count; i++) iterations += cgSync(warm, b, { rtol }).iterations
  return { setup: 0, solve: performance.now() - begun, iterations, relativeResidual: 0 }
}

/** Set-up and applications of a preconditioner, outside a solver. */
function apply({ preconditioner, count }: Request): Timing {
  const A = fresh()
  const begun = performance.now()
  const M = runSync(recipeOf(preconditioner, A)!.build('apply', A), makeControl('apply', {}))
  const ready = performance.now()
  const z = new Float64Array(n)
  for (let i = 0; i < count; i++) runSync(precondition(kernels, M, b, z), control)
  return { setup: ready - begun, solve: performance.now() - ready, iterations: count, relativeResidual: 0 }
}

/** Order, factor and solve, on our own. */
function direct(): Timing {
  const A = fresh()
  const begun = performance.now()
  const F = ldltSync(A, { library: 'own' })
  const ready = performance.now()
  const { x } = solveWithSync(F, b)
  const solve = performance.now() - ready
  return { setup: ready - begun, solve, iterations: 1, relativeResidual: relativeResidual(system, x) }
}

function multiply({ count }: Request): Timing {
  const y = new Float64Array(n)
  plan(warm, false)
  const begun = performance.now()
  for (let i = 0; i < count; i++) spmv(warm, b, y)
  return { setup: 0, solve: performance.now() - begun, iterations: count, relativeResidual: 0 }
}

/** Sweeps of SOR, right-hand side 1; `preconditioner` is the ordering. */
function sor({ preconditioner, count }: Request): Timing {
  const ordering = preconditioner as 'natural' | 'multicolour'
  const { time, iterations } = sorSync(warm, ones, { omega: 1.9, rtol: 1e-300, maxIterations: count, ordering })
  return { setup: 0, solve: time.solve, iterations, relativeResidual: 0 }
}

const answers: Readonly<Record<string, (request: Request) => Timing>> = {
  gmres,
  cg,
  solve,
  ldlt: direct,
  calls,
  apply,
  spmv: multiply,
  sor,
}
const { name, simd } = backend()
await serve(`krylov ${name} ${simd}`, request => answers[request.method]!(request))
