import { choleskySolve, semidefiniteCholesky } from '../dense/semidefinite-cholesky.ts'
import { addProduct } from './blocks.loops.ts'
import type { Applied } from './envelope.steps.ts'
import { COLUMNS, type Sample } from './samples.ts'

/* Arithmetic of a cycle of two grids on blocks of COLUMNS vectors, kept by rows. */

/** y = y + scale P x */
export function addProlonged(
  { unknowns, coarsePointers, coarseColumns }: Sample,
  P: Float64Array,
  scale: number,
  x: Float64Array,
  y: Float64Array,
): void {
  for (let i = 0; i < unknowns; i++)
    for (let k = coarsePointers[i]!; k < coarsePointers[i + 1]!; k++) {
      const j = coarseColumns[k]! * COLUMNS
      for (let c = 0; c < COLUMNS; c++) y[i * COLUMNS + c]! += scale * P[k]! * x[j + c]!
    }
}

/** P^T x */
function restricted(
  { unknowns, coarse, coarsePointers, coarseColumns }: Sample,
  P: Float64Array,
  x: Float64Array,
): Float64Array {
  const y = new Float64Array(coarse * COLUMNS)
  for (let i = 0; i < unknowns; i++)
    for (let k = coarsePointers[i]!; k < coarsePointers[i + 1]!; k++) {
      const j = coarseColumns[k]! * COLUMNS
      for (let c = 0; c < COLUMNS; c++) y[j + c]! += P[k]! * x[i * COLUMNS + c]!
    }
  return y
}

/** x = x + S (b - A x), S the smoother. */
export function smooth(sample: Sample, b: Float64Array, x: Float64Array): void {
  const { unknowns, inverseDiagonal, smoother } = sample
  const d = new Float64Array(x.length)
  for (let s = 0; s < smoother.length; s += 2) {
    const [momentum, size] = [smoother[s]!, smoother[s + 1]!]
    const r = b.slice()
    addProduct(sample, -1, x, r)
    for (let i = 0; i < unknowns; i++)
      for (let at = i * COLUMNS; at < (i + 1) * COLUMNS; at++) {
        d[at] = momentum * d[at]! + size * inverseDiagonal[i]! * r[at]!
        x[at]! += d[at]!
      }
  }
}

/** The Cholesky factor of P^T A P; undefined where that is not positive definite. */
export function coarseFactor(sample: Sample, P: Float64Array): Float64Array | undefined {
  const { unknowns, coarse, rowPointers, columnIndices, values, coarsePointers, coarseColumns } = sample
  const dense = new Float64Array(coarse * coarse)
  const row = new Float64Array(coarse)
  for (let i = 0; i < unknowns; i++) {
    const met: number[] = []
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      const j = columnIndices[k]!
      for (let at = coarsePointers[j]!; at < coarsePointers[j + 1]!; at++) {
        row[coarseColumns[at]!]! += values[k]! * P[at]!
        met.push(coarseColumns[at]!)
      }
    }
    for (let at = coarsePointers[i]!; at < coarsePointers[i + 1]!; at++)
      for (const c of new Set(met)) dense[coarseColumns[at]! * coarse + c]! += P[at]! * row[c]!
    for (const c of met) row[c] = 0
  }
  return semidefiniteCholesky(coarse, dense, 1e-12) ? dense : undefined
}

/** x = (P^T A P)^-1 P^T r */
export function coarseSolve(sample: Sample, P: Float64Array, factor: Float64Array, r: Float64Array): Float64Array {
  const { coarse } = sample
  const y = restricted(sample, P, r)
  const column = new Float64Array(coarse)
  for (let c = 0; c < COLUMNS; c++) {
    for (let i = 0; i < coarse; i++) column[i] = y[i * COLUMNS + c]!
    choleskySolve(coarse, factor, column)
    for (let i = 0; i < coarse; i++) y[i * COLUMNS + c] = column[i]!
  }
  return y
}

/** What one application of the cycle leaves behind: the residual before the coarse correction, and that correction. */
export interface Cycled extends Applied {
  readonly before: Float64Array
  readonly y: Float64Array
}

/** z = M^-1 r: smoothing, coarse correction, smoothing. */
export function twoGrid(sample: Sample, P: Float64Array, factor: Float64Array, r: Float64Array): Cycled {
  const z = new Float64Array(r.length)
  smooth(sample, r, z)
  const before = r.slice()
  addProduct(sample, -1, z, before)
  const y = coarseSolve(sample, P, factor, before)
  addProlonged(sample, P, sample.scale[0]!, y, z)
  smooth(sample, r, z)
  return { before, y, z }
}
