import type { Call } from '../core/method.ts'
import { isShared } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { checkFinite, ownVector } from '../core/vector.ts'
import { checkDense } from '../dense/own.ts'
import { DenseMatrix } from './dense-matrix.ts'
import { mayServe } from './gram.ts'
import { climb } from './ladder.ts'
import { Problem } from './problem.ts'
import { finished, type Sides, type Solved, type Wanted } from './sides.ts'
import { inUnits, isOrdinary, normsOf, unitsOf } from './units.ts'

/** A dense problem, in units of its columns where their squares would leave the range of doubles. */
export function* solveDense(call: Call, given: Dense, sides: Sides, { method, seed, ridge }: Wanted): Steps<Solved> {
  const A = yield* borrowed(call, given)
  const matrix = new DenseMatrix(A)
  const problem = new Problem(matrix, sides.B, sides.s, ridge, seed)
  if (!(yield* normsFor(problem, matrix, method)).every(isOrdinary)) {
    checkFinite(call.name, 'A.values', A.values)
    const units = unitsOf(normsOf(A), ridge)
    if (units !== undefined) {
      const scaled = new DenseMatrix(yield* inUnits(A, units))
      const weight = ridge > 0 ? ridge * units[0]! ** 2 : 0
      const answer = yield* climb(new Problem(scaled, sides.B, sides.s, weight, seed), method)
      // a change of each column relative to its own norm is one of A, at most so many times larger
      const backwardError = 2 * Math.sqrt(A.columns) * answer.backwardError
      return finished({ ...answer, backwardError }, sides, units, scaled.reads)
    }
  }
  return finished(yield* climb(problem, method), sides, undefined, matrix.reads)
}

/** Column norms: off the diagonal of A^T A where that comes first anyway. Not finite where an entry is not. */
function* normsFor(problem: Problem, A: DenseMatrix, method: Wanted['method']): Steps<Float64Array> {
  const { m, n, ridge } = problem
  const formed = (m >= n || ridge > 0) && (method === 'gram' || (method === 'auto' && (yield* mayServe(problem))))
  const G = formed ? yield* problem.gram() : undefined
  const squares = G === undefined ? yield* A.columnSquares() : Float64Array.from({ length: n }, (_, j) => G[j * n + j]!)
  return squares.map(square => Math.sqrt(square) || Number.MIN_VALUE) // one that is zero may be of a number too small
}

/** Not copied where it lies on memory that stays: its entries are checked when they are first summed. */
function* borrowed(call: Call, given: Dense): Steps<Dense> {
  const A = checkDense(call.name, 'A', given)
  if (call.form === 'sync' || isShared(A.values)) return A
  return { ...A, values: yield* ownVector(call, 'A.values', A.values, A.values.length) }
}
