import type { Forms } from './core/method.ts'
import type { CsrData, Operator } from './core/types.ts'
import { ldlt } from './direct/ldlt.ts'
import { bicgstab, bicgstabSync } from './krylov/bicgstab.ts'
import { cg, cgSync } from './krylov/cg.ts'
import { fgmres, fgmresSync } from './krylov/fgmres.ts'
import { gmres, gmresSync } from './krylov/gmres.ts'
import { idrs, idrsSync } from './krylov/idrs.ts'
import type { LeastSquaresOptions, LeastSquaresSolution, TransposableOperator } from './krylov/least-squares.ts'
import { lsmr, lsmrSync } from './krylov/lsmr.ts'
import { lsqr, lsqrSync } from './krylov/lsqr.ts'
import { minres, minresSync } from './krylov/minres.ts'
import { minresQlp, minresQlpSync } from './krylov/minresQlp.ts'
import type { Solution } from './krylov/solution.ts'
import type { SolverOptions } from './krylov/solver.ts'
import { amg } from './precondition/amg.ts'
import { blockJacobi } from './precondition/blockJacobi.ts'
import { chebyshev } from './precondition/chebyshev.ts'
import { gaussSeidel } from './precondition/gaussSeidel.ts'
import { ic0 } from './precondition/ic0.ts'
import { ict } from './precondition/ict.ts'
import { identity } from './precondition/identity.ts'
import { ilu0 } from './precondition/ilu0.ts'
import { ilut } from './precondition/ilut.ts'
import { jacobi } from './precondition/jacobi.ts'
import { lu } from './precondition/lu.ts'
import type { Recipe, RecipeFunction } from './precondition/recipe.ts'
import { ric0 } from './precondition/ric0.ts'
import { ssor } from './precondition/ssor.ts'
import { twoLevel } from './precondition/twoLevel.ts'
import { deflatedCg, deflatedCgSync } from './recycle/deflatedCg.ts'
import { gcrodr, gcrodrSync } from './recycle/gcrodr.ts'
import { recyclingMinres, recyclingMinresSync } from './recycle/recyclingMinres.ts'

/*
 * All methods, as data: what each accepts and costs. Tests cross every solver with every problem whose tag it accepts,
 * benchmarks turn traffic into bandwidth, the manual prints the table.
 */

/** What a matrix is known to be. */
export type ProblemTag = 'spd' | 'semidefinite' | 'indefinite' | 'nonsymmetric'

/** An iterative solver of A x = b. */
export interface SolverRow extends Forms<[CsrData | Operator, Float64Array, SolverOptions?], Solution> {
  readonly name: string
  readonly subject: string
  readonly accepts: readonly ProblemTag[]
  /** Vectors of n doubles, without and with a preconditioner. */
  readonly workspace: readonly [plain: number, preconditioned: number]
  /** Products with A, and applications of the preconditioner, per iteration; default 1. */
  readonly products?: number
  /** Bytes per unknown and iteration besides the matrix and the preconditioner, without one. */
  readonly traffic: number
}

/** A solver of least-squares problems with an m x n matrix. */
export interface LeastSquaresRow
  extends Forms<[CsrData | TransposableOperator, Float64Array, LeastSquaresOptions?], LeastSquaresSolution> {
  readonly name: string
  readonly subject: string
  /** Doubles: so many times m, and so many times n. */
  readonly workspace: readonly [rows: number, columns: number]
}

/** A factorization that `solveWith` takes, and that is a preconditioner too; it keeps what it fills in. */
export interface DirectRow {
  readonly name: string
  readonly subject: 'direct'
  readonly accepts: 'symmetric' | 'square'
  /** As a preconditioner: whether it is symmetric positive definite. */
  readonly definite: boolean
  readonly recipe: Recipe
}

/** A preconditioner. */
export interface PreconditionerRow {
  readonly name: string
  readonly subject: 'precondition'
  /** Doubles that it keeps, in multiples of n and of the entries right of A's diagonal; at most. */
  readonly memory: { readonly n: number; readonly upper: number }
  readonly accepts: 'symmetric' | 'square'
  /** Whether it is symmetric positive definite where A is. */
  readonly definite: boolean
  readonly recipe: RecipeFunction<object>
}

export const solvers: readonly SolverRow[] = [
  {
    name: 'cg',
    subject: 'krylov',
    accepts: ['spd', 'semidefinite'],
    workspace: [4, 5],
    traffic: 72,
    async: cg,
    sync: cgSync,
  },
  {
    name: 'minres',
    subject: 'krylov',
    accepts: ['spd', 'semidefinite', 'indefinite'],
    workspace: [8, 8],
    traffic: 216,
    async: minres,
    sync: minresSync,
  },
  {
    name: 'minresQlp',
    subject: 'krylov',
    accepts: ['spd', 'semidefinite', 'indefinite'],
    workspace: [9, 9],
    traffic: 160,
    async: minresQlp,
    sync: minresQlpSync,
  },
  {
    name: 'gmres',
    subject: 'krylov',
    accepts: ['spd', 'nonsymmetric'],
    workspace: [34, 34],
    traffic: 430,
    async: gmres,
    sync: gmresSync,
  },
  {
    name: 'fgmres',
    subject: 'krylov',
    accepts: ['spd', 'nonsymmetric'],
    workspace: [34, 64],
    traffic: 430,
    async: fgmres,
    sync: fgmresSync,
  },
  {
    name: 'bicgstab',
    subject: 'krylov',
    accepts: ['spd', 'nonsymmetric'],
    workspace: [8, 8],
    products: 2,
    traffic: 272,
    async: bicgstab,
    sync: bicgstabSync,
  },
  {
    name: 'idrs',
    subject: 'krylov',
    accepts: ['spd', 'nonsymmetric'],
    workspace: [17, 17],
    traffic: 252,
    async: idrs,
    sync: idrsSync,
  },
  {
    name: 'gcrodr',
    subject: 'recycle',
    accepts: ['spd', 'nonsymmetric'],
    workspace: [64, 64],
    traffic: 590,
    async: gcrodr,
    sync: gcrodrSync,
  },
  {
    name: 'deflatedCg',
    subject: 'recycle',
    accepts: ['spd'],
    workspace: [61, 61],
    traffic: 180,
    async: deflatedCg,
    sync: deflatedCgSync,
  },
  {
    name: 'recyclingMinres',
    subject: 'recycle',
    accepts: ['spd', 'indefinite'],
    workspace: [151, 171],
    traffic: 790,
    async: recyclingMinres,
    sync: recyclingMinresSync,
  },
]

export const preconditioners: readonly PreconditionerRow[] = [
  {
    name: 'identity',
    subject: 'precondition',
    memory: { n: 0, upper: 0 },
    accepts: 'square',
    definite: true,
    recipe: identity,
  },
  {
    name: 'jacobi',
    subject: 'precondition',
    memory: { n: 1, upper: 0 },
    accepts: 'square',
    definite: true,
    recipe: jacobi,
  },
  {
    name: 'ssor',
    subject: 'precondition',
    memory: { n: 1, upper: 1 },
    accepts: 'symmetric',
    definite: true,
    recipe: ssor,
  },
  {
    name: 'ic0',
    subject: 'precondition',
    memory: { n: 1, upper: 1 },
    accepts: 'symmetric',
    definite: true,
    recipe: ic0,
  },
  {
    name: 'ric0',
    subject: 'precondition',
    memory: { n: 1, upper: 1 },
    accepts: 'symmetric',
    definite: true,
    recipe: ric0,
  },
  {
    name: 'ict',
    subject: 'precondition',
    memory: { n: 11, upper: 1 },
    accepts: 'symmetric',
    definite: true,
    recipe: ict,
  },
  {
    name: 'chebyshev',
    subject: 'precondition',
    memory: { n: 1, upper: 0 },
    accepts: 'symmetric',
    definite: true,
    recipe: chebyshev,
  },
  {
    name: 'amg',
    subject: 'precondition',
    memory: { n: 5, upper: 1 },
    accepts: 'symmetric',
    definite: true,
    recipe: amg,
  },
  {
    name: 'twoLevel',
    subject: 'precondition',
    memory: { n: 2, upper: 1 },
    accepts: 'symmetric',
    definite: true,
    recipe: twoLevel,
  },
  {
    name: 'gaussSeidel',
    subject: 'precondition',
    memory: { n: 2, upper: 2 },
    accepts: 'square',
    definite: false,
    recipe: gaussSeidel,
  },
  {
    name: 'blockJacobi',
    subject: 'precondition',
    memory: { n: 5, upper: 2 },
    accepts: 'square',
    definite: false,
    recipe: blockJacobi,
  },
  {
    name: 'ilu0',
    subject: 'precondition',
    memory: { n: 2, upper: 2 },
    accepts: 'square',
    definite: false,
    recipe: ilu0,
  },
  {
    name: 'ilut',
    subject: 'precondition',
    memory: { n: 22, upper: 2 },
    accepts: 'square',
    definite: false,
    recipe: ilut,
  },
]

export const leastSquares: readonly LeastSquaresRow[] = [
  { name: 'lsqr', subject: 'krylov', workspace: [3, 4], async: lsqr, sync: lsqrSync },
  { name: 'lsmr', subject: 'krylov', workspace: [3, 5], async: lsmr, sync: lsmrSync },
]

export const direct: readonly DirectRow[] = [
  { name: 'ldlt', subject: 'direct', accepts: 'symmetric', definite: true, recipe: ldlt },
  { name: 'lu', subject: 'direct', accepts: 'square', definite: false, recipe: lu },
]
