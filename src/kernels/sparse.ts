import type { CsrData, PlannedMatrix } from '../core/types.ts'
import { spmvCsr } from './csr.ts'
import { multiplyRuns } from './runs.ts'
import { spmvSell } from './sell.ts'

/** y = A x on rows [from, to), by the plan of A. */
export function spmv(A: PlannedMatrix, x: Float64Array, y: Float64Array, from: number, to: number): void {
  const { plan } = A
  if (plan?.kind === 'runs') multiplyRuns(plan, x, y, 1, from, to)
  else if (plan?.kind === 'sell') spmvSell(A, plan, x, y, from, to)
  else spmvCsr(A, x, y, from, to)
}

/** y = A x on rows [from, to); returns the part of x . y there. */
export function spmvDot(A: PlannedMatrix, x: Float64Array, y: Float64Array, from: number, to: number): number {
  if (hasPlan(A)) {
    let dot = 0
    eachTile(from, to, (first, end) => {
      spmv(A, x, y, first, end)
      for (let i = first; i < end; i++) dot += x[i]! * y[i]!
    })
    return dot
  }
  const { rowPointers, columnIndices } = A.pattern
  const { values } = A
  let dot = 0
  for (let i = from, k = rowPointers[from]!; i < to; i++) {
    let sum = 0
    for (const end = rowPointers[i + 1]!; k < end; k++) sum += values[k]! * x[columnIndices[k]!]!
    y[i] = sum
    dot += x[i]! * sum
  }
  return dot
}

/** y = A x on rows [from, to); adds x . y and y . D y there to sums[0] and sums[1]. */
export function spmvDots(
  A: PlannedMatrix,
  d: Float64Array,
  x: Float64Array,
  y: Float64Array,
  sums: Float64Array,
  from: number,
  to: number,
): void {
  const plain = d.length === 0
  let xy = 0
  let yDy = 0
  if (hasPlan(A)) {
    eachTile(from, to, (first, end) => {
      spmv(A, x, y, first, end)
      for (let i = first; i < end; i++) {
        const sum = y[i]!
        xy += x[i]! * sum
        yDy += plain ? sum * sum : sum * d[i]! * sum
      }
    })
    sums[0]! += xy
    sums[1]! += yDy
    return
  }
  const { rowPointers, columnIndices } = A.pattern
  const { values } = A
  for (let i = from, k = rowPointers[from]!; i < to; i++) {
    let sum = 0
    for (const end = rowPointers[i + 1]!; k < end; k++) sum += values[k]! * x[columnIndices[k]!]!
    y[i] = sum
    xy += x[i]! * sum
    yDy += plain ? sum * sum : sum * d[i]! * sum
  }
  sums[0]! += xy
  sums[1]! += yDy
}

/** r = b - A x on rows [from, to); returns the part of r . r there. */
export function residual(
  A: PlannedMatrix,
  x: Float64Array,
  b: Float64Array,
  r: Float64Array,
  from: number,
  to: number,
): number {
  let square = 0
  eachTile(from, to, (first, end) => {
    spmv(A, x, r, first, end)
    for (let i = first; i < end; i++) {
      const difference = b[i]! - r[i]!
      r[i] = difference
      square += difference * difference
    }
  })
  return square
}

const TILE = 2048 // rows: 16 KB a vector, so that what a product wrote is in L1 still

function eachTile(from: number, to: number, act: (first: number, end: number) => void): void {
  for (let first = from; first < to; first += TILE) act(first, Math.min(first + TILE, to))
}

const hasPlan = ({ plan }: PlannedMatrix): boolean => plan !== undefined && plan.kind !== 'csr'

/**
 * Y = A X on rows [from, to), X and Y row-major with `s` columns: A is read once for all of them. Slices do not serve
 * here: neighbouring rows, and with them the rows of X that they share, lie apart in them.
 */
export function spmm(A: PlannedMatrix, X: Float64Array, Y: Float64Array, s: number, from: number, to: number): void {
  if (A.plan?.kind === 'runs') multiplyRuns(A.plan, X, Y, s, from, to)
  else spmmCsr(A, X, Y, s, from, to)
}

function spmmCsr(A: CsrData, X: Float64Array, Y: Float64Array, s: number, from: number, to: number): void {
  const { rowPointers, columnIndices } = A.pattern
  const { values } = A
  for (let i = from, k = rowPointers[from]!; i < to; i++) {
    const row = i * s
    Y.fill(0, row, row + s)
    for (const end = rowPointers[i + 1]!; k < end; k++) {
      const a = values[k]!
      const source = columnIndices[k]! * s
      for (let c = 0; c < s; c++) Y[row + c]! += a * X[source + c]!
    }
  }
}
