import type { Csr } from '../sparse/csr.ts'
import type { Absent } from './solve-backends.ts'
import type { Run } from './solve-run.ts'

/** A system, how it was solved, and what was written. */
export interface Solved {
  readonly file: string
  readonly A: Csr
  /** The file of b, or undefined for A times ones. */
  readonly rhs: string | undefined
  readonly readTime: number
  readonly runs: readonly Run[]
  readonly absent: readonly Absent[]
  readonly out: string | undefined
  readonly report: string | undefined
  /** Why the report has no plots. */
  readonly plotless: string | undefined
}
