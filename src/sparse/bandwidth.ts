import type { CsrData } from '../core/types.ts'
import { Csr } from './csr.ts'

/** How far from the diagonal a matrix reaches. */
export interface Bandwidth {
  /** Largest i - j of a stored entry (i, j), at least 0. */
  readonly lower: number
  /** Largest j - i of a stored entry (i, j), at least 0. */
  readonly upper: number
  /** Sum over rows of i - j for the first stored j <= i: what an envelope factorization stores below the diagonal. */
  readonly profile: number
}

/** Measures the band and the envelope of a matrix; explicit zeros count. */
export function bandwidth(A: CsrData): Bandwidth {
  const { rows, rowPointers, columnIndices } = Csr.from(A, 'bandwidth').pattern
  let lower = 0
  let upper = 0
  let profile = 0
  for (let i = 0; i < rows; i++) {
    const start = rowPointers[i]!
    const end = rowPointers[i + 1]!
    if (start === end) continue
    const reach = Math.max(0, i - columnIndices[start]!)
    lower = Math.max(lower, reach)
    upper = Math.max(upper, columnIndices[end - 1]! - i)
    profile += reach
  }
  return { lower, upper, profile }
}
