import { float64, int32 } from '../core/shared.ts'
import type { CsrData } from '../core/types.ts'
import { transposeArrays } from '../sparse/transpose.ts'

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

  /** The triangle, columns renumbered and ascending in each row. */
  assembled(place?: Int32Array): CsrData {
    const rows = this.#rows
    const count = this.pointers[rows]!
    const columnIndices = this.columns.subarray(0, count)
    if (place !== undefined) for (let at = 0; at < count; at++) columnIndices[at] = place[columnIndices[at]!]!
    const values = float64(count)
    values.set(this.values.subarray(0, count))
    const pattern = { rows, columns: rows, rowPointers: this.pointers, columnIndices }
    return transposeArrays(transposeArrays({ pattern, values }))
  }
}
