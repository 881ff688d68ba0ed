import { ask, type Steps, tick } from '../core/steps.ts'
import type { Operator, PlannedMatrix } from '../core/types.ts'
import { checkVector } from '../core/vector.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { rowsPerBlock } from './blocks.ts'

/** What a solver applies: a matrix, or the user's own function. */
export type LinearOperator = PlannedMatrix | Operator

export const isOperator = (A: LinearOperator): A is Operator => typeof (A as Operator).apply === 'function'

/**
 * A user function overwrites `y`, or returns what belongs there; an array of another length would leave a part of y as
 * it was. Other values are what short arrow functions happen to return.
 */
export function takeAnswer(who: string, answer: unknown, y: Float64Array): void {
  if (answer === y || !(Array.isArray(answer) || ArrayBuffer.isView(answer))) return
  y.set(checkVector('krylov', `what ${who} returned`, answer, y.length))
}

/** y = A x */
export function* multiply(k: Kernels, A: LinearOperator, x: Float64Array, y: Float64Array): Steps<void> {
  if (isOperator(A)) return takeAnswer('operator A', yield* ask<unknown>('operator', () => A.apply(x, y)), y)
  const { rows } = A.pattern
  const block = rowsPerBlock(A.pattern, k.grain)
  for (let from = 0; from < rows; from += block) {
    k.spmv(A, x, y, from, Math.min(from + block, rows))
    if (block < rows) yield tick
  }
}

/** y = A x; returns x . y */
export function* multiplyDot(k: Kernels, A: LinearOperator, x: Float64Array, y: Float64Array): Steps<number> {
  if (isOperator(A)) {
    yield* multiply(k, A, x, y)
    return k.dot(x, y)
  }
  const { rows } = A.pattern
  const block = rowsPerBlock(A.pattern, k.grain)
  let dot = 0
  for (let from = 0; from < rows; from += block) {
    dot += k.spmvDot(A, x, y, from, Math.min(from + block, rows))
    if (block < rows) yield tick
  }
  return dot
}

/** y = A x; sums[0] = x . y and sums[1] = y . D y (d empty: D is the identity) */
export function* multiplyDots(
  k: Kernels,
  A: PlannedMatrix,
  d: Float64Array,
  x: Float64Array,
  y: Float64Array,
  sums: Float64Array,
): Steps<void> {
  const { rows } = A.pattern
  const block = rowsPerBlock(A.pattern, k.grain)
  sums.fill(0)
  for (let from = 0; from < rows; from += block) {
    k.spmvDots(A, d, x, y, sums, from, Math.min(from + block, rows))
    if (block < rows) yield tick
  }
}

/** r = b - A x; returns r . r */
export function* residual(
  k: Kernels,
  A: LinearOperator,
  x: Float64Array,
  b: Float64Array,
  r: Float64Array,
): Steps<number> {
  if (isOperator(A)) {
    yield* multiply(k, A, x, r)
    k.axpby(1, b, -1, r)
    return k.dot(r, r)
  }
  const { rows } = A.pattern
  const block = rowsPerBlock(A.pattern, k.grain)
  let square = 0
  for (let from = 0; from < rows; from += block) {
    square += k.residual(A, x, b, r, from, Math.min(from + block, rows))
    if (block < rows) yield tick
  }
  return square
}
