import { normal, uniform } from '../../src/core/random.ts'
import type { Dense } from '../../src/core/types.ts'
import type { Observed } from '../../src/index.ts'
import { qrSync } from '../../src/index.ts'

/** A matrix of low rank of which some entries are seen. */
export interface Partial {
  readonly observed: Observed
  /** Entry (i, j) of the whole matrix. */
  readonly at: (i: number, j: number) => number
  readonly seen: (i: number, j: number) => boolean
}

/** Haar factors, singular values log-spaced from 1 to 1 / kappa, entries seen with probability `share`. */
export function partial(
  rows: number,
  columns: number,
  rank: number,
  share: number,
  kappa: number,
  seed: number,
): Partial {
  const haar = (n: number, stream: number): Float64Array =>
    qrSync({ rows: n, columns: rank, values: normal(seed, n * rank, stream) }).q.values
  const [U, V] = [haar(rows, 1), haar(columns, 2)]
  const s = Float64Array.from({ length: rank }, (_, c) => kappa ** (-c / Math.max(1, rank - 1)))
  const drawn = uniform(seed, rows * columns, 3)
  const at = (i: number, j: number): number => {
    let sum = 0
    for (let c = 0; c < rank; c++) sum += U[i * rank + c]! * s[c]! * V[j * rank + c]!
    return sum
  }
  const seen = (i: number, j: number) => drawn[i * columns + j]! < share
  return { observed: entriesOf(rows, columns, at, seen), at, seen }
}

/** So many entries, drawn until every row and column has as many as the rank; the rest as in {@link partial}. */
export function scarce(
  rows: number,
  columns: number,
  rank: number,
  oversampling: number,
  kappa: number,
  seed: number,
): Partial {
  const whole = partial(rows, columns, rank, 0, kappa, seed)
  const count = Math.round(oversampling * rank * (rows + columns - rank))
  for (let stream = 4; ; stream++) {
    const drawn = uniform(seed, rows * columns, stream)
    const bound = drawn.slice().sort()[count]!
    const seen = (i: number, j: number) => drawn[i * columns + j]! < bound
    const [inRow, inColumn] = [new Int32Array(rows), new Int32Array(columns)]
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        if (seen(i, j)) {
          inRow[i]!++
          inColumn[j]!++
        }
    if (inRow.every(n => n >= rank) && inColumn.every(n => n >= rank))
      return { observed: entriesOf(rows, columns, whole.at, seen), at: whole.at, seen }
  }
}

/** The entries for which `seen` holds. */
export function entriesOf(
  rows: number,
  columns: number,
  at: (i: number, j: number) => number,
  seen: (i: number, j: number) => boolean,
): Observed {
  const [rowIndices, columnIndices, values]: [number[], number[], number[]] = [[], [], []]
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      if (seen(i, j)) {
        rowIndices.push(i)
        columnIndices.push(j)
        values.push(at(i, j))
      }
  return { rows, columns, rowIndices, columnIndices, values }
}

/** Relative error on the entries that were not seen. */
export function unseenError({ at, seen }: Partial, { left, right }: { left: Dense; right: Dense }): number {
  let [error, size] = [0, 0]
  const r = left.columns
  for (let i = 0; i < left.rows; i++)
    for (let j = 0; j < right.rows; j++) {
      if (seen(i, j)) continue
      let found = 0
      for (let c = 0; c < r; c++) found += left.values[i * r + c]! * right.values[j * r + c]!
      error += (found - at(i, j)) ** 2
      size += at(i, j) ** 2
    }
  return Math.sqrt(error / size)
}
