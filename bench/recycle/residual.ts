import type { Csr } from '../../src/sparse/csr.ts'

/** ||b - A x|| / ||b|| by the plainest loop. */
export function residualOf(A: Csr, x: Float64Array, b: Float64Array): number {
  const { rowPointers, columnIndices } = A.pattern
  let [left, size] = [0, 0]
  for (let i = 0; i < b.length; i++) {
    let rest = b[i]!
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) rest -= A.values[k]! * x[columnIndices[k]!]!
    left += rest * rest
    size += b[i]! * b[i]!
  }
  return Math.sqrt(left / size)
}
