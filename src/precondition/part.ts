import { float64, int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Csr } from '../sparse/csr.ts'
import { trust } from '../sparse/pattern.ts'

const PER_TICK = 1 << 18 // entries: 1 to 2 ms

/** The entries of A that are inside, each as `scaled` says. */
export function* part(
  { pattern, values }: Csr,
  inside: (i: number, j: number) => boolean,
  scaled: (a: number, i: number, j: number) => number = a => a,
): Steps<CsrData> {
  const { rows: n, rowPointers, columnIndices } = pattern
  const pointers = int32(n + 1)
  let done = 0
  for (let i = 0; i < n; i++) {
    if (rowPointers[i]! - done > PER_TICK) {
      done = rowPointers[i]!
      yield tick
    }
    pointers[i + 1] = pointers[i]!
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) if (inside(i, columnIndices[e]!)) pointers[i + 1]!++
  }
  const [columns, entries] = [int32(pointers[n]!), float64(pointers[n]!)]
  done = 0
  for (let i = 0, to = 0; i < n; i++) {
    if (rowPointers[i]! - done > PER_TICK) {
      done = rowPointers[i]!
      yield tick
    }
    for (let e = rowPointers[i]!; e < rowPointers[i + 1]!; e++) {
      const j = columnIndices[e]!
      if (!inside(i, j)) continue
      columns[to] = j
      entries[to++] = scaled(values[e]!, i, j)
    }
  }
  return { pattern: trust({ rows: n, columns: n, rowPointers: pointers, columnIndices: columns }), values: entries }
}
