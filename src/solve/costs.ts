import type { Structure } from './structure.steps.ts'
import type { System } from './system.ts'

/*
 * What methods cost, counted: operations and bytes at the rates of one core of the machine that the tables of this
 * package were measured on. The unit is its nanosecond, but no clock is ever asked: the same matrix always gives the same choice.
 */

/** Expected cost. */
export interface Cost {
  readonly setup: number
  /** Of one iteration, and how many are expected; a direct method has one. */
  readonly iteration: number
  readonly iterations: number
}

export const total = ({ setup, iteration, iterations }: Cost): number => setup + iteration * iterations

const CALL = 15_000 // one method called, its arguments checked, its result assembled

/** Cholesky of order n: products at 30 Gflop/s, and what is done n^2 times (copying, panels, checks). */
export const denseFactor = (n: number): Cost => ({
  setup: CALL + n ** 3 / 90 + 6.5 * n * n,
  iteration: CALL + n * n,
  iterations: 1,
})

/** Bunch and Kaufman's elimination moves the trailing matrix at every step. */
export const densePivoted = (n: number): Cost => ({
  setup: CALL + n ** 3 / 25 + 4 * n * n,
  iteration: CALL + n * n,
  iterations: 1,
})

/** A sweep over A and the vectors of conjugate gradients, per right-hand side. */
export const sweep = (n: number, entries: number): number => 3_000 + 1.2 * entries + 5 * n

/** Solves with U and U^T, one after the other. */
export const triangularSolves = (n: number, entries: number): number => 2.2 * entries + 8 * n

/** An incomplete factorization on A's pattern: each row meets those of its neighbours. */
export const incompleteFactor = (n: number, entries: number): number =>
  CALL + (3 * (entries * entries)) / Math.max(n, 1)

/** Conjugate gradients to `digits` digits with condition number `kappa`. */
export const iterationsFor = (kappa: number, digits: number): number =>
  Math.ceil(0.5 * Math.sqrt(Math.max(1, kappa)) * Math.log(2) + 1.15 * Math.sqrt(Math.max(1, kappa)) * digits)

/** Whether off-diagonal entries are negative, nearly all, and rows dominant: what relaxed factors and multigrid are for. */
export const isLaplacianLike = ({ positive, dominant, smallest }: Structure): boolean =>
  positive <= 0.1 && dominant >= 0.9 && smallest > 0

/** 2 for meshes of the plane and of surfaces, 3 for those of space: by the mean length of a row. */
export const dimension = ({ n, structure: { couplings } }: System): 2 | 3 => (couplings <= 8.2 * n ? 2 : 3)
