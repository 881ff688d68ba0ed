import type { KrylovError } from '../core/errors.ts'
import type { Entries } from './matrix-market.entries.ts'
import type { Header } from './matrix-market.header.ts'
import { type Cursor, isBlank, readNumber } from './number-token.ts'

/** A reader in the midst of the data lines. */
export interface Scan {
  readonly header: Header
  readonly entries: Entries
  readonly cursor: Cursor
  /** Number of the line at hand, from 1. */
  line: number
  /** Bytes of comments and blank lines so far. */
  idle: number
  /** Which triangle of a symmetric matrix the file has turned out to hold: 1 lower, -1 upper. */
  triangle: number
  readonly allowOverflow: boolean
  /** The error for the token at `at` of the line at hand. */
  fail(expected: string, bytes: Uint8Array, at: number): KrylovError
}

const NEWLINE = 10
const PERCENT = 37

/** Reads whole lines of a coordinate file: `row column value`, less what the header leaves out. */
export function scanCoordinates(scan: Scan, bytes: Uint8Array, from: number, to: number): void {
  const { header, entries } = scan
  const { rows, columns } = header
  const hasColumn = header.object === 'matrix'
  const hasValue = header.field !== 'pattern'
  const triangular = header.symmetry !== 'general'
  const { rowIndices, columnIndices, values } = entries
  for (let p = from; p < to; scan.line++) {
    p = skipBlanks(bytes, p)
    if (bytes[p] === NEWLINE || bytes[p] === PERCENT) {
      p = skipLine(scan, bytes, p)
      continue
    }
    if (entries.count === header.entries) throw tooMany(scan, bytes, p)

    const rowAt = p
    let i = 0
    for (let d = bytes[p]! - 48; d >= 0 && d <= 9; d = bytes[++p]! - 48) i = i * 10 + d
    if (!(i >= 1 && i <= rows && bytes[p]! <= 32)) throw badIndex(scan, 'row', rows, bytes, rowAt)

    let j = 1
    if (hasColumn) {
      p = skipBlanks(bytes, p)
      const columnAt = p
      j = 0
      for (let d = bytes[p]! - 48; d >= 0 && d <= 9; d = bytes[++p]! - 48) j = j * 10 + d
      if (!(j >= 1 && j <= columns && bytes[p]! <= 32)) throw badIndex(scan, 'column', columns, bytes, columnAt)
      if (triangular && i !== j && (i > j ? 1 : -1) !== scan.triangle) chooseTriangle(scan, i, j, bytes, rowAt)
    }

    let value = 1
    if (hasValue) {
      const valueAt = skipBlanks(bytes, p)
      value = scanValue(scan, bytes, valueAt)
      p = scan.cursor.at
      if (i === j && value !== 0 && header.symmetry === 'skew-symmetric')
        throw scan.fail('0 on the diagonal of a skew-symmetric matrix', bytes, valueAt)
    }
    p = endLine(scan, bytes, p)

    const k = entries.count++
    rowIndices[k] = i - 1
    columnIndices[k] = j - 1
    values[k] = value
  }
}

/** Reads whole lines of an array file: one value each, column by column. */
export function scanArray(scan: Scan, bytes: Uint8Array, from: number, to: number): void {
  const { header, entries } = scan
  for (let p = from; p < to; scan.line++) {
    p = skipBlanks(bytes, p)
    if (bytes[p] === NEWLINE || bytes[p] === PERCENT) {
      p = skipLine(scan, bytes, p)
      continue
    }
    if (entries.count === header.entries) throw tooMany(scan, bytes, p)
    entries.values[entries.count++] = scanValue(scan, bytes, p)
    p = endLine(scan, bytes, scan.cursor.at)
  }
}

function scanValue(scan: Scan, bytes: Uint8Array, at: number): number {
  const { cursor } = scan
  cursor.bytes = bytes
  cursor.at = at
  const value = readNumber(cursor)
  if (cursor.at === at || bytes[cursor.at]! > 32) throw scan.fail('a number', bytes, at)
  if (cursor.overflowed) {
    cursor.overflowed = false
    if (!scan.allowOverflow) throw scan.fail('a value within the doubles (see option overflow)', bytes, at)
  }
  if (scan.header.field === 'integer' && !Number.isInteger(value)) {
    const overflowed = scan.allowOverflow && Math.abs(value) === Number.POSITIVE_INFINITY
    if (!overflowed) throw scan.fail('an integer', bytes, at)
  }
  return value
}

function skipBlanks(bytes: Uint8Array, at: number): number {
  while (isBlank(bytes[at]!)) at++
  return at
}

function skipLine(scan: Scan, bytes: Uint8Array, at: number): number {
  const next = bytes.indexOf(NEWLINE, at) + 1
  scan.idle += next - at
  return next
}

function endLine(scan: Scan, bytes: Uint8Array, at: number): number {
  const end = skipBlanks(bytes, at)
  if (bytes[end] !== NEWLINE) throw scan.fail('the end of the line', bytes, end)
  return end + 1
}

/** Either triangle will do, but a file with both would count entries twice in some readers and once in others. */
function chooseTriangle(scan: Scan, i: number, j: number, bytes: Uint8Array, at: number): void {
  if (scan.triangle !== 0) {
    const triangle = scan.triangle > 0 ? 'lower' : 'upper'
    throw scan.fail(`an entry in the ${triangle} triangle of a ${scan.header.symmetry} matrix, as before`, bytes, at)
  }
  scan.triangle = i > j ? 1 : -1
}

const tooMany = (scan: Scan, bytes: Uint8Array, at: number): KrylovError =>
  scan.fail(`no more than the ${scan.header.entries} entries of the size line`, bytes, at)

const badIndex = (scan: Scan, name: string, n: number, bytes: Uint8Array, at: number): KrylovError =>
  scan.fail(`a ${name} index from 1 to ${n}`, bytes, at)
