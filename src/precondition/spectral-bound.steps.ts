import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { Level, LevelMatrix } from './hierarchy.steps.ts'
import { lanczosStart, lanczosSteps } from './lanczos.steps.ts'

const LANCZOS_STEPS = 10
const SAFETY = 1.1 // Lanczos reaches the largest eigenvalue from below
/** Where rows are not more than just diagonally dominant, the bound of their sums is nearly sharp. */
const DOMINANT = 2.05

/**
 * The smoother's D^-1, and a bound of the spectrum of D^-1 A: the largest sum of a row (Gershgorin), or 10 Lanczos
 * steps times 1.1 where those are large. D is the diagonal, or the sums of magnitudes of the rows (l1), where the bound
 * is 1. `diagonalBound` is always that of the diagonal.
 */
export function* spectralBound(
  k: Kernels,
  A: LevelMatrix & { readonly values: Float64Array },
  diagonal: Float64Array,
  l1: boolean,
): Steps<Pick<Level, 'inverseDiagonal' | 'largest'> & { readonly diagonalBound: number }> {
  const { rows, rowPointers, columnIndices, values } = A
  const inverseDiagonal = float64(rows)
  const sums = new Float64Array(l1 ? rows : 0)
  let largest = 0
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) sum += Math.abs(values[at]!)
    inverseDiagonal[i] = 1 / diagonal[i]!
    if (l1) sums[i] = sum
    largest = Math.max(largest, sum / diagonal[i]!)
  }
  yield tick
  if (largest > DOMINANT) {
    const matrix = { pattern: { rows, columns: rows, rowPointers, columnIndices }, values }
    const found = yield* lanczosSteps(k, matrix, inverseDiagonal, lanczosStart(rows), LANCZOS_STEPS, LANCZOS_STEPS)
    largest = Math.min(largest, SAFETY * Math.abs(found.largest))
  }
  const diagonalBound = largest || 1
  if (!l1) return { inverseDiagonal, largest: diagonalBound, diagonalBound }
  for (let i = 0; i < rows; i++) inverseDiagonal[i] = 1 / sums[i]!
  return { inverseDiagonal, largest: 1, diagonalBound }
}
