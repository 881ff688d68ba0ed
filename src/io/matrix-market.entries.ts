import { float64 } from '../core/shared.ts'
import type { Budget } from './budget.ts'
import type { Header } from './matrix-market.header.ts'

const FIRST = 1 << 16 // entries: what a file may claim without showing any

/** The entries read so far: triplets of a coordinate file, bare values (column by column) of an array file. */
export class Entries {
  rowIndices = new Int32Array(0)
  columnIndices = new Int32Array(0)
  values: Float64Array = new Float64Array(0)
  count = 0
  private capacity = 0
  private readonly budget: Budget
  private readonly most: number
  private readonly triplets: boolean

  constructor(header: Header, budget: Budget) {
    this.budget = budget
    this.most = header.entries
    this.triplets = header.format === 'coordinate'
  }

  /** Makes room for `n` entries: exactly where the file is known to hold them, else at least double. */
  reserve(n: number, exactly: boolean): void {
    if (n <= this.capacity) return
    const capacity = Math.min(this.most, exactly ? n : Math.max(n, FIRST, 2 * this.capacity))
    const { rowIndices, columnIndices, values } = this
    if (this.triplets) {
      this.rowIndices = this.grow(rowIndices, capacity, n => new Int32Array(n))
      this.columnIndices = this.grow(columnIndices, capacity, n => new Int32Array(n))
    }
    this.values = this.grow(values, capacity, float64)
    this.capacity = capacity
  }

  private grow<T extends Int32Array | Float64Array>(old: T, capacity: number, make: (n: number) => T): T {
    const bytes = capacity * old.BYTES_PER_ELEMENT
    const fresh = this.budget.allocate(bytes, `${capacity} entries`, () => make(capacity))
    fresh.set(old.subarray(0, this.count))
    this.budget.give(old.byteLength)
    return fresh
  }
}
