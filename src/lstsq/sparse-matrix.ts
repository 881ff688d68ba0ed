import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, PlannedMatrix } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { ColumnSketch } from '../sketch/apply.steps.ts'
import { addSketch } from '../sketch/left.ts'
import { multiply, residual } from '../sparse/operator.steps.ts'
import type { ReadMatrix } from './matrix.ts'
import { RowBuffer } from './row-buffer.ts'

/** A sparse matrix and its transpose, as least squares reads them. */
export class SparseMatrix implements ReadMatrix {
  reads = 0
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
  readonly k: Kernels
  readonly A: PlannedMatrix
  readonly At: PlannedMatrix

  constructor(k: Kernels, A: PlannedMatrix, At: PlannedMatrix) {
    this.k = k
    this.A = A
    this.At = At
    this.rows = A.pattern.rows
    this.columns = A.pattern.columns
    this.values = A.values
  }

  *pass(X: Float64Array, B: Float64Array, W: Float64Array, Y: Float64Array, s: number): Steps<Float64Array> {
    const squares = new Float64Array(s)
    for (let c = 0; c < s; c++) {
      this.reads += 2
      const one = (values: Float64Array) => (s === 1 ? values : column(values, s, c))
      const [x, b, w, y] = [one(X), one(B), one(W), one(Y)]
      if (B.length > 0) squares[c] = yield* residual(this.k, this.A, x, b, w)
      else {
        yield* multiply(this.k, this.A, x, w)
        squares[c] = this.k.dot(w, w)
      }
      yield* multiply(this.k, this.At, w, y)
      if (s === 1) continue
      for (let i = 0; i < this.rows; i++) W[i * s + c] = w[i]!
      for (let j = 0; j < this.columns; j++) Y[j * s + c] = y[j]!
    }
    return squares
  }

  *triangle(B: Float64Array, s: number, R: Float64Array): Steps<void> {
    this.reads++
    const rows = new RowBuffer(this.columns, s, R)
    yield* rows.add(this.A as CsrData, B)
    yield* rows.flush()
  }

  *sketch(S: ColumnSketch, C: Float64Array): Steps<void> {
    this.reads++
    yield* addSketch(S, this.A, 0, C)
  }
}

function column(values: Float64Array, s: number, c: number): Float64Array {
  const one = float64(values.length / s)
  for (let i = 0; i < one.length; i++) one[i] = values[i * s + c]!
  return one
}
