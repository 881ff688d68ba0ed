import { run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { columnNorms } from '../dense/column-norms.ts'
import { gemmInto } from '../dense/gemm.ts'
import { gramOf } from '../dense/gram.ts'
import { normalPass } from '../dense/normal-pass.ts'
import { tsqr } from '../dense/tsqr.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { ColumnSketch } from '../sketch/apply.steps.ts'
import { addSketch } from '../sketch/left.ts'
import type { ReadMatrix } from './matrix.ts'

/** A dense matrix, as least squares reads it: one pass each. */
export class DenseMatrix implements ReadMatrix {
  reads = 0
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array

  constructor({ rows, columns, values }: Dense) {
    this.rows = rows
    this.columns = columns
    this.values = values
  }

  *pass(X: Float64Array, B: Float64Array, W: Float64Array, Y: Float64Array, s: number): Steps<Float64Array> {
    const { rows: m, columns: n, values } = this
    this.reads++
    if (s === 1) return Float64Array.of(yield* run(normalPass, values, n, X, B, W, Y))
    this.reads++
    if (B.length > 0) W.set(B)
    const [alpha, beta] = B.length > 0 ? [-1, 1] : [1, 0]
    yield* run(gemmInto, alpha, values, false, X, false, beta, W, m, s, n)
    yield* run(gemmInto, 1, values, true, W, false, 0, Y, n, s, m)
    return columnNorms(W, s).map(norm => norm * norm)
  }

  *gram(from: number, to: number): Steps<Float64Array> {
    const { columns: n, values } = this
    if (to === this.rows) this.reads++
    const G = float64(n * n)
    yield* run(gramOf, values.subarray(from * n, to * n), n, G)
    return G
  }

  /** The squares of the column norms. */
  *columnSquares(): Steps<Float64Array> {
    const { columns: n, values } = this
    const k = (yield { kind: 'kernels' }) as Kernels
    this.reads++
    const squares = float64(n)
    const sums = float64(n)
    const step = Math.max(1, Math.floor(k.grain / Math.max(1, n))) * n
    for (let from = 0; from < values.length; from += step) {
      const rows = values.subarray(from, from + step)
      k.columnDots(rows, rows, sums)
      for (let j = 0; j < n; j++) squares[j]! += sums[j]!
      yield tick
    }
    return squares
  }

  *triangle(B: Float64Array, s: number, R: Float64Array): Steps<void> {
    this.reads++
    yield* run(tsqr, this.values, this.columns, B, s, R)
  }

  *sketch(S: ColumnSketch, C: Float64Array): Steps<void> {
    this.reads++
    yield* addSketch(S, this, 0, C)
  }
}
