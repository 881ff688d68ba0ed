import type { Steps } from '../core/steps.ts'
import { gemmSteps } from '../dense/gemm.steps.ts'
import { qrSteps } from '../dense/qr.steps.ts'
import { exchangeRows, transposed } from '../dense/rows.ts'
import { solveTriangularSteps } from '../dense/triangular.steps.ts'
import type { Kernels } from '../kernels/kernels.ts'

/**
 * A P = Q R, Q m x k and R k x n, pivots in blocks of b from a sketch Y of A's rows, d x n, d >= b, which is overwritten; all by
 * rows: Melnichenko, Murray, Killian and others 2025 (BQRRP), with LU on the sketch. Q may be left out. The columns of
 * a block are those that pivots of an LU factorization of Y^T choose, in the order of pivoted QR; the sketch of what is
 * left is Y2 - Y1 R11^-1 R12. The reference finds all pivots so, and factors once then.
 */
export function* sketchedQrcpSteps(
  k: Kernels,
  A: Float64Array,
  m: number,
  n: number,
  Y: Float64Array,
  b: number,
  Q: Float64Array,
  R: Float64Array,
  pivots: Int32Array,
): Steps<void> {
  const rank = Math.min(m, n)
  const d = n === 0 ? 0 : Y.length / n
  const W = transposed(A, m, n) // its rows are columns of A
  const Yt = transposed(Y, d, n)
  for (let j = 0; j < n; j++) pivots[j] = j
  const exchange = (i: number, j: number) => {
    exchangeRows(W, m, i, j)
    exchangeRows(Yt, d, i, j)
    exchangeRows(pivots, 1, i, j)
  }
  for (let at = 0; at < rank; at += b) {
    const width = Math.min(b, rank - at)
    chosen(Yt.slice(at * d), n - at, d, width).forEach((other, j) => {
      exchange(at + j, at + other)
    })
    yield* ordered(k, Yt.subarray(at * d, (at + width) * d), width, d, (i, j) => exchange(at + i, at + j))
    // R of the columns so far, and Q^T of the others
    const done = at + width
    const r = new Float64Array(Math.min(m, n) * n)
    yield* qrSteps(k, transposed(W, n, m), m, n, new Float64Array(0), r, new Int32Array(0))
    if (done === n) continue
    const r11 = new Float64Array(width * width)
    const r12 = new Float64Array(width * (n - done))
    for (let i = 0; i < width; i++) {
      r11.set(r.subarray((at + i) * n + at, (at + i) * n + done), i * width)
      r12.set(r.subarray((at + i) * n + done, (at + i + 1) * n), i * (n - done))
    }
    const Z = Yt.slice(at * d, done * d)
    yield* solveTriangularSteps(k, r11, width, Z, d, false, true, false)
    yield* gemmSteps(k, -1, r12, true, Z, false, 1, Yt.subarray(done * d), n - done, d, width)
  }
  yield* qrSteps(k, transposed(W, n, m), m, n, Q, R, new Int32Array(0))
}

/** Row exchanges of an LU factorization with partial pivoting, the first `count`. */
function chosen(L: Float64Array, rows: number, d: number, count: number): number[] {
  const exchanges: number[] = []
  for (let j = 0; j < Math.min(count, rows, d); j++) {
    let best = j
    for (let i = j + 1; i < rows; i++) if (Math.abs(L[i * d + j]!) > Math.abs(L[best * d + j]!)) best = i
    exchanges.push(best)
    exchangeRows(L, d, j, best)
    if (L[j * d + j] === 0) continue
    for (let i = j + 1; i < rows; i++) {
      const l = L[i * d + j]! / L[j * d + j]!
      for (let c = j + 1; c < d; c++) L[i * d + c]! -= l * L[j * d + c]!
    }
  }
  return exchanges
}

/** Exchanges that bring `width` columns of length d, which stand as rows, into the order of pivoted QR. */
function* ordered(
  k: Kernels,
  Yt: Float64Array,
  width: number,
  d: number,
  exchange: (i: number, j: number) => void,
): Steps<void> {
  const order = new Int32Array(width)
  const r = new Float64Array(Math.min(d, width) * width)
  yield* qrSteps(k, transposed(Yt, width, d), d, width, new Float64Array(0), r, order)
  const holds = Array.from(order, (_, j) => j)
  for (let j = 0; j < width; j++) {
    const from = holds.indexOf(order[j]!)
    exchange(j, from)
    holds[from] = holds[j]!
    holds[j] = order[j]!
  }
}
