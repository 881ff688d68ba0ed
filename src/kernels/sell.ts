import { type CsrData, type Sell, SLICES } from '../core/types.ts'
import { spmvCsr } from './csr.ts'

const { window: WINDOW, lengths: LENGTHS, rows: BLOCK } = SLICES

/**
 * y = A x on rows [from, to), windows that are not whole by the compressed rows. Rows of one length follow each other,
 * so that no processor guesses wrong where a row ends.
 */
export function spmvSell(A: CsrData, plan: Sell, x: Float64Array, y: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; ) {
    const w = Math.floor(i / WINDOW)
    const end = Math.min((w + 1) * WINDOW, A.pattern.rows)
    if (i === w * WINDOW && end <= to) multiplyWindow(A, plan, w, x, y, end)
    else spmvCsr(A, x, y, i, Math.min(end, to))
    i = end
  }
}

function multiplyWindow(A: CsrData, plan: Sell, w: number, x: Float64Array, y: Float64Array, end: number): void {
  const { starts, counts, order, columns, values } = plan
  const base = columns instanceof Int16Array ? w * WINDOW : 0
  let row = w * WINDOW
  let at = starts[w]!
  for (let m = 0; m < LENGTHS; m++)
    for (let left = counts[LENGTHS * w + m]!; left > 0; left -= BLOCK) {
      const wide = Math.min(left, BLOCK)
      for (let l = 0; l < wide; l++) {
        let sum = 0
        for (let k = at + l, last = at + m * wide; k < last; k += wide) sum += values[k]! * x[base + columns[k]!]!
        y[order[row + l]!] = sum
      }
      at += m * wide
      row += wide
    }
  for (; row < end; row++) spmvCsr(A, x, y, order[row]!, order[row]! + 1)
}
