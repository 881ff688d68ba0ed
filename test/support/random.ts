import { float64 } from '../../src/core/shared.ts'
import { Csr } from '../../src/sparse/csr.ts'

/** Uniform numbers in [0, 1) from a seed (mulberry32): enough for test inputs, independent of the library's own. */
export function generator(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** n numbers in [-1, 1), as a view that starts `offset` entries into its buffer: 8 bytes off any vector register. */
export function randomVector(random: () => number, n: number, offset = 0): Float64Array {
  const vector = float64(n + offset).subarray(offset)
  for (let i = 0; i < n; i++) vector[i] = 2 * random() - 1
  return vector
}

/** A random sparse matrix; `lengthOf` gives the number of entries of each row. */
export function randomCsr(
  random: () => number,
  rows: number,
  columns: number,
  lengthOf: (row: number) => number = () => Math.floor(random() * 8),
): Csr {
  const pointers = [0]
  const indices: number[] = []
  for (let i = 0; i < rows; i++) {
    const row = new Set<number>()
    const length = Math.min(lengthOf(i), columns)
    while (row.size < length) row.add(Math.floor(random() * columns))
    for (const j of [...row].sort((a, b) => a - b)) indices.push(j)
    pointers.push(indices.length)
  }
  return Csr.fromArrays(rows, columns, pointers, indices, randomVector(random, indices.length))
}

/** A random symmetric positive definite matrix: strictly diagonally dominant. */
export function randomSpd(random: () => number, n: number, perRow = 3): Csr {
  const i: number[] = []
  const j: number[] = []
  const a: number[] = []
  const sums = new Float64Array(n)
  const add = (row: number, column: number, value: number) => {
    i.push(row)
    j.push(column)
    a.push(value)
  }
  for (let row = 0; row < n; row++)
    for (let k = 0; k < perRow; k++) {
      const column = Math.floor(random() * n)
      if (column === row) continue
      const value = 2 * random() - 1
      add(row, column, value)
      add(column, row, value)
      sums[row]! += Math.abs(value)
      sums[column]! += Math.abs(value)
    }
  for (let row = 0; row < n; row++) add(row, row, sums[row]! + 0.5 + random())
  return Csr.fromTriplets(n, n, i, j, a)
}

/** A random matrix, its diagonal empty. */
export function hollow(n: number, seed: number): Csr {
  const random = generator(seed)
  const R = randomCsr(random, n, n, () => 3)
  const [i, j, a] = [[] as number[], [] as number[], [] as number[]]
  for (let r = 0; r < n; r++) {
    i.push(r)
    j.push((r + 1) % n)
    a.push(1 + random())
    for (let e = R.pattern.rowPointers[r]!; e < R.pattern.rowPointers[r + 1]!; e++) {
      if (R.pattern.columnIndices[e] === r) continue
      i.push(r)
      j.push(R.pattern.columnIndices[e]!)
      a.push(R.values[e]!)
    }
  }
  return Csr.fromTriplets(n, n, i, j, a)
}
