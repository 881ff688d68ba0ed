import { normal } from '../../src/core/random.ts'
import { Csr } from '../../src/sparse/csr.ts'

/** The diagonal matrix of these entries. */
export function diagonal(entries: readonly number[]): Csr {
  const at = entries.map((_, i) => i)
  return Csr.fromTriplets(entries.length, entries.length, at, at, entries)
}

/** The symmetric tridiagonal matrix with `d` on the diagonal and `e` beside it. */
export function tridiagonal(d: readonly number[], e: readonly number[]): Csr {
  const n = d.length
  const [i, j, a]: [number[], number[], number[]] = [[], [], []]
  d.forEach((value, at) => {
    i.push(at)
    j.push(at)
    a.push(value)
    if (at + 1 === n) return
    i.push(at, at + 1)
    j.push(at + 1, at)
    a.push(e[at]!, e[at]!)
  })
  return Csr.fromTriplets(n, n, i, j, a)
}

/** Q D Q^T for a random orthogonal Q: a dense matrix with these eigenvalues. Two reflections make Q. */
export function withEigenvalues(eigenvalues: readonly number[], seed = 1): Csr {
  const n = eigenvalues.length
  const a = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? eigenvalues[i]! : 0)))
  for (let pass = 0; pass < 2; pass++) {
    const v = normal(seed + pass, n)
    const vv = v.reduce((sum, x) => sum + x * x, 0)
    const w = a.map(row => row.reduce((sum, x, j) => sum + x * v[j]!, 0))
    const vw = w.reduce((sum, x, i) => sum + x * v[i]!, 0)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        a[i]![j]! -= (2 / vv) * (v[i]! * w[j]! + w[i]! * v[j]!) - ((4 * vw) / vv ** 2) * v[i]! * v[j]!
  }
  const values = Float64Array.from(a.flatMap((row, i) => row.map((x, j) => (x + a[j]![i]!) / 2)))
  return Csr.fromDense({ rows: n, columns: n, values })
}

/** c A */
export const times = (A: Csr, c: number): Csr => A.withValues(A.values.map(a => c * a))

/** x . y */
export const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}
