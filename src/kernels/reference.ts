import { basisCombine, basisDots, basisSubtract } from './basis.ts'
import { columnAdvance, columnDots, columnXpby } from './columns.ts'
import { diagonalBackward, diagonalForward } from './diagonals.ts'
import type { Kernels } from './kernels.ts'
import { levelBackward, levelForward } from './levels.ts'
import { residual, spmm, spmv, spmvDot, spmvDots } from './sparse.ts'
import { backwardSolve, forwardSolve } from './triangular.ts'
import { advance, advanceDirection, axpby, axpy, dot, scale } from './vector.ts'

/** The kernels in plain TypeScript: the reference, and the fallback. */
export const reference: Kernels = {
  grain: 500_000, // non-zeros: 2 ms at the 0.25 Gnnz/s that V8 reaches
  spmv,
  spmvDot,
  spmvDots,
  residual,
  spmm,
  dot,
  axpy,
  axpby,
  advance,
  advanceDirection,
  scale,
  columnDots,
  columnXpby,
  columnAdvance,
  basisDots,
  basisSubtract,
  basisCombine,
  forwardSolve,
  backwardSolve,
  levelForward,
  levelBackward,
  diagonalForward,
  diagonalBackward,
}
