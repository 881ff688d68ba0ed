import { SMALLEST } from '../sparse/storage-rule.ts'
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

/** Entries of A that are not zero, as they are expected: those beside the diagonal, and all on it. */
export const entriesOf = ({ structure, n }: System): number => structure.couplings + n

/** Entries from which two threads do in 0.6 of the time what one does; how many there are is not asked either. */
const SHARED = 100_000

export const CALL = 12_000 // one method called, its arguments checked, its result assembled

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

/** LU of order n: twice the flops of Cholesky, and a transposition each way. */
export const denseLuFactor = (n: number): Cost => ({
  setup: CALL + n ** 3 / 45 + 9 * n * n,
  iteration: CALL + n * n,
  iterations: 1,
})

/** Rows of the envelope against rows of the envelope: short products, and long ones that leave the caches. */
export function envelopeFactor({ n, s, structure }: System): Cost {
  const { couplings, profile, squares } = structure
  const long = 0.05 + 0.07 * Math.min(1, profile / 1e6)
  return {
    setup: CALL + 40 * n + 4 * couplings + 3.2 * profile + long * squares,
    iteration: s * (10 * n + 0.8 * profile),
    iterations: 1,
  }
}

const FAR = 2 ** 15 // unknowns from which vectors and factors come from beyond the second cache

/** Ordering and counting, per entry and row of A; panels as products, and what is done once per entry of L. */
export function sparseFactor(system: System, entries: number, flops: number): Cost {
  const { n, s } = system
  const waits = isUneven(system) ? 1.3 : n < FAR ? 1 : isUniform(system) ? 1.5 : 2.5
  return {
    setup: 5 * CALL + waits * (30 * entriesOf(system) + 540 * n) + 8 * entries + flops / 20,
    iteration: CALL + s * (2 * entries + 40 * n),
    iterations: 1,
  }
}

/**
 * The same before anything is counted: a mesh's fill under minimum degree, by its dimension, what networks are left with,
 * whose rows differ in length, or all of the envelope, where that is less.
 */
export function sparseFactorGuess(system: System): Cost {
  const { n, structure } = system
  const entries = entriesOf(system)
  const fill = isUneven(system)
    ? [entries, 40 * entries]
    : dimension(system) === 2
      ? [2 * n * Math.log2(n + 2), 15 * n ** 1.5]
      : [Math.max(entries, 0.23 * n ** (5 / 3)), 0.25 * n ** (7 / 3)]
  return sparseFactor(system, Math.min(fill[0]!, structure.profile + n), Math.min(fill[1]!, structure.squares + n))
}

/** A sweep over A and the vectors of conjugate gradients, per right-hand side; by runs on grids that are worth a plan. */
export function sweep(system: System): number {
  const { n, structure } = system
  const entries = entriesOf(system)
  const near = n < FAR || structure.largest === structure.smallest // values in the cache, or as good as none
  if (entries >= SMALLEST && entries <= 10 * n && near && isUniform(system)) return 300 + 2.5 * n
  return 300 + 0.6 * entries + (n < 100_000 ? 3 : 6) * n
}

/** Solves with U and U^T, one after the other. */
const triangularSolves = (n: number, entries: number): number => 0.85 * entries + (n < 100_000 ? 1.2 : 6) * n

const BY_DIAGONALS = 16_384 // unknowns from which the factors of grids are solved by diagonals

/** An iteration of conjugate gradients with a factor. */
export function factorIteration(system: System): number {
  const { n, s } = system
  const grid = n >= BY_DIAGONALS && isUniform(system)
  return s * (grid ? 5 * n : sweep(system) + triangularSolves(n, entriesOf(system)))
}

/** An incomplete factorization on A's pattern: each row meets those of its neighbours. */
export const incompleteFactor = (n: number, entries: number): number =>
  3 * CALL + 14 * entries + (0.7 * (entries * entries)) / Math.max(n, 1)

/** Smoothed aggregation: irregular rows cost more to aggregate and multiply, and a few more cycles. */
export function multigrid(system: System, entries: number, digits: number): Cost {
  const { n, s, structure } = system
  const uniform = isUniform(system) && isLaplacianLike(structure)
  const shared = entries > SHARED ? 0.6 : 1
  const cycles = (uniform ? 1.2 : 1.9) * (structure.dominant >= 0.9 ? 1 : 1.2)
  return {
    setup: 4 * CALL + shared * ((uniform ? 70 : 110) * entries + 50 * n),
    iteration: s * (5_000 + shared * ((uniform ? 4.5 : 7) * entries + 8 * n)),
    iterations: Math.max(3, cycles * digits),
  }
}

/** An incomplete factorization by size, which keeps about twice A's entries, and its iterations. */
export function thresholdFactor(system: System, digits: number): Cost {
  const { n, s } = system
  const entries = entriesOf(system)
  const waits = n < FAR ? 1 : 1.7
  return {
    setup: 3 * CALL + waits * (50 * entries + 100 * n),
    iteration: s * (300 + waits * (2.4 * entries + 5 * n)),
    iterations: Math.max(3, 0.16 * digits * n ** (1 / 3)),
  }
}

/**
 * Sparse LU: a mesh's fill twice, at what sparse loops reach; matrices whose rows differ in length, as circuits and networks have
 * them, fill in less. `share` of the work is for an order that lets pivots be anywhere.
 */
export function luGuess(system: System, share: number): Cost {
  const { n, s } = system
  const entries = entriesOf(system)
  const uneven = isUneven(system)
  const fill = Math.max(entries, Math.min(n * n, (uneven ? 3 * entries : 3.5 * n * Math.log2(n + 2)) * share))
  const flops = Math.min(n ** 3, uneven ? 30 * entries : 40 * n ** 1.5) * share
  return {
    setup: 4 * CALL + 120 * entries + 400 * n + flops + 20 * fill,
    iteration: CALL + s * (2 * fill + 30 * n),
    iterations: 2,
  }
}

/** An incomplete LU by size, and GMRES with it: 25 vectors a step on average, read twice. */
export const incompleteLu = (n: number, entries: number, digits: number, s: number): Cost => ({
  setup: 4 * CALL + 800 * entries + 300 * n,
  iteration: s * (2_000 + 4 * entries + 25 * n),
  iterations: Math.max(3, 0.03 * digits * n ** 0.45),
})

/** An incomplete LU on A's pattern, and BiCGstab(2) with it: four products and solves an iteration. */
export const plainLu = (n: number, entries: number, digits: number, s: number): Cost => ({
  setup: 3 * CALL + 20 * entries + 20 * n,
  iteration: s * (4_000 + 8 * entries + 30 * n),
  iterations: Math.max(2, 0.04 * digits * n ** 0.45),
})

/** Conjugate gradients to `digits` digits with condition number `kappa`: 1/2 sqrt(kappa) ln(2 10^digits). */
export const iterationsFor = (kappa: number, digits: number): number =>
  Math.ceil(0.5 * Math.sqrt(Math.max(1, kappa)) * Math.log(2 * 10 ** digits))

/** Whether off-diagonal entries are negative, nearly all, and rows dominant: what relaxed factors and multigrid are for. */
export const isLaplacianLike = ({ positive, dominant, smallest }: Structure): boolean =>
  positive <= 0.1 && dominant >= 0.9 && smallest > 0

/** Whether rows are of one length but for the rim, as on grids: relaxed factors keep their promise there alone. */
export const isUniform = ({ n, structure: { couplings, longest } }: System): boolean =>
  longest * n <= 1.4 * couplings + 8

/**
 * Whether nearly all of what stands off the diagonal is positive: as in mass matrices, whose condition number with the
 * diagonal is bounded (Wathen 1987), and in Gram matrices, of whose eigenvalues few are large.
 */
export const isMassLike = ({ positive, couplings }: Structure): boolean => couplings > 0 && positive >= 0.99

/** Whether the condition number with the diagonal has a bound. */
export const isBounded = (structure: Structure): boolean => structure.dominance > 0 || isMassLike(structure)

/** Whether some rows are much longer than most, as in circuits and networks: they fill in little. */
const isUneven = ({ n, structure: { couplings, longest } }: System): boolean => longest * n > 3 * couplings

/**
 * 2 for meshes of the plane and of surfaces, 3 for those of space: by the mean length of a row. A row has six couplings
 * both on triangles and on a grid in space, which differ in that a grid's rows are of one length.
 */
export function dimension(system: System): 2 | 3 {
  const average = system.structure.couplings / Math.max(1, system.n)
  return average > 8.2 || (average > 5.2 && average <= 6 && isUniform(system)) ? 3 : 2
}
