import { KrylovError, refuse } from '../core/errors.ts'
import { float64, int32, sharedFloat64 } from '../core/shared.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { checkVector } from '../core/vector.ts'
import { checkIndexArray, checkSize, isTrusted, type SparsityPattern, sparsityPattern, trust } from './pattern.ts'
import { transposeArrays } from './transpose.ts'
import { sumTriplets } from './triplets.ts'

/** What is known of A = A^T; `'unknown'` is found out, once, by the first method that needs it. */
export type Symmetry = 'yes' | 'no' | 'unknown'

/** A sparse matrix in compressed rows: a pattern, and one value per stored entry. Immutable by convention. */
export class Csr implements CsrData {
  readonly pattern: SparsityPattern
  readonly values: Float64Array
  /** What the maker of the matrix said of its symmetry; methods that need it verify it. */
  readonly symmetric: Symmetry
  /** What was only given the prototype does not have it. */
  readonly #made = true

  private constructor(pattern: SparsityPattern, values: Float64Array, symmetric: Symmetry) {
    this.pattern = pattern
    this.values = values
    this.symmetric = symmetric
    Object.freeze(this)
  }

  get rows(): number {
    return this.pattern.rows
  }

  get columns(): number {
    return this.pattern.columns
  }

  /** Stored entries, explicit zeros included. */
  get nonZeros(): number {
    return this.values.length
  }

  /**
   * From coordinates: entry (rowIndices[k], columnIndices[k]) += values[k]. Any order; duplicates are summed.
   *
   * @throws KrylovError ERR_SHAPE where the three arrays differ in length, ERR_INDEX for an index out of range
   */
  static fromTriplets(
    rows: number,
    columns: number,
    rowIndices: ArrayLike<number>,
    columnIndices: ArrayLike<number>,
    values: ArrayLike<number>,
    options: { readonly symmetric?: Symmetry } = {},
  ): Csr {
    const method = 'Csr.fromTriplets'
    checkSize(method, 'rows', rows)
    checkSize(method, 'columns', columns)
    const i = checkIndexArray(method, 'rowIndices', rowIndices)
    const j = checkIndexArray(method, 'columnIndices', columnIndices)
    if (j.length !== i.length) throw refuse('ERR_SHAPE', method, 'columnIndices', `${i.length} long`, j.length)
    const a = checkVector(method, 'values', values, i.length)
    const { pattern, values: sums } = sumTriplets(method, rows, columns, i, j, a)
    return new Csr(trust(pattern), sums, options.symmetric ?? 'unknown')
  }

  /**
   * From compressed rows, columns strictly ascending in each. Arrays on shared memory are adopted, others copied.
   *
   * @throws KrylovError ERR_SHAPE, ERR_INDEX naming the first entry that is wrong
   */
  static fromArrays(
    rows: number,
    columns: number,
    rowPointers: ArrayLike<number>,
    columnIndices: ArrayLike<number>,
    values: ArrayLike<number>,
    options: { readonly symmetric?: Symmetry } = {},
  ): Csr {
    const method = 'Csr.fromArrays'
    const pattern = sparsityPattern(rows, columns, rowPointers, columnIndices, method)
    const a = checkVector(method, 'values', values, pattern.columnIndices.length)
    return new Csr(pattern, sharedFloat64(a), options.symmetric ?? 'unknown')
  }

  /** From compressed columns: row indices strictly ascending in each column. */
  static fromCsc(
    rows: number,
    columns: number,
    columnPointers: ArrayLike<number>,
    rowIndices: ArrayLike<number>,
    values: ArrayLike<number>,
  ): Csr {
    return Csr.fromArrays(columns, rows, columnPointers, rowIndices, values).transpose()
  }

  /** From a dense matrix: entries that are exactly zero are not stored. */
  static fromDense(A: Dense): Csr {
    if (typeof A !== 'object' || A === null) throw refuse('ERR_TYPE', 'Csr.fromDense', 'A', 'a dense matrix', A)
    const { rows, columns } = A
    checkSize('Csr.fromDense', 'rows', rows)
    checkSize('Csr.fromDense', 'columns', columns)
    const entries = checkVector('Csr.fromDense', 'values', A.values, rows * columns)
    let count = 0
    for (let k = 0; k < entries.length; k++) if (entries[k] !== 0) count++
    const rowPointers = int32(rows + 1)
    const columnIndices = int32(count)
    const values = float64(count)
    let k = 0
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const a = entries[i * columns + j]!
        if (a === 0) continue
        columnIndices[k] = j
        values[k++] = a
      }
      rowPointers[i + 1] = k
    }
    return new Csr(trust({ rows, columns, rowPointers, columnIndices }), values, 'unknown')
  }

  /**
   * The matrix that a plain record describes: one that was cloned, loaded or made by hand is checked in full on
   * first use.
   */
  static from(record: CsrData, method = 'Csr.from', argument = 'A'): Csr {
    if (typeof record === 'object' && record !== null && #made in record) return record
    if (record instanceof Csr) throw refuse('ERR_TYPE', method, argument, 'a Csr matrix', 'an imitation')
    const pattern = record?.pattern
    if (typeof pattern !== 'object' || pattern === null)
      throw refuse('ERR_TYPE', method, argument, 'a Csr matrix', record)
    const known = revived.get(record)
    if (known !== undefined && isViewOf(known, record)) return known
    const checked = isTrusted(pattern)
      ? pattern
      : sparsityPattern(pattern.rows, pattern.columns, pattern.rowPointers, pattern.columnIndices, method)
    const values = sharedFloat64(checkVector(method, `${argument}.values`, record.values, checked.columnIndices.length))
    const { symmetric = 'unknown' } = record as { symmetric?: Symmetry }
    const matrix = new Csr(checked, values, symmetric === 'yes' || symmetric === 'no' ? symmetric : 'unknown')
    revived.set(record, matrix)
    return matrix
  }

  /** The matrix with the same pattern and other values: all symbolic work on the pattern is shared. */
  withValues(values: ArrayLike<number>): Csr {
    const a = checkVector('Csr.withValues', 'values', values, this.nonZeros)
    return new Csr(this.pattern, sharedFloat64(a), 'unknown')
  }

  /** A^T, as a new matrix. */
  transpose(): Csr {
    const { pattern, values } = transposeArrays(this)
    return new Csr(pattern, values, this.symmetric)
  }

  /**
   * P A Q^T: row i of the result is row `rows[i]` of this matrix, column j is column `columns[j]` (default: the same
   * permutation, so that symmetry is kept).
   */
  permute(rows: ArrayLike<number>, columns: ArrayLike<number> = rows): Csr {
    const p = checkPermutation('rows', rows, this.rows)
    const q = checkPermutation('columns', columns, this.columns)
    const target = new Int32Array(this.columns)
    for (let j = 0; j < q.length; j++) target[q[j]!] = j
    const { rowPointers, columnIndices } = this.pattern
    const i = new Int32Array(this.nonZeros)
    const j = new Int32Array(this.nonZeros)
    const a = new Float64Array(this.nonZeros)
    let k = 0
    for (let row = 0; row < this.rows; row++)
      for (let from = rowPointers[p[row]!]!, end = rowPointers[p[row]! + 1]!; from < end; from++, k++) {
        i[k] = row
        j[k] = target[columnIndices[from]!]!
        a[k] = this.values[from]!
      }
    const { pattern, values } = sumTriplets('Csr.permute', this.rows, this.columns, i, j, a)
    return new Csr(trust(pattern), values, rows === columns ? this.symmetric : 'unknown')
  }

  /** The diagonal as a new array of length min(rows, columns); entries that are not stored are 0. */
  diagonal(): Float64Array {
    const { rowPointers, columnIndices } = this.pattern
    const diagonal = float64(Math.min(this.rows, this.columns))
    for (let i = 0; i < diagonal.length; i++)
      for (let k = rowPointers[i]!, end = rowPointers[i + 1]!; k < end && columnIndices[k]! <= i; k++)
        if (columnIndices[k] === i) diagonal[i] = this.values[k]!
    return diagonal
  }

  /** The same matrix with every entry stored. */
  toDense(): Dense {
    const { rows, columns, rowPointers, columnIndices } = this.pattern
    if (rows * columns > 2 ** 31) throw new KrylovError('ERR_MEMORY', `Csr.toDense: ${rows} x ${columns} is too large`)
    const values = float64(rows * columns)
    for (let i = 0; i < rows; i++)
      for (let k = rowPointers[i]!, end = rowPointers[i + 1]!; k < end; k++)
        values[i * columns + columnIndices[k]!] = this.values[k]!
    return { rows, columns, values }
  }
}

const revived = new WeakMap<CsrData, Csr>()

/** Whether a checked matrix still has the very arrays of the record; where they were copied it never has. */
const isViewOf = ({ pattern, values }: Csr, record: CsrData): boolean =>
  values === record.values &&
  (pattern === record.pattern ||
    (pattern.rowPointers === record.pattern.rowPointers &&
      pattern.columnIndices === record.pattern.columnIndices &&
      pattern.rows === record.pattern.rows &&
      pattern.columns === record.pattern.columns))

function checkPermutation(argument: string, permutation: ArrayLike<number>, n: number): ArrayLike<number> {
  const p = checkIndexArray('Csr.permute', argument, permutation)
  if (p.length !== n) throw refuse('ERR_SHAPE', 'Csr.permute', argument, `${n} long`, p.length)
  const seen = new Uint8Array(n)
  for (let i = 0; i < n; i++) {
    if (!(p[i]! >= 0 && p[i]! < n) || seen[p[i]!]! === 1)
      throw refuse('ERR_INDEX', 'Csr.permute', `${argument}[${i}]`, `one of 0 to ${n - 1}, each once`, p[i])
    seen[p[i]!] = 1
  }
  return p
}
