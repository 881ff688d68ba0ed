import { run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { eighOf } from '../dense/eigh.ts'
import { gramOf } from '../dense/gram.ts'
import { times } from '../dense/times.ts'
import type { Factors } from './model.ts'

const SAFE = 1e-12 // share of the largest eigenvalue from which on columns may be rescaled

/**
 * Turns both factors so that their product stays and their Gram matrices are diagonal, columns descending: alike where
 * `balanced`, which no ridge makes dearer; else only that of the right one, by a rotation, which changes no penalty.
 */
export function* canonical(method: string, factors: Factors, balanced: boolean): Steps<void> {
  const { rank } = factors
  if (rank === 0) return
  const right = yield* gramEigen(method, factors.right, rank)
  const regular = balanced && right.w[rank - 1]! > SAFE * right.w[0]!
  const [shrink, grow] = [right.w.map(w => (regular ? w ** -0.5 : 1)), right.w.map(w => (regular ? w ** 0.5 : 1))]
  const turned = [scaledColumns(right.Q, grow), scaledColumns(right.Q, shrink)] as const
  if (!regular) {
    factors.left = yield* turn(factors.left, right.Q)
    factors.right = yield* turn(factors.right, right.Q)
    return
  }
  const whole = yield* turn(factors.left, turned[0])
  const left = yield* gramEigen(method, whole, rank)
  if (!(left.w[rank - 1]! > SAFE * left.w[0]!)) return
  const root = left.w.map(w => w ** 0.25)
  const P = [
    scaledColumns(
      left.Q,
      root.map(x => 1 / x),
    ),
    scaledColumns(left.Q, root),
  ] as const
  factors.left = yield* turn(whole, P[0])
  factors.right = yield* turn(factors.right, yield* times(turned[1], P[1]))
}

function* turn(factor: Float64Array, Q: Dense): Steps<Float64Array> {
  const { values } = yield* times({ rows: factor.length / Q.rows, columns: Q.rows, values: factor }, Q)
  return values
}

const square = (values: Float64Array): Dense => {
  const n = Math.round(Math.sqrt(values.length))
  return { rows: n, columns: n, values }
}

/** Eigenvectors and eigenvalues of F^T F, descending. */
function* gramEigen(method: string, factor: Float64Array, rank: number) {
  const [G, ascending] = [float64(rank * rank), float64(rank)]
  yield* run(gramOf, factor, rank, G)
  yield* eighOf(method, G, rank, ascending, true)
  const Q = float64(rank * rank)
  for (let i = 0; i < rank; i++) for (let c = 0; c < rank; c++) Q[i * rank + c] = G[i * rank + rank - 1 - c]!
  return { Q: square(Q), w: Float64Array.from(ascending).reverse() }
}

function scaledColumns({ rows, columns, values }: Dense, by: Float64Array): Dense {
  const scaled = float64(values.length)
  for (const [at, value] of values.entries()) scaled[at] = value * by[at % columns]!
  return { rows, columns, values: scaled }
}
