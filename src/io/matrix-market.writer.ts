import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { refuse } from '../core/errors.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { checkVector } from '../core/vector.ts'
import { isDense } from '../dense/dense.ts'
import { Csr } from '../sparse/csr.ts'
import { checkOptions, checkPath } from './options.ts'

/** Options of {@link writeMatrixMarket}. */
export interface MatrixMarketWriteOptions {
  /** Write one triangle only; default: where `A.symmetric` is `'yes'`. The matrix is checked to be symmetric. */
  readonly symmetric?: boolean
  /** Lines of comment, without the leading `%`. */
  readonly comment?: string
  /** Stops writing: the promise rejects with its reason, and the file is incomplete. */
  readonly signal?: AbortSignal
}

const BATCH = 1 << 16 // characters gathered before they are written

/**
 * Writes a matrix as Matrix Market: a `Csr` as coordinates, a `Dense` as an array. A name that ends in `.gz` makes a
 * gzipped file. Values are written as the shortest text that reads back as the same double, infinities as `inf`, NaN
 * as `nan`.
 *
 * @throws KrylovError ERR_TYPE where `A` is neither; ERR_NOT_SYMMETRIC where it is to be written as symmetric and is
 * not, exactly; ERR_OPTION. Errors of the file system pass through unchanged.
 */
export async function writeMatrixMarket(
  path: string | URL,
  A: CsrData | Dense,
  options: MatrixMarketWriteOptions = {},
): Promise<void> {
  const who = 'writeMatrixMarket'
  checkPath(who, path)
  const { symmetric, comment = '', signal } = checkOptions(who, options, ['symmetric', 'comment', 'signal'])
  if (symmetric !== undefined && typeof symmetric !== 'boolean')
    throw refuse('ERR_OPTION', who, 'option symmetric', 'true or false', symmetric)
  if (typeof comment !== 'string') throw refuse('ERR_OPTION', who, 'option comment', 'a string', comment)
  const lines = isDense(A) ? denseLines(A, symmetric ?? false, comment) : csrLines(Csr.from(A, who), symmetric, comment)
  const zip = String(path).endsWith('.gz') ? [createGzip()] : []
  const stages = [Readable.from(batches(lines)), ...zip, createWriteStream(path)] as const
  try {
    await pipeline(stages, signal === undefined ? {} : { signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}

function* batches(lines: Iterable<string>): Generator<string> {
  let batch = ''
  for (const line of lines) {
    batch += line
    if (batch.length < BATCH) continue
    yield batch
    batch = ''
  }
  yield batch
}

const head = (format: string, symmetric: boolean, comment: string): string =>
  `%%MatrixMarket matrix ${format} real ${symmetric ? 'symmetric' : 'general'}\n${comment.replace(/^/gm, comment && '% ')}${comment && '\n'}`

function text(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : `${value}`
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
}

function csrLines(A: Csr, asked: boolean | undefined, comment: string): Iterable<string> {
  const symmetric = asked ?? A.symmetric === 'yes'
  if (symmetric) checkSymmetric(A)
  return (function* () {
    const { rows, columns, rowPointers, columnIndices } = A.pattern
    let stored = A.nonZeros
    if (symmetric) {
      stored = 0
      for (let i = 0; i < rows; i++)
        for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) if (columnIndices[k]! <= i) stored++
    }
    yield `${head('coordinate', symmetric, comment)}${rows} ${columns} ${stored}\n`
    for (let i = 0; i < rows; i++)
      for (let k = rowPointers[i]!, end = rowPointers[i + 1]!; k < end; k++) {
        const j = columnIndices[k]!
        if (!symmetric || j <= i) yield `${i + 1} ${j + 1} ${text(A.values[k]!)}\n`
      }
  })()
}

/** Half of the matrix is about to be thrown away: it must be the same as the other half, exactly. */
function checkSymmetric(A: Csr): void {
  const B = A.rows === A.columns ? A.transpose() : undefined
  const isSame =
    B !== undefined &&
    A.pattern.rowPointers.every((pointer, i) => pointer === B.pattern.rowPointers[i]) &&
    A.pattern.columnIndices.every((column, k) => column === B.pattern.columnIndices[k]) &&
    A.values.every((value, k) => same(value, B.values[k]!))
  if (!isSame) throw notSymmetric(A)
}

const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b))

const notSymmetric = (A: unknown) =>
  refuse('ERR_NOT_SYMMETRIC', 'writeMatrixMarket', 'A', 'exactly symmetric to be written as symmetric', A)

function denseLines(A: Dense, symmetric: boolean, comment: string): Iterable<string> {
  const { rows, columns } = A
  const values = checkVector('writeMatrixMarket', 'A.values', A.values, rows * columns)
  if (symmetric && rows !== columns) throw notSymmetric(A)
  for (let i = 0; symmetric && i < rows; i++)
    for (let j = 0; j < i; j++) if (!same(values[i * columns + j]!, values[j * columns + i]!)) throw notSymmetric(A)
  return (function* () {
    yield `${head('array', symmetric, comment)}${rows} ${columns}\n`
    for (let j = 0; j < columns; j++)
      for (let i = symmetric ? j : 0; i < rows; i++) yield `${text(values[i * columns + j]!)}\n`
  })()
}
