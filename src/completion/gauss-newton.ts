import { refuse } from '../core/errors.ts'
import { run } from '../core/method.ts'
import { copied, float64, int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { beside } from '../dense/times.ts'
import { lsqrMethod } from '../krylov/lsqr.ts'
import { truncated } from '../lowrank/truncate.ts'
import { Csr } from '../sparse/csr.ts'
import { type SparsityPattern, trust } from '../sparse/pattern.ts'
import { transposed } from '../sparse/transposed.ts'
import type { Factors } from './model.ts'
import { type Problem, residual } from './problem.ts'

const INNER = 800 // steps of LSQR at most: with 2000 half as many matrices are found where entries are fewest
const LOOSE = 1e-5 // of the values' norm: from such errors on, steps are as accurate as they need to be
const FINEST = 1e-15
const PER_TICK = 1 << 18 // entries

/**
 * Gauss-Newton matrix recovery (Zilber and Nadler 2022, in the form that sets the factors): of all (A, B) that minimise
 * ||P(A V^T + U B^T - U V^T) - X||^2, on the observed entries, those of least norm are the next U and V, by LSQR. What is
 * estimated is not their product but the matrix of the wanted rank nearest to A V^T + U B^T - U V^T: near the end it has the
 * square of the product's error. With a ridge that is LSQR's damping. 16 |Omega| k flops for each step of LSQR; the
 * linear problem is stored: 48 |Omega| k bytes.
 */
export class GaussNewton {
  readonly #problem: Problem
  readonly #factors: Factors
  readonly #pattern: SparsityPattern
  /** Before the estimate is taken. */
  #U: Float64Array
  #V: Float64Array
  #error = 1

  constructor(method: string, problem: Problem, factors: Factors) {
    this.#problem = problem
    this.#factors = factors
    this.#U = copied(factors.left)
    this.#V = copied(factors.right)
    this.#pattern = linearPattern(method, problem.observed.byRow.pattern, factors.rank)
  }

  /** One step; returns the sum of squares of the estimate's errors. */
  *step(): Steps<number> {
    const { byRow, rowWeights } = this.#problem.observed
    const { rank } = this.#factors
    const [U, V] = [this.#U, this.#V]
    const values = float64(this.#pattern.columnIndices.length)
    const rhs = copied(byRow.values)
    const { rows, rowPointers, columnIndices } = byRow.pattern
    for (let i = 0, at = 0; i < rows; i++) {
      for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) {
        const root = rowWeights.length === 0 ? 1 : Math.sqrt(rowWeights[e]!)
        const [u, v] = [i * rank, columnIndices[e]! * rank]
        let product = 0
        for (let c = 0; c < rank; c++) {
          values[at + c] = root * V[v + c]!
          values[at + rank + c] = root * U[u + c]!
          product += U[u + c]! * V[v + c]!
        }
        rhs[e] = root * (rhs[e]! + product)
        at += 2 * rank
        if (e % PER_TICK === PER_TICK - 1) yield tick
      }
    }
    const A = Csr.from({ pattern: this.#pattern, values })
    const x = float64(A.columns)
    const rtol = this.#error < LOOSE ? Math.max(FINEST, this.#error ** 2) : FINEST
    const stopping = { rtol, atol: 0, maxIterations: INNER, warm: false, history: false, slow: 0 }
    const damp = Math.sqrt(this.#problem.ridge)
    const { reason } = yield* run(lsqrMethod, A, yield* transposed(A), rhs, x, damp, stopping)
    if (reason !== 'time-limit' && reason !== 'not-finite') yield* this.#set(x)
    const square = yield* residual(this.#problem, this.#factors)
    this.#error = Math.sqrt(square / this.#problem.weight) / this.#problem.size
    return square
  }

  /** Takes the solution of a step, and the estimate from it. */
  *#set(x: Float64Array): Steps<void> {
    const { rank } = this.#factors
    const { rows, columns } = this.#problem.observed.byRow
    const dense = (values: Float64Array): Dense => ({ rows: values.length / rank, columns: rank, values })
    const [U, V] = [dense(this.#U), dense(this.#V)]
    const [A, B] = [dense(copied(x.subarray(0, rows * rank))), dense(copied(x.subarray(rows * rank)))]
    const change = dense(B.values.map((value, at) => value - V.values[at]!))
    const { u, s, v } = yield* truncated({ left: beside(rows, [A, U]), right: beside(columns, [V, change]) }, rank)
    for (const side of [u.values, v.values])
      for (let at = 0; at < side.length; at++) side[at]! *= Math.sqrt(s[at % rank]!)
    this.#factors.left = u.values
    this.#factors.right = v.values
    this.#U = A.values
    this.#V = B.values
  }
}

/** Where the linear problem's entries are: a row for each observation, a column for each entry of U, then of V. */
function linearPattern(method: string, { rows, columns, rowPointers, columnIndices }: SparsityPattern, rank: number) {
  const count = columnIndices.length
  if (2 * rank * count > 2 ** 31 - 1)
    throw refuse('ERR_OPTION', method, 'option rank', `at most ${Math.floor(2 ** 30 / count)} of 'gnmr'`, rank)
  const pointers = int32(count + 1)
  const indices = int32(2 * rank * count)
  for (let i = 0; i < rows; i++)
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) {
      pointers[e + 1] = 2 * rank * (e + 1)
      for (let c = 0; c < rank; c++) {
        indices[2 * rank * e + c] = i * rank + c
        indices[2 * rank * e + rank + c] = (rows + columnIndices[e]!) * rank + c
      }
    }
  return trust({ rows: count, columns: (rows + columns) * rank, rowPointers: pointers, columnIndices: indices })
}
