import { KrylovError } from '../core/errors.ts'
import { float64, int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { Csr } from '../sparse/csr.ts'
import { trust } from '../sparse/pattern.ts'
import type { Budget } from './budget.ts'
import { compressRows } from './compress-rows.ts'
import type { Entries } from './matrix-market.entries.ts'
import type { Header } from './matrix-market.header.ts'

const BLOCK = 1 << 17 // entries: about 2 ms of scattered writes

/**
 * Triplets to compressed rows: one counting sort by row, both triangles of a symmetric file written out. Files are
 * nearly always sorted by column, and then each row comes out sorted.
 */
export function* assembleCsr(header: Header, entries: Entries, budget: Budget): Steps<Csr> {
  const { rows, columns, symmetry } = header
  const { count, rowIndices: i, columnIndices: j, values: a } = entries
  const mirrored = symmetry !== 'general'
  const sign = symmetry === 'skew-symmetric' ? -1 : 1
  const pointers = budget.allocate((rows + 1) * 4, `${rows} rows`, () => int32(rows + 1))

  let stored = count
  for (let from = 0; from < count; from += BLOCK, yield tick) countRows(from, Math.min(from + BLOCK, count))
  if (stored > 2 ** 31 - 1) throw new KrylovError('ERR_MEMORY', `${stored} entries, expected at most ${2 ** 31 - 1}`)
  const columnIndices = budget.allocate(stored * 4, `${stored} entries`, () => int32(stored))
  const values = budget.allocate(stored * 8, `${stored} entries`, () => float64(stored))
  for (let row = 0, sum = 0; row <= rows; row++) {
    const size = pointers[row]!
    pointers[row] = sum
    sum += size
  }
  // each pointer moves from the start of its row to its end, and is then moved down to serve the next row
  for (let from = 0; from < count; from += BLOCK, yield tick) scatter(from, Math.min(from + BLOCK, count))
  pointers.copyWithin(1, 0, rows)
  pointers[0] = 0

  const whole = { rows, columns, rowPointers: pointers, columnIndices }
  const { pattern, values: sums } = yield* compressRows({ pattern: whole, values }, budget)
  const record = { pattern: trust(pattern), values: sums, symmetric: symmetry === 'symmetric' ? 'yes' : 'unknown' }
  return Csr.from(record)

  function countRows(from: number, to: number): void {
    for (let k = from; k < to; k++) {
      pointers[i[k]!]!++
      if (!mirrored || i[k] === j[k]) continue
      pointers[j[k]!]!++
      stored++
    }
  }

  function scatter(from: number, to: number): void {
    for (let k = from; k < to; k++) {
      const at = pointers[i[k]!]!++
      columnIndices[at] = j[k]!
      values[at] = a[k]!
      if (!mirrored || i[k] === j[k]) continue
      const mirror = pointers[j[k]!]!++
      columnIndices[mirror] = i[k]!
      values[mirror] = sign * a[k]!
    }
  }
}

/** The values of an array file, column by column, to a row-major matrix. */
export function* assembleDense(header: Header, entries: Entries, budget: Budget): Steps<Dense> {
  const { rows, columns, symmetry } = header
  const { values: stored, count } = entries
  if (columns === 1 && symmetry === 'general' && stored.length === count) return { rows, columns, values: stored }
  const size = rows * columns
  const values = budget.allocate(size * 8, `${rows} x ${columns} values`, () => float64(size))
  const sign = symmetry === 'skew-symmetric' ? -1 : 1
  let k = 0
  for (let j = 0, since = 0; j < columns; j++) {
    const first = symmetry === 'general' ? 0 : sign < 0 ? j + 1 : j
    for (let i = first; i < rows; i++) {
      const value = stored[k++]!
      if (symmetry !== 'general') values[j * columns + i] = sign * value
      values[i * columns + j] = value
    }
    since += rows
    if (since < BLOCK) continue
    since = 0
    yield tick
  }
  return { rows, columns, values }
}

/** The entries of a coordinate vector, duplicates summed, as one column. */
export function assembleVector({ rows }: Header, entries: Entries, budget: Budget): Dense {
  const { count, rowIndices, values: terms } = entries
  const values = budget.allocate(rows * 8, `${rows} values`, () => float64(rows))
  for (let k = 0; k < count; k++) values[rowIndices[k]!]! += terms[k]!
  return { rows, columns: 1, values }
}
