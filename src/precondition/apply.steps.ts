import { float64 } from '../core/shared.ts'
import { ask, type Steps, tick } from '../core/steps.ts'
import { applyLdlt } from '../direct/apply.steps.ts'
import type { LuFactor } from '../direct/kinds.ts'
import { levelsBackward, levelsForward, solveByLevels, solveLu, unscheduled } from '../direct/levels-solve.steps.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { rowsPerBlock } from '../sparse/blocks.ts'
import { residual, takeAnswer } from '../sparse/operator.steps.ts'
import type {
  AnyPreconditioner,
  Chebyshev,
  DiagonalFactor,
  Factor,
  LevelFactor,
  PreconditionerFunction,
  TwoLevel,
} from './kinds.ts'
import { multigrid } from './multigrid.steps.ts'

/** z = M^-1 r; returns r . z, which most preconditioners have on the way. */
export function* precondition(k: Kernels, M: AnyPreconditioner, r: Float64Array, z: Float64Array): Steps<number> {
  if (typeof M === 'function') {
    yield* callUser(M, r, z)
    return k.dot(r, z)
  }
  switch (M.kind) {
    case 'identity':
      z.set(r)
      return k.dot(r, r)
    case 'jacobi':
      return k.scale(M.inverseDiagonal, r, z)
    case 'factor':
      return yield* solveFactor(k, M, r, z)
    case 'levels':
      return yield* solveByLevels(k, M, M, M, r, z)
    case 'diagonals':
      return yield* solveDiagonals(k, M, r, z)
    case 'chebyshev':
      yield* applyChebyshev(k, M, r, z)
      return k.dot(r, z)
    case 'ldlt':
      yield* applyLdlt(k, M, r, z, 1, true)
      return k.dot(r, z)
    case 'lu':
      yield* solveLu(k, M, r, z)
      return k.dot(r, z)
    case 'amg':
      yield* multigrid(k.grain, M, r, z)
      return k.dot(r, z)
    case 'two-level':
      yield* applyTwoLevel(k, M, r, z)
      return k.dot(r, z)
  }
}

function* callUser(M: PreconditionerFunction, r: Float64Array, z: Float64Array): Steps<void> {
  takeAnswer('the preconditioner', yield* ask<unknown>('preconditioner', () => M(r, z)), z)
}

/** M = M1 M2 of a factorization, U^T (D U) or L (D U): y = M1^-1 r, in the numbering of the factor; y is not r. */
export function* forward(k: Kernels, M: AnyPreconditioner, r: Float64Array, y: Float64Array): Steps<void> {
  if (!isSplit(M)) throw new Error('not a factorization')
  if (M.kind === 'factor') yield* factorForward(k, M, r, y)
  else if (M.kind === 'diagonals') yield* diagonalsForward(k, M, r, y)
  else yield* levelsForward(k, M, M.kind === 'lu' ? unscheduled(M.rows) : M, r, y)
}

/** z = M2^-1 y */
export function* backward(k: Kernels, M: AnyPreconditioner, y: Float64Array, z: Float64Array): Steps<void> {
  if (!isSplit(M)) throw new Error('not a factorization')
  if (M.kind === 'levels') yield* levelsBackward(k, M, M, y.slice(), z)
  else if (M.kind === 'lu') yield* levelsBackward(k, M, unscheduled(M.columns), y.slice(), z)
  else {
    z.set(y)
    yield* M.kind === 'factor' ? factorBackward(k, M, z) : diagonalsBackward(k, M, z)
  }
}

export const isIdentity = (M: AnyPreconditioner): boolean => typeof M !== 'function' && M.kind === 'identity'

/** Whether half of M can stand on either side of A. */
export const isSplit = (M: AnyPreconditioner): M is Factor | LevelFactor | DiagonalFactor | LuFactor =>
  typeof M !== 'function' && ['factor', 'levels', 'diagonals', 'lu'].includes(M.kind)

function* solveFactor(k: Kernels, M: Factor, r: Float64Array, z: Float64Array): Steps<number> {
  yield* factorForward(k, M, r, z)
  return yield* factorBackward(k, M, z)
}

function* factorForward(k: Kernels, { upper }: Factor, r: Float64Array, z: Float64Array): Steps<void> {
  const { rows } = upper.pattern
  const block = rowsPerBlock(upper.pattern, k.grain)
  for (let from = 0; from < rows; from += block) {
    k.forwardSolve(upper, r, z, from, Math.min(from + block, rows))
    if (block < rows) yield tick
  }
}

function* factorBackward(k: Kernels, { upper, inverseDiagonal }: Factor, z: Float64Array): Steps<number> {
  const { rows } = upper.pattern
  const block = rowsPerBlock(upper.pattern, k.grain)
  let dot = 0
  for (let to = rows; to > 0; to -= block) {
    dot += k.backwardSolve(upper, inverseDiagonal, z, Math.max(to - block, 0), to)
    if (block < rows) yield tick
  }
  return dot
}

function* solveDiagonals(k: Kernels, M: DiagonalFactor, r: Float64Array, z: Float64Array): Steps<number> {
  yield* diagonalsForward(k, M, r, z)
  return yield* diagonalsBackward(k, M, z)
}

/** How many steps a factor by its diagonals is solved in, and how many of them at a time. */
function diagonalSteps(k: Kernels, { rows, offsets, period, group }: DiagonalFactor['upper']['plan']) {
  const step = period * group
  return { steps: Math.ceil(rows / step), block: Math.max(1, Math.floor(k.grain / ((offsets.length + 2) * step))) }
}

function* diagonalsForward(k: Kernels, { upper }: DiagonalFactor, r: Float64Array, z: Float64Array): Steps<void> {
  const { steps, block } = diagonalSteps(k, upper.plan)
  for (let from = 0; from < steps; from += block) {
    k.diagonalForward(upper, r, z, from, Math.min(from + block, steps))
    yield tick
  }
}

function* diagonalsBackward(k: Kernels, { upper, inverseDiagonal }: DiagonalFactor, z: Float64Array): Steps<number> {
  const { steps, block } = diagonalSteps(k, upper.plan)
  let dot = 0
  for (let to = steps; to > 0; to -= block) {
    dot += k.diagonalBackward(upper, inverseDiagonal, z, Math.max(to - block, 0), to)
    yield tick
  }
  return dot
}

function* applyTwoLevel(k: Kernels, M: TwoLevel, r: Float64Array, z: Float64Array): Steps<void> {
  const { base, aggregates, starts, members, coarse } = M
  yield* precondition(k, base, r, z)
  const count = starts.length - 1
  const [rc, zc] = [float64(count), float64(count)]
  for (let c = 0; c < count; c++) {
    let sum = 0
    for (let m = starts[c]!; m < starts[c + 1]!; m++) sum += r[members[m]!]!
    rc[c] = sum
  }
  yield tick
  yield* applyLdlt(k, coarse, rc, zc, 1, true)
  for (let i = 0; i < z.length; i++) if (aggregates[i]! >= 0) z[i]! += zc[aggregates[i]!]!
}

/** Saad, Iterative Methods for Sparse Linear Systems (2003), Algorithm 12.1, on D^-1 A from a zero start. */
function* applyChebyshev(k: Kernels, M: Chebyshev, r: Float64Array, z: Float64Array): Steps<void> {
  const { matrix, inverseDiagonal, degree } = M
  const theta = (M.largest + M.smallest) / 2
  const delta = (M.largest - M.smallest) / 2
  const sigma = theta / delta
  const d = float64(r.length)
  const t = float64(r.length)
  let rho = 1 / sigma
  k.scale(inverseDiagonal, r, d)
  k.axpby(1 / theta, d, 0, d)
  z.set(d)
  for (let i = 1; i < degree; i++) {
    yield* residual(k, matrix, z, r, t)
    k.scale(inverseDiagonal, t, t)
    const next = 1 / (2 * sigma - rho)
    k.axpby((2 * next) / delta, t, next * rho, d)
    k.axpy(1, d, z)
    rho = next
    yield tick
  }
}
