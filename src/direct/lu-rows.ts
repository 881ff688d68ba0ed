import { int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { gathered, transposition } from '../sparse/transpose.ts'

/** Rows of a triangle in the making, one after the other; columns in no order. */
export class LuRows {
  readonly pointers: Int32Array
  columns: Int32Array
  values: Float64Array
  #rows = 0

  constructor(n: number, entries: number) {
    this.pointers = int32(n + 1)
    this.columns = new Int32Array(entries)
    this.values = new Float64Array(entries)
  }

  /** Makes room for a row of at most `most` entries and returns where it begins. */
  begin(most: number): number {
    const start = this.pointers[this.#rows]!
    if (start + most > this.columns.length) {
      const longer = Math.max(start + most, 2 * this.columns.length)
      const [columns, values] = [new Int32Array(longer), new Float64Array(longer)]
      columns.set(this.columns)
      values.set(this.values)
      this.columns = columns
      this.values = values
    }
    return start
  }

  /** The row ends before entry `end`. */
  end(end: number): void {
    this.pointers[++this.#rows] = end
  }

  /** The triangle, columns renumbered and ascending in each row: transposed twice. */
  *assembled(k: Kernels, place?: Int32Array): Steps<CsrData> {
    const rows = this.#rows
    const count = this.pointers[rows]!
    const columnIndices = this.columns.subarray(0, count)
    for (let from = 0; place !== undefined && from < count; from += k.grain) {
      const to = Math.min(from + k.grain, count)
      for (let at = from; at < to; at++) columnIndices[at] = place[columnIndices[at]!]!
      yield tick
    }
    const across = yield* transposition({ rows, columns: rows, rowPointers: this.pointers, columnIndices })
    const back = yield* transposition(across.pattern)
    const values = yield* gathered(yield* gathered(this.values, across.order), back.order)
    return { pattern: back.pattern, values }
  }
}
