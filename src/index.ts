/**
 * krylov: numerical linear algebra for Node. Solvers compute off the JavaScript thread (`cg`) or on it (`cgSync`), in
 * native code or, where that is not to be had, in TypeScript.
 *
 * @module
 */

// The system
export { type BackendReport, backend, setThreads } from './core/backend.ts'
export type { ControlOptions, Progress } from './core/control.ts'
export { type ErrorCode, KrylovError } from './core/errors.ts'
export type { CsrData, Dense, Operator, Pattern } from './core/types.ts'

// Matrices
export { dense } from './dense/dense.ts'
export { Csr, type Symmetry } from './sparse/csr.ts'
export { type SparsityPattern, sparsityPattern } from './sparse/pattern.ts'
export { spmm, spmv } from './sparse/spmv.ts'

// Iterative solvers
export { cg, cgSync } from './krylov/cg.ts'
export type { Solution, Spectrum } from './krylov/solution.ts'
export type { SolverOptions } from './krylov/solver.ts'
export type { Reason } from './krylov/stopping.ts'

// Preconditioners
export { type ChebyshevOptions, chebyshev } from './precondition/chebyshev.ts'
export { ic0 } from './precondition/ic0.ts'
export { identity } from './precondition/identity.ts'
export { jacobi } from './precondition/jacobi.ts'
export type { Preconditioner, PreconditionerFunction } from './precondition/kinds.ts'
export type { Recipe, RecipeFunction } from './precondition/recipe.ts'
export { type IncompleteCholeskyOptions, type RelaxedOptions, ric0 } from './precondition/ric0.ts'
export { ssor } from './precondition/ssor.ts'
