import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { svdOf } from '../dense/svd.ts'
import { columnsOf, times } from '../dense/times.ts'

/** A approximated as left right^T. */
export interface Skeleton {
  /** m x k */
  readonly left: Dense
  /** n x k */
  readonly right: Dense
}

const CUT = 32 * Number.EPSILON // of the largest singular value of Y A X, below which the rest is rounding

/**
 * (A X) (Y A X)^+ (Y A): what CUR, generalized Nystrom and two-sided interpolation have in common (Karpowicz 2021). P =
 * A X (Y A X)^+ Y and Q = X (Y A X)^+ Y A are projectors, and P A = A Q is the approximation. Y A X is decomposed and its
 * rounding cut off, which keeps the product stable where it is nearly singular (Nakatsukasa 2020).
 */
export function* skeleton(AX: Dense, YAX: Dense, YA: Dense): Steps<Skeleton> {
  const { rows: m, columns: n } = YAX
  const k = Math.min(m, n)
  const [u, s, v] = [float64(m * k), float64(k), float64(n * k)]
  yield* svdOf(YAX.values, m, n, u, s, v)
  let rank = 0
  while (rank < k && s[rank]! > CUT * s[0]!) rank++
  const V = columnsOf({ rows: n, columns: k, values: v }, 0, rank)
  for (let at = 0; at < V.values.length; at++) V.values[at]! /= s[at % rank]!
  return {
    left: yield* times(AX, V),
    right: yield* times(YA, columnsOf({ rows: m, columns: k, values: u }, 0, rank), 'A'),
  }
}
