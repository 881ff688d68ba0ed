import { run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { eighOf } from '../dense/eigh.ts'
import { gramOf } from '../dense/gram.ts'
import { times } from '../dense/times.ts'

const NONE = 1e-14 // share of the largest eigenvalue of the Gram matrix that counts as no direction

/** n / rank times the largest leverage of a factor's rows: 1 where all are alike, n / rank where one has a column of its own. */
export function* coherenceOf(method: string, factor: Float64Array, rows: number, rank: number): Steps<number> {
  if (rank === 0 || rows === 0) return 1
  const [Q, w] = [float64(rank * rank), float64(rank)]
  yield* run(gramOf, factor, rank, Q)
  yield* eighOf(method, Q, rank, w, true)
  const least = NONE * w[rank - 1]!
  const kept = w.filter(value => value > least).length
  if (kept === 0) return 1
  const turned = yield* times({ rows, columns: rank, values: factor }, { rows: rank, columns: rank, values: Q })
  let most = 0
  for (let i = 0; i < rows; i++) {
    let leverage = 0
    for (let c = rank - kept; c < rank; c++) leverage += turned.values[i * rank + c]! ** 2 / w[c]!
    most = Math.max(most, leverage)
  }
  return (most * rows) / kept
}
