import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { columnNorms } from '../dense/column-norms.ts'
import type { Kernels } from '../kernels/kernels.ts'

export interface EnvelopeCholesky {
  /** The row whose pivot is not positive, or -1. */
  readonly failed: number
  readonly refinements: number
}

/** The lower triangle of a matrix, row i from its first entry on: (i, j) stands at at[i] + j. */
interface Envelope {
  readonly first: Int32Array
  readonly at: Float64Array
  readonly values: Float64Array
}

/**
 * Solves A X = B by Cholesky's factorization of A in its envelope (Jennings 1966), in one go: what small systems cost is
 * calls. Refines while a column's residual is above rtol ||b|| and falls. Fills X and `norms`, of the columns of B - A X.
 * Workspace: the envelope, and 3 n s.
 */
export function* envelopeCholeskySteps(
  k: Kernels,
  A: CsrData,
  b: Float64Array,
  x: Float64Array,
  s: number,
  rtol: number,
  most: number,
  norms: Float64Array,
): Steps<EnvelopeCholesky> {
  const { rows: n, rowPointers, columnIndices } = A.pattern
  const L = envelopeOf(A)
  const failed = yield* factorSteps(k.grain, L)
  if (failed >= 0) return { failed, refinements: 0 }
  const r = float64(n * s)
  x.set(b)
  yield* solveSteps(k.grain, L, x, s)
  residual(x)
  norms.set(columnNorms(r, s))
  const wanted = columnNorms(b, s).map(size => rtol * size)
  let refinements = 0
  while (refinements < most && norms.some((norm, c) => !(norm <= wanted[c]!))) {
    yield* solveSteps(k.grain, L, r, s)
    const better = x.map((value, at) => value + r[at]!)
    residual(better)
    const next = columnNorms(r, s)
    if (!next.every((norm, c) => norm <= 0.5 * norms[c]! || norm <= wanted[c]!)) break
    x.set(better)
    norms.set(next)
    refinements++
  }
  return { failed, refinements }

  /** r = B - A X */
  function residual(X: Float64Array): void {
    for (let i = 0; i < n; i++)
      for (let c = 0; c < s; c++) {
        let sum = 0
        for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++)
          sum += A.values[at]! * X[columnIndices[at]! * s + c]!
        r[i * s + c] = b[i * s + c]! - sum
      }
  }
}

function envelopeOf({ pattern: { rows: n, rowPointers, columnIndices }, values: given }: CsrData): Envelope {
  const first = new Int32Array(n)
  const at = new Float64Array(n)
  let size = 0
  for (let i = 0; i < n; i++) {
    const begin = rowPointers[i]!
    first[i] = begin < rowPointers[i + 1]! ? Math.min(i, columnIndices[begin]!) : i
    at[i] = size - first[i]!
    size += i - first[i]! + 1
  }
  const values = new Float64Array(size)
  for (let i = 0; i < n; i++)
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]! && columnIndices[k]! <= i; k++)
      values[at[i]! + columnIndices[k]!] = given[k]!
  return { first, at, values }
}

/** L in place of A, row by row; the first row whose pivot is not positive, or -1. */
function* factorSteps(grain: number, { first, at, values: l }: Envelope): Steps<number> {
  let work = 0
  for (let i = 0; i < first.length; i++) {
    const [begin, row] = [first[i]!, at[i]!]
    for (let j = begin; j < i; j++) {
      const other = at[j]!
      let sum = l[row + j]!
      for (let p = Math.max(begin, first[j]!); p < j; p++) sum -= l[row + p]! * l[other + p]!
      l[row + j] = sum / l[other + j]!
    }
    let pivot = l[row + i]!
    for (let p = begin; p < i; p++) pivot -= l[row + p]! ** 2
    if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return i
    l[row + i] = Math.sqrt(pivot)
    work += (i - begin) ** 2
    if (work < grain) continue
    work = 0
    yield tick
  }
  return -1
}

/** X = (L L^T)^-1 X in place, X n x s. */
function* solveSteps(grain: number, { first, at, values: l }: Envelope, x: Float64Array, s: number): Steps<void> {
  const n = first.length
  for (let c = 0; c < s; c++) {
    for (let i = 0; i < n; i++) {
      let sum = x[i * s + c]!
      for (let p = first[i]!; p < i; p++) sum -= l[at[i]! + p]! * x[p * s + c]!
      x[i * s + c] = sum / l[at[i]! + i]!
    }
    for (let i = n - 1; i >= 0; i--) {
      x[i * s + c]! /= l[at[i]! + i]!
      const solved = x[i * s + c]!
      for (let p = first[i]!; p < i; p++) x[p * s + c]! -= l[at[i]! + p]! * solved
    }
    if (2 * l.length >= grain) yield tick
  }
}
