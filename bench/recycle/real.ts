import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Csr } from '../../src/sparse/csr.ts'
import type { System } from './families.ts'

const root = new URL('../../../shared/data/seq/', import.meta.url)

function read(sequence: string, name: string): ArrayBuffer {
  const bytes = gunzipSync(readFileSync(new URL(`${sequence}/${name}.gz`, root)))
  return Uint8Array.from(bytes).buffer
}
const doubles = (sequence: string, name: string) => new Float64Array(read(sequence, `${name}.f64`))
const pattern = (sequence: string) =>
  [
    new Int32Array(read(sequence, 'rowptr.i32')),
    new Int32Array(read(sequence, 'colidx.i32')),
    doubles(sequence, 'values'),
  ] as const

/** The Jacobians of a power grid's Newton iterations over a day. */
export function powerFlow(): readonly System[] {
  const name = 'powerflow_ACTIVSg2000'
  const [rowPointers, columnIndices, values] = pattern(name)
  const rhs = doubles(name, 'rhs')
  const [n, nnz] = [rowPointers.length - 1, columnIndices.length]
  return Array.from({ length: values.length / nnz }, (_, k) => ({
    A: Csr.fromArrays(n, n, rowPointers, columnIndices, values.slice(k * nnz, (k + 1) * nnz)),
    b: rhs.slice(k * n, (k + 1) * n),
  }))
}

/** The normal equations A D A^T of an interior-point method, two right-hand sides a step, D spreading to 1e12. */
export function interiorPoint(name: string): readonly System[] {
  const [rowPointers, columnIndices, values] = pattern(name)
  const m = rowPointers.length - 1
  const [d, rhs] = [doubles(name, 'd'), doubles(name, 'rhs')]
  const n = columnIndices.reduce((most, j) => Math.max(most, j + 1), 0)
  const columns: [number, number][][] = Array.from({ length: n }, () => [])
  for (let i = 0; i < m; i++)
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) columns[columnIndices[k]!]!.push([i, values[k]!])
  return Array.from({ length: rhs.length / m }, (_, at) => {
    const [is, js, as]: [number[], number[], number[]] = [[], [], []]
    for (const [j, column] of columns.entries())
      for (const [p, vp] of column)
        for (const [q, vq] of column) {
          is.push(p)
          js.push(q)
          as.push(vp * vq * d[Math.floor(at / 2) * n + j]!)
        }
    const normal = Csr.fromTriplets(m, m, is, js, as)
    const shift = 1e-12 * normal.diagonal().reduce((most, value) => Math.max(most, value), 0)
    for (let i = 0; i < m; i++) {
      is.push(i)
      js.push(i)
      as.push(shift)
    }
    return { A: Csr.fromTriplets(m, m, is, js, as), b: rhs.slice(at * m, (at + 1) * m) }
  })
}
