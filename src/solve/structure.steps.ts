import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { rowsPerBlock } from '../sparse/blocks.ts'
import { examineSteps, type MatrixFacts } from '../sparse/examine.steps.ts'

/** What one pass over a square matrix says of how it can be solved. */
export interface Structure {
  /** Entries off the diagonal that are not zero. */
  readonly couplings: number
  /** Diagonal entries that are zero or not stored. */
  readonly zeroDiagonal: number
  /** Diagonal entries below zero, or zero in a row with couplings: A has a negative eigenvalue. */
  readonly negativeDiagonal: number
  /** Smallest and largest diagonal entry. */
  readonly smallest: number
  readonly largest: number
  /** Share of the off-diagonal magnitude that is positive: 0 for an M-matrix. */
  readonly positive: number
  /** min (a_ii - sum |a_ij|) / a_ii over rows with a positive diagonal: above 0 the matrix is positive definite. */
  readonly dominance: number
  /** Share of the rows with a_ii >= sum |a_ij|, up to rounding. */
  readonly dominant: number
  /** max |sum_j a_ij| / sum_j |a_ij|: rounding where constants are in the null space. */
  readonly rowSum: number
  /** Most couplings of a row. */
  readonly longest: number
  /** Entries left of the diagonal from the first of each row on, and the sum of the squares of their numbers. */
  readonly profile: number
  readonly squares: number
}

export interface Look {
  readonly facts: MatrixFacts
  readonly structure: Structure
}

/** Of a matrix that is not looked at: one that is not square, or not finite. */
export const unseen: Structure = {
  ...{
    couplings: 0,
    zeroDiagonal: 0,
    negativeDiagonal: 0,
    positive: 0,
    dominance: 1,
    dominant: 1,
    rowSum: 0,
    longest: 0,
  },
  ...{ smallest: Number.POSITIVE_INFINITY, largest: Number.NEGATIVE_INFINITY, profile: 0, squares: 0 },
}

/** Both passes in one call, which costs as much as a pass over a small matrix. */
export function* lookSteps(k: Kernels, A: CsrData): Steps<Look> {
  const facts = yield* examineSteps(k, A)
  const square = A.pattern.rows === A.pattern.columns
  return { facts, structure: square && facts.notFinite < 0 ? yield* structureSteps(k, A) : unseen }
}

const ROUNDING = 1e-12

/** Signs, dominance, row sums and lengths. Traffic: 12 nnz bytes. */
function* structureSteps(k: Kernels, A: CsrData): Steps<Structure> {
  const { rows, rowPointers, columnIndices } = A.pattern
  const block = rowsPerBlock(A.pattern, k.grain)
  let [couplings, zeroDiagonal, negativeDiagonal, longest, dominantRows] = [0, 0, 0, 0, 0]
  let [smallest, largest, dominance] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1]
  let [positive, total, rowSum, profile, squares] = [0, 0, 0, 0, 0]
  for (let i = 0; i < rows; i++) {
    let [diagonal, above, below, count] = [0, 0, 0, 0]
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) {
      const a = A.values[at]!
      if (columnIndices[at] === i) diagonal = a
      else if (a !== 0) {
        count++
        if (a > 0) above += a
        else below -= a
      }
    }
    const off = above + below
    const begin = rowPointers[i]!
    const left = begin < rowPointers[i + 1]! ? Math.max(0, i - columnIndices[begin]!) : 0
    profile += left
    squares += left * left
    couplings += count
    positive += above
    total += off
    if (count > longest) longest = count
    if (diagonal === 0) zeroDiagonal++
    if (diagonal < 0 || (diagonal === 0 && count > 0)) negativeDiagonal++
    if (diagonal < smallest) smallest = diagonal
    if (diagonal > largest) largest = diagonal
    const share = diagonal > 0 ? (diagonal - off) / diagonal : -1
    if (share < dominance) dominance = share
    if (share >= -ROUNDING) dominantRows++
    const size = Math.abs(diagonal) + off
    const sum = size > 0 ? Math.abs(diagonal + above - below) / size : 0
    if (sum > rowSum) rowSum = sum
    if (i % block === block - 1) yield tick
  }
  const [share, dominant] = [total > 0 ? positive / total : 0, rows > 0 ? dominantRows / rows : 1]
  return {
    ...{ couplings, zeroDiagonal, negativeDiagonal, smallest, largest },
    ...{ positive: share, dominance, dominant, rowSum, longest },
    ...{ profile, squares },
  }
}
