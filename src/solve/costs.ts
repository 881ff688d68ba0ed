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

/** Ordering and counting, per entry and row of A; panels as products, and what is done once per entry of L. */
export const sparseFactor = (n: number, nonZeros: number, entries: number, flops: number, s: number): Cost => ({
  setup: 2 * CALL + 90 * nonZeros + 400 * n + flops / 8 + 20 * entries,
  iteration: CALL + s * (6 * entries + 150 * n),
  iterations: 1,
})

/** The same before anything is counted: a mesh's fill under nested dissection, by its dimension. */
export function sparseFactorGuess(system: System): Cost {
  const { n, s } = system
  const plane = dimension(system) === 2
  const entries = entriesOf(system)
  const fill = plane ? 4 * n * Math.log2(n + 2) : Math.max(entries, 4 * n ** (4 / 3))
  const flops = plane ? 10 * n ** 1.5 : Math.min(n ** 3 / 3, 8 * n * n)
  return sparseFactor(n, entries, fill, flops, s)
}

/** A sweep over A and the vectors of conjugate gradients, per right-hand side. */
export const sweep = (n: number, entries: number): number => 300 + 0.9 * entries + (n < 100_000 ? 2 : 6) * n

/** Solves with U and U^T, one after the other. */
export const triangularSolves = (n: number, entries: number): number => 1.0 * entries + (n < 100_000 ? 3 : 6) * n

const BY_DIAGONALS = 16_384 // unknowns from which grids are multiplied by runs and factors solved by diagonals

/** An iteration of conjugate gradients with a factor. */
export function factorIteration(system: System, entries: number): number {
  const { n, s } = system
  const grid = n >= BY_DIAGONALS && isUniform(system)
  return s * (grid ? 5 * n : sweep(n, entries) + triangularSolves(n, entries))
}

/** An incomplete factorization on A's pattern: each row meets those of its neighbours. */
export const incompleteFactor = (n: number, entries: number): number =>
  CALL + (3 * (entries * entries)) / Math.max(n, 1)

/** Smoothed aggregation: irregular rows cost more to aggregate and multiply, and a few more cycles. */
export function multigrid(system: System, entries: number, digits: number): Cost {
  const { n, s, structure } = system
  const uniform = isUniform(system) && isLaplacianLike(structure)
  const shared = entries > SHARED ? 0.6 : 1
  const cycles = (uniform ? 1.2 : 1.9) * (structure.dominant >= 0.9 ? 1 : 1.2)
  return {
    setup: 4 * CALL + shared * ((uniform ? 70 : 180) * entries + 50 * n),
    iteration: s * (5_000 + shared * ((uniform ? 4.5 : 10) * entries + 8 * n)),
    iterations: Math.max(3, cycles * digits),
  }
}

/** An incomplete factorization by size, which keeps about twice A's entries, and its iterations. */
export const thresholdFactor = (n: number, entries: number, digits: number, s: number): Cost => ({
  setup: 3 * CALL + 60 * entries + 150 * n,
  iteration: s * (300 + 2.7 * entries + 5 * n),
  iterations: Math.max(3, 0.11 * digits * n ** 0.45),
})

/**
 * Sparse LU: a mesh's fill twice, at what sparse loops reach; matrices whose rows differ in length, as circuits and networks have
 * them, fill in less. `share` of the work is for an order that lets pivots be anywhere.
 */
export function luGuess(system: System, share: number): Cost {
  const { n, s, structure } = system
  const entries = entriesOf(system)
  const uneven = structure.longest * n > 3 * structure.couplings
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
 * 2 for meshes of the plane and of surfaces, 3 for those of space: by the mean length of a row. A row has six couplings
 * both on triangles and on a grid in space, which differ in that a grid's rows are of one length.
 */
export function dimension(system: System): 2 | 3 {
  const average = system.structure.couplings / Math.max(1, system.n)
  return average > 8.2 || (average > 5.2 && average <= 6 && isUniform(system)) ? 3 : 2
}
