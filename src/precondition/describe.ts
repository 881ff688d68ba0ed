import { bytes, bytesOf } from '../core/bytes.ts'
import type { Lu, LuFactor } from '../direct/kinds.ts'
import type { Amg, Chebyshev, DiagonalFactor, Factor, Jacobi, LevelFactor, TwoLevel } from './kinds.ts'

/* What `describe` says of preconditioners, line by line. */

const single = (values: ArrayLike<number>): string => (values instanceof Float32Array ? 'single' : 'double')

export const describeJacobi = (M: Jacobi): readonly string[] => [
  `jacobi: the diagonal of ${M.inverseDiagonal.length} unknowns, ${bytes(bytesOf(M))}`,
]

export const describeFactor = (M: Factor): readonly string[] => [
  `${M.method}: U^T D U of ${M.upper.pattern.rows} unknowns, ${M.upper.values.length} non-zeros in U, ${bytes(bytesOf(M))}`,
  M.blocks > 1
    ? `solved in ${M.blocks} blocks that do not need each other, at the price of what coupled them`
    : 'solved row after row, on one thread',
]

export const describeLevels = (M: LevelFactor): readonly string[] => [
  `${M.method}: U^T D U of ${M.order.length} unknowns, ${M.upper.values.length} non-zeros in U, ${bytes(bytesOf(M))}`,
  `solved in ${M.starts.length - 1} levels of rows that do not need each other, shared out among threads`,
]

export const describeDiagonals = (M: DiagonalFactor): readonly string[] => [
  `${M.method}: U^T D U of ${M.inverseDiagonal.length} unknowns by ${M.upper.plan.offsets.length + 1} diagonals beside the main one, in ` +
    `${M.upper.single.length > 0 ? 'single' : 'double'} precision, ${bytes(bytesOf(M))}`,
  'solved in lanes that follow each other closely, on all threads',
]

export const describeLu = (M: LuFactor & Partial<Pick<Lu, 'zeroPivots'>>): readonly string[] => [
  `${M.method}: L D U of ${M.rows.length} unknowns, ${M.lower.values.length} non-zeros in L and ${M.upper.values.length} in U, ` +
    `${bytes(bytesOf({ ...M, matrix: {} }))}`,
  'solved row after row, on one thread',
  ...(M.zeroPivots === undefined ? [] : [`pivots: ${M.zeroPivots} zero to rounding`]),
]

export const describeChebyshev = ({ degree, smallest, largest, inverseDiagonal }: Chebyshev): readonly string[] => [
  `chebyshev: degree ${degree} for eigenvalues of D^-1 A from ${smallest.toPrecision(3)} to ${largest.toPrecision(3)}, ` +
    `${inverseDiagonal.length} unknowns`,
]

/** Levels, sizes, operator complexity, memory. */
export function describeAmg(M: Amg): readonly string[] {
  const { levels } = M
  const count = levels.length / 4
  const rows = Array.from({ length: count }, (_, l) => levels[4 * l]!)
  const entries = Array.from({ length: count }, (_, l) => levels[4 * l + 1]!)
  const total = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0)
  const complexity = (numbers: readonly number[]) => (total(numbers) / Math.max(1, numbers[0] ?? 1)).toFixed(2)
  const coarsest = M.coarse.length > 0 ? 'factored densely' : 'smoothed'
  return [
    `amg: ${M.cycle.toUpperCase()}-cycle, ${M.smoother} of degree ${M.degree}, ${count} levels in ` +
      `${single(M.values)} precision, ${bytes(bytesOf({ ...M, pattern: {} }))} besides A's pattern`,
    `operator complexity ${complexity(entries)}, grid complexity ${complexity(rows)}`,
    ...rows.map((n, l) => {
      const average = (entries[l]! / Math.max(1, n)).toFixed(1)
      const last = l === count - 1 ? `, ${coarsest}` : ''
      return `level ${l}: ${n} unknowns, ${entries[l]} non-zeros, ${average} a row${last}`
    }),
  ]
}

export const describeTwoLevel = (M: TwoLevel): readonly string[] => [
  `two-level: ${M.aggregates.length} unknowns in ${M.starts.length - 1} aggregates, ${bytes(bytesOf(M))}; coarse factor ` +
    `with ${M.coarse.values.length} entries in its panels`,
]
