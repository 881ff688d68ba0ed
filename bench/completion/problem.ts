import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { normal, uniform } from '../../src/core/random.ts'
import { int32 } from '../../src/core/shared.ts'
import type { Steps } from '../../src/core/steps.ts'
import type { Dense } from '../../src/core/types.ts'
import { type Observed, qrSync } from '../../src/index.ts'

export const call = { name: 'bench', form: 'sync' as const, control: makeControl('bench', {}) }
export const now = <R>(steps: Steps<R>): R => runSync(steps, call.control)

const JUDGED = 100_000 // entries that were not observed, at most

/** A matrix of low rank, of which so many entries are known, and others to judge by. */
export interface Planted {
  readonly observed: Observed
  readonly unseen: Observed
  /** Relative error on the unseen entries. */
  readonly error: (model: { readonly left: Dense; readonly right: Dense }) => number
}

/** Haar factors, singular values equally spaced in their logarithms from 1 to 1 / kappa, rank entries in each row and column. */
export function planted(
  rows: number,
  columns: number,
  rank: number,
  count: number,
  kappa: number,
  seed: number,
): Planted {
  const haar = (n: number, stream: number): Float64Array =>
    qrSync({ rows: n, columns: rank, values: normal(seed, n * rank, stream) }).q.values
  const [U, V] = [haar(rows, 1), haar(columns, 2)]
  const s = Float64Array.from({ length: rank }, (_, c) => kappa ** (-c / Math.max(1, rank - 1)))
  const at = (place: number): number => {
    const [i, j] = [Math.floor(place / columns), place % columns]
    let sum = 0
    for (let c = 0; c < rank; c++) sum += U[i * rank + c]! * s[c]! * V[j * rank + c]!
    return sum
  }
  const entries = (places: readonly number[]): Observed => ({
    rows,
    columns,
    rowIndices: Int32Array.from(places, place => Math.floor(place / columns)),
    columnIndices: Int32Array.from(places, place => place % columns),
    values: Float64Array.from(places, at),
  })
  const seen = mask(rows, columns, rank, count, seed)
  const others = new Set<number>()
  for (const x of uniform(seed, 2 * JUDGED, 0)) {
    const place = Math.floor(x * rows * columns)
    if (others.size < Math.min(JUDGED, rows * columns - count) && !seen.has(place)) others.add(place)
  }
  const unseen = entries([...others])
  const error = ({ left, right }: { readonly left: Dense; readonly right: Dense }): number => {
    let [wrong, size] = [0, 0]
    for (let e = 0; e < unseen.values.length; e++) {
      let found = 0
      for (let c = 0; c < rank; c++)
        found += left.values[unseen.rowIndices[e]! * rank + c]! * right.values[unseen.columnIndices[e]! * rank + c]!
      wrong += (found - unseen.values[e]!) ** 2
      size += unseen.values[e]! ** 2
    }
    return Math.sqrt(wrong / size)
  }
  return { observed: entries([...seen]), unseen, error }
}

/** So many places, drawn until every row and column has as many as the rank. */
function mask(rows: number, columns: number, rank: number, count: number, seed: number): Set<number> {
  for (let stream = 3; ; stream++) {
    const drawn = uniform(seed, 2 * count, stream)
    const seen = new Set<number>()
    for (let at = 0; seen.size < count; at++) seen.add(Math.floor(drawn[at]! * rows * columns))
    const [inRow, inColumn] = [new Int32Array(rows), new Int32Array(columns)]
    for (const place of seen) {
      inRow[Math.floor(place / columns)]!++
      inColumn[place % columns]!++
    }
    if (inRow.every(n => n >= rank) && inColumn.every(n => n >= rank)) return seen
  }
}

/** An n x n matrix with so many entries in each row, one drawn from each of as many stretches of columns. */
export function spread(n: number, perRow: number, seed: number): Observed {
  const count = n * perRow
  const [rowIndices, columnIndices] = [int32(count), int32(count)]
  const drawn = uniform(seed, count, 1)
  const width = n / perRow
  for (let e = 0; e < count; e++) {
    rowIndices[e] = Math.floor(e / perRow)
    columnIndices[e] = Math.floor((e % perRow) * width) + Math.floor(drawn[e]! * Math.floor(width))
  }
  return { rows: n, columns: n, rowIndices, columnIndices, values: uniform(seed, count, 2) }
}
