import { run } from '../core/method.ts'
import { float64, int32 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { qrOf } from '../dense/qr.ts'
import { type Svd, svdOf } from '../dense/svd.ts'
import { columnsOf, times } from '../dense/times.ts'
import type { Skeleton } from './skeleton.ts'

/** The leading singular triplets of left right^T, `rank` of them or all. */
export function* truncated({ left, right }: Skeleton, rank = left.columns): Steps<Svd> {
  const [L, R] = [yield* reduced(left), yield* reduced(right)]
  const core = yield* times(L.r, R.r, 'B')
  const { rows: m, columns: n } = core
  const k = Math.min(m, n)
  const [u, s, v] = [float64(m * k), float64(k), float64(n * k)]
  yield* svdOf(core.values, m, n, u, s, v)
  const count = Math.min(rank, k)
  return {
    u: yield* times(L.q, columnsOf({ rows: m, columns: k, values: u }, 0, count)),
    s: s.slice(0, count),
    v: yield* times(R.q, columnsOf({ rows: n, columns: k, values: v }, 0, count)),
  }
}

/** A = q r. */
export function* reduced({ rows: m, columns: n, values }: Dense): Steps<{ q: Dense; r: Dense }> {
  const k = Math.min(m, n)
  const [q, r] = [float64(m * k), float64(k * n)]
  yield* run(qrOf, values, m, n, q, r, int32(0))
  return { q: { rows: m, columns: k, values: q }, r: { rows: k, columns: n, values: r } }
}
