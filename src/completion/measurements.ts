import { refuse } from '../core/errors.ts'
import { run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { float64 } from '../core/shared.ts'
import { ask, type Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { gemmInto } from '../dense/gemm.ts'

/** Measurements of an n x n matrix by functions: `apply` gives <A_i, X> for all i, `adjoint` sum y_i A_i. */
export interface SensingOperator {
  readonly size: number
  apply(X: Float64Array): Float64Array | Promise<Float64Array>
  adjoint(y: Float64Array): Float64Array | Promise<Float64Array>
}

/** Measurements of n x n matrices, however they were given. */
export interface Measured {
  readonly n: number
  readonly m: number
  readonly apply: (X: Dense) => Steps<Float64Array>
  readonly adjoint: (y: Float64Array) => Steps<Dense>
}

/** Measurements by a stack of matrices. */
export function byStack(name: string, stack: Dense): Measured {
  const n = Math.round(Math.sqrt(stack.columns))
  if (n < 1 || n * n !== stack.columns)
    throw refuse('ERR_SHAPE', name, 'operator.columns', 'the square of a positive integer', stack.columns)
  const m = stack.rows
  return {
    n,
    m,
    *apply(X) {
      const y = float64(m)
      yield* run(gemmInto, 1, stack.values, false, X.values, false, 0, y, m, 1, n * n)
      return y
    },
    *adjoint(y) {
      const values = float64(n * n)
      yield* run(gemmInto, 1, y, false, stack.values, false, 0, values, 1, n * n, m)
      return { rows: n, columns: n, values }
    },
  }
}

/** Measurements by functions. */
export function byFunctions(name: string, operator: SensingOperator, values: ArrayLike<number>): Measured {
  if (typeof operator?.apply !== 'function' || typeof operator.adjoint !== 'function')
    throw refuse('ERR_TYPE', name, 'operator', 'a dense stack, or { size, apply, adjoint }', operator)
  const n = integerOption(name, 'operator.size', operator.size, 1, 1 << 15)
  const m = values?.length
  if (!Number.isInteger(m)) throw refuse('ERR_TYPE', name, 'values', 'a list of numbers', values)
  const checked = (what: string, list: unknown, length: number): Float64Array => {
    const vector = checkVector(name, what, list, length)
    checkFinite(name, what, vector)
    return Float64Array.from(vector)
  }
  return {
    n,
    m,
    *apply(X) {
      return checked('operator.apply(X)', yield* ask('operator.apply', () => operator.apply(X.values.slice())), m)
    },
    *adjoint(y) {
      const got = yield* ask('operator.adjoint', () => operator.adjoint(Float64Array.from(y)))
      const values = float64(n * n)
      values.set(checked('operator.adjoint(y)', got, n * n))
      return { rows: n, columns: n, values }
    },
  }
}

/** How much a measurement takes in: |A(Z)|^2 / (m |Z|^2), 1 where that is nothing. */
export function* powerOf(measured: Measured, Z: Dense): Steps<number> {
  const square = norm(Z.values) ** 2
  const found = norm(yield* measured.apply(Z)) ** 2 / (measured.m * square)
  return found > 0 && found < Number.POSITIVE_INFINITY ? found : 1
}

/** The Euclidean norm. */
export const norm = (list: Float64Array): number => Math.sqrt(list.reduce((sum, x) => sum + x * x, 0))
