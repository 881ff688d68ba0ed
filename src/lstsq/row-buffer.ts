import { run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { tsqr } from '../dense/tsqr.ts'

const LEAST = 1024 // rows, and at least four times the columns: as tsqr takes them

/**
 * Rows of [A B] on their way into R: gathered in blocks of fixed height, so that neither bits nor cost depend on the pieces
 * they come in. Workspace: a block.
 */
export class RowBuffer {
  readonly n: number
  readonly s: number
  readonly R: Float64Array
  readonly height: number
  /** Blocks that went into R. */
  blocks = 0
  #rows = 0
  readonly #a: Float64Array
  readonly #b: Float64Array

  constructor(n: number, s: number, R: Float64Array) {
    this.n = n
    this.s = s
    this.R = R
    this.height = Math.max(LEAST, 4 * (n + s))
    this.#a = float64(this.height * n)
    this.#b = float64(this.height * s)
  }

  /** Rows of A, dense or sparse, and of B times `factor`. */
  *add(A: Dense | CsrData, B: Float64Array, factor = 1): Steps<void> {
    const { n, s, height } = this
    const rows = 'pattern' in A ? A.pattern.rows : A.rows
    for (let from = 0; from < rows; ) {
      const count = Math.min(rows - from, height - this.#rows)
      const part = this.#a.subarray(this.#rows * n, (this.#rows + count) * n)
      if ('pattern' in A) scatter(A, from, count, part)
      else part.set(A.values.subarray(from * n, (from + count) * n))
      for (let at = 0, to = this.#rows * s; at < count * s; at++) this.#b[to + at] = B[from * s + at]! * factor
      this.#rows += count
      from += count
      if (this.#rows === height) yield* this.flush()
    }
  }

  /** What is gathered goes into R. */
  *flush(): Steps<void> {
    const { n, s, R } = this
    if (this.#rows === 0) return
    yield* run(tsqr, this.#a.subarray(0, this.#rows * n), n, this.#b.subarray(0, this.#rows * s), s, R)
    this.#rows = 0
    this.blocks++
  }
}

function scatter({ pattern, values }: CsrData, from: number, count: number, rows: Float64Array): void {
  const { columns, rowPointers, columnIndices } = pattern
  rows.fill(0)
  for (let i = 0; i < count; i++)
    for (let at = rowPointers[from + i]!; at < rowPointers[from + i + 1]!; at++)
      rows[i * columns + columnIndices[at]!] = values[at]!
}
