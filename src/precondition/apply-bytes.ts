import type { Preconditioner } from './kinds.ts'

/** Bytes that z = M^-1 r moves, counted. */
export function applyBytes(M: Preconditioner): number {
  switch (M.kind) {
    case 'identity':
      return 0
    case 'chebyshev':
      return M.degree * (12 * M.matrix.values.length + 60 * M.inverseDiagonal.length)
    case 'two-level':
      return factorBytes(M.base) + 24 * M.coarse.values.length + 44 * M.aggregates.length
    case 'amg': {
      const [unknowns, entries] = levelTotals(M.levels)
      return 2 * M.degree * (M.finest instanceof Float32Array ? 8 : 12) * entries + 160 * unknowns
    }
    case 'ldlt':
      return 24 * M.values.length + 72 * M.order.length
    default:
      return factorBytes(M)
  }
}

/** Two solves with a triangle: kept by diagonals it has no indices. */
export function factorBytes(M: Preconditioner): number {
  if (M.kind === 'diagonals')
    return 16 * M.upper.values.length + 8 * M.upper.single.length + 64 * M.inverseDiagonal.length
  if (M.kind === 'factor' || M.kind === 'levels')
    return 24 * M.upper.pattern.columnIndices.length + 72 * M.inverseDiagonal.length
  if (M.kind === 'lu') return 12 * (M.lower.values.length + M.upper.values.length) + 72 * M.inverseDiagonal.length
  return 40 * ('inverseDiagonal' in M ? M.inverseDiagonal.length : 0)
}

/** Unknowns and entries of all levels. */
function levelTotals(levels: Int32Array): readonly [unknowns: number, entries: number] {
  let [unknowns, entries] = [0, 0]
  for (let l = 0; l < levels.length; l += 4) {
    unknowns += levels[l]!
    entries += levels[l + 1]!
  }
  return [unknowns, entries]
}
