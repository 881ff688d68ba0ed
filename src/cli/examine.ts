import { makeControl } from '../core/control.ts'
import { runSync } from '../core/drive.ts'
import { normal } from '../core/random.ts'
import { cg } from '../krylov/cg.ts'
import type { Solution } from '../krylov/solution.ts'
import { bandwidth } from '../sparse/bandwidth.ts'
import type { Csr } from '../sparse/csr.ts'
import { factsOf, isSymmetric } from '../sparse/examine.ts'
import { reverseCuthillMckee } from '../sparse/reverse-cuthill-mckee.ts'

export type Band = ReturnType<typeof bandwidth>

/** What `krylov info` says of a matrix: plain data. */
export interface MatrixReport {
  readonly rows: number
  readonly columns: number
  readonly nonZeros: number
  readonly perRow: { readonly fewest: number; readonly mean: number; readonly most: number }
  /** max |a_ij| */
  readonly largest: number
  readonly finite: boolean
  /** max |a_ij - a_ji|; null where A is not square. */
  readonly asymmetry: number | null
  /** Equal to its transpose to 1e-12 of its largest entry. */
  readonly symmetric: boolean
  /** Shares of rows with |a_ii| > and >= the sum of the others. */
  readonly dominance: { readonly strict: number; readonly weak: number }
  readonly diagonal: { readonly positive: number; readonly zero: number; readonly negative: number }
  readonly bandwidth: Band
  /** After reverse Cuthill-McKee; null where A is not square. */
  readonly reordered: Band | null
  /** Null where CG does not apply. */
  readonly spectrum: SpectrumReport | null
}

/** The extreme eigenvalues as CG sees them, without a preconditioner. */
export interface SpectrumReport {
  readonly smallest: number
  readonly largest: number
  readonly condition: number
  readonly iterations: number
  /** How CG ended: `'converged'`, `'indefinite-operator'` ... */
  readonly reason: Solution['reason']
}

/** Finds out all that `krylov info` shows. */
export async function examineMatrix(A: Csr, show: (text: string) => void): Promise<MatrixReport> {
  show('looking at the entries')
  const facts = runSync(factsOf(A), makeControl('info', {}))
  const square = A.rows === A.columns
  const finite = facts.notFinite < 0
  const symmetric = square && finite && isSymmetric(facts)
  return {
    ...{ rows: A.rows, columns: A.columns, nonZeros: A.nonZeros, finite, symmetric, largest: facts.largest },
    asymmetry: square ? facts.asymmetry : null,
    ...examineRows(A),
    bandwidth: bandwidth(A),
    reordered: square ? bandwidth(A.permute(reverseCuthillMckee(A))) : null,
    spectrum: symmetric && A.rows > 0 ? await spectrumOf(A, show) : null,
  }
}

function examineRows(A: Csr): Pick<MatrixReport, 'perRow' | 'dominance' | 'diagonal'> {
  const { rowPointers, columnIndices } = A.pattern
  const { values, rows } = A
  const perRow = { fewest: rows > 0 ? Number.POSITIVE_INFINITY : 0, mean: rows > 0 ? A.nonZeros / rows : 0, most: 0 }
  const dominant = { strict: 0, weak: 0 }
  const diagonal = { positive: 0, zero: 0, negative: 0 }
  for (let i = 0; i < rows; i++) {
    const stored = rowPointers[i + 1]! - rowPointers[i]!
    perRow.fewest = Math.min(perRow.fewest, stored)
    perRow.most = Math.max(perRow.most, stored)
    let own = 0
    let others = 0
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      if (columnIndices[k] === i) own = values[k]!
      else others += Math.abs(values[k]!)
    }
    if (Math.abs(own) > others) dominant.strict++
    if (Math.abs(own) >= others) dominant.weak++
    if (i < A.columns) diagonal[own > 0 ? 'positive' : own < 0 ? 'negative' : 'zero']++
  }
  const share = (count: number): number => (rows > 0 ? count / rows : 1)
  return { perRow, diagonal, dominance: { strict: share(dominant.strict), weak: share(dominant.weak) } }
}

const MOST_ITERATIONS = 500
const TIME_LIMIT = 20_000

/** A random right-hand side has a part along every eigenvector. */
async function spectrumOf(A: Csr, show: (text: string) => void): Promise<SpectrumReport> {
  const { spectrum, iterations, reason } = await cg(A, normal(1, A.rows), {
    rtol: 1e-12,
    maxIterations: MOST_ITERATIONS,
    timeLimit: TIME_LIMIT,
    onProgress: ({ iteration }) => show(`estimating eigenvalues: iteration ${iteration}`),
  })
  return { ...spectrum, iterations, reason }
}
