/** Why an iterative method ended, in the order of the native half's codes. */
export const REASONS = [
  'converged',
  'max-iterations',
  'time-limit',
  'stagnated',
  'diverged',
  'indefinite-operator',
  'indefinite-preconditioner',
  'breakdown',
  'not-finite',
  'least-squares',
] as const

/** Why an iterative method ended. */
export type Reason = (typeof REASONS)[number]

/** When an iteration ends: ||b - A x|| <= max(rtol ||b||, atol), or after `maxIterations`. */
export interface Stopping {
  readonly rtol: number
  readonly atol: number
  readonly maxIterations: number
  /** Whether x holds a first guess; otherwise it is zero. */
  readonly warm: boolean
  /** Whether the residual norm of every iteration is kept. */
  readonly history: boolean
  /** The share of the residual that SLOW iterations may leave; more ends the solve as stagnated. 0: no bound. */
  readonly slow: number
}

/** Iterations whose contraction is looked at together. */
export const SLOW = 8

/** What the inside of every solver returns; x is filled in place. */
export interface Outcome {
  readonly reason: Reason
  readonly iterations: number
  /** Norm of the true residual b - A x. */
  readonly residualNorm: number
  /** Products with A. */
  readonly operator: number
  /** Applications of the preconditioner. */
  readonly preconditioner: number
  /** Residual norms from the first guess on, one per iteration, where asked for. */
  readonly history: Float64Array
  /** Diagonal of the Lanczos matrix of M^-1 A that the coefficients give. */
  readonly diagonal: Float64Array
  /** Its off-diagonal. */
  readonly offDiagonal: Float64Array
}

/** Beyond this growth of the residual the iteration has left any path that ends at the solution. */
export const DIVERGED = 1e10

/** Iterations between copies of x that `diverged` and `not-finite` fall back to: 1/64 of a vector's traffic. */
export const CHECKPOINT = 64

/** A residual counts as a new smallest one below this share of the last. */
export const STALLED = 0.999

/** Iterations without a new smallest residual after which the method has stagnated. */
export const patience = (n: number): number => Math.max(2000, Math.min(2 * n, 20_000))
