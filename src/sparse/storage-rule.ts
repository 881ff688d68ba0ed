import { native } from '../core/backend.ts'
import type { StoragePlan } from '../core/types.ts'
import type { PatternShape } from './pattern-shape.steps.ts'

export type PlanKind = StoragePlan['kind']

/** Entries below which a matrix lies in the cache and no plan is made: a solve of this size takes microseconds. */
export const SMALLEST = 2 ** 15

/*
 * The rule. Costs are counted in bytes that memory could move meanwhile; at 20 GB/s for one thread of the machine that
 * these were measured on, 1 byte is 0.05 ns.
 */
const GUESSED_WRONG = 100 // a row that ends elsewhere than the last one: 18 cycles
const NEXT_RUN = 300 // looking up and checking a run: 15 ns
const BUILD = { runs: 50, sell: 120 } // an entry, symbolic part and values together

/** What one product by a plan costs, and how it comes about, in bytes; runs are counted as if none were constant. */
export function productCost(kind: PlanKind, rows: number, nonZeros: number, shape: PatternShape): number {
  switch (kind) {
    case 'csr':
      return 12 * nonZeros + 20 * rows + GUESSED_WRONG * shape.changes
    case 'runs':
      return 8 * nonZeros + 16 * rows + NEXT_RUN * shape.runs
    case 'sell': {
      const long = 1 - shape.shortEntries / Math.max(1, nonZeros)
      return (shape.far > 0 ? 12 : 10) * nonZeros + 20 * rows + long * GUESSED_WRONG * shape.changes
    }
  }
}

/** What making a plan costs, in the same bytes. */
export const buildCost = (kind: PlanKind, nonZeros: number): number => (kind === 'csr' ? 0 : BUILD[kind] * nonZeros)

/** What products are made with: one vector at a time, or several side by side (`spmm`). */
export type ProductForm = 'vector' | 'block'

/** Whether products compute where C++ waits for memory: JavaScript, and several vectors at once. Slices then gain nothing. */
export const computes = (form: ProductForm): boolean => native === undefined || form === 'block'

/** Plans that products of a form may have. */
export const kindsFor = (form: ProductForm): readonly PlanKind[] =>
  computes(form) ? ['csr', 'runs'] : ['csr', 'runs', 'sell']

/** The plan that is cheapest for so many products, its own making included. */
export function choosePlan(
  rows: number,
  nonZeros: number,
  shape: PatternShape,
  products: number,
  among: readonly PlanKind[],
): PlanKind {
  if (nonZeros < SMALLEST) return 'csr'
  const cost = (kind: PlanKind) => products * productCost(kind, rows, nonZeros, shape) + buildCost(kind, nonZeros)
  return among.reduce((best, kind) => (cost(kind) < cost(best) ? kind : best))
}

/** Products that a solve of n unknowns is expected to take; with a strong preconditioner 20 at most. */
export const expectedProducts = (n: number, maxIterations: number, strong: boolean): number =>
  Math.min(maxIterations, strong ? 20 : Math.ceil(Math.cbrt(n)))
