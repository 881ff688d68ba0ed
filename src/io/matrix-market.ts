import { makeControl } from '../core/control.ts'
import { runAsync, runSync } from '../core/drive.ts'
import { refuse } from '../core/errors.ts'
import type { Dense } from '../core/types.ts'
import type { Csr } from '../sparse/csr.ts'
import { Budget } from './budget.ts'
import { CHUNK } from './chunk-size.ts'
import { MatrixMarketParser } from './matrix-market.parser.ts'
import { checkOptions, checkPath, controlOf, type ReadOptions } from './options.ts'

/** Options of {@link readMatrixMarket}. */
export interface MatrixMarketReadOptions extends ReadOptions {
  /** What a number beyond the doubles, such as 1e999, becomes: an error (default), or an infinity. */
  readonly overflow?: 'error' | 'infinity'
}

/** Options of {@link parseMatrixMarket}. */
export type MatrixMarketParseOptions = Omit<MatrixMarketReadOptions, 'signal'>

/**
 * Reads a Matrix Market file, gzipped or not, without ever holding its text.
 *
 * A coordinate file becomes a `Csr`: both triangles of a symmetric or skew-symmetric file (which may store either, but
 * not a mixture), duplicates summed, pattern entries 1. An array file becomes a `Dense`, row-major; a vector file a
 * `Dense` of one column. `symmetric` of the result is `'yes'` where the file says symmetric (or hermitian). Values are
 * the nearest doubles, integers beyond 2^53 included; `nan` and `inf` are values.
 *
 * Memory: about 16 bytes per stored entry for the triplets and 12 per entry of the result. Allocations beyond
 * `maxBytes` are refused; its default is 4 GiB, and at most 256 MiB + 64 times the text, so that a short file cannot
 * ask for 2^31 rows.
 *
 * The type parameter says which of the two the caller expects, `Csr` unless given: `readMatrixMarket<Dense>(path)`.
 *
 * @throws KrylovError ERR_FORMAT naming file, line, what was expected and what came; ERR_UNSUPPORTED for complex
 * values; ERR_MEMORY; ERR_OPTION. Errors of the file system, such as ENOENT, pass through unchanged; an abort rejects
 * with `signal.reason`.
 */
export async function readMatrixMarket<Matrix extends Csr | Dense = Csr>(
  path: string | URL,
  options: MatrixMarketReadOptions = {},
): Promise<Matrix> {
  const who = 'readMatrixMarket'
  checkPath(who, path)
  const { signal, maxBytes } = checkOptions(who, options, ['signal', 'maxBytes', 'overflow'])
  const allowOverflow = checkOverflow(who, options)
  const control = makeControl(who, controlOf(options))
  const { openChunks } = await import('./chunks.ts')
  const { size, chunks } = await openChunks(who, path, signal)
  const parser = new MatrixMarketParser(`${who}: ${path}`, size, new Budget(who, maxBytes), allowOverflow)
  for await (const chunk of chunks) parser.push(chunk)
  return (await runAsync(parser.finish(), control)) as Matrix
}

/**
 * Parses the text of a Matrix Market file (not gzipped); see {@link readMatrixMarket}, whose errors it shares.
 */
export function parseMatrixMarket<Matrix extends Csr | Dense = Csr>(
  text: string | Uint8Array,
  options: MatrixMarketParseOptions = {},
): Matrix {
  const who = 'parseMatrixMarket'
  if (typeof text !== 'string' && !(text instanceof Uint8Array))
    throw refuse('ERR_TYPE', who, 'text', 'a string or a Uint8Array', text)
  const { maxBytes } = checkOptions(who, options, ['maxBytes', 'overflow'])
  const allowOverflow = checkOverflow(who, options)
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const parser = new MatrixMarketParser(`${who}: <text>`, bytes.length, new Budget(who, maxBytes), allowOverflow)
  for (let from = 0; from < bytes.length; from += CHUNK) parser.push(bytes.subarray(from, from + CHUNK))
  return runSync(parser.finish(), makeControl(who, {})) as Matrix
}

function checkOverflow(who: string, { overflow = 'error' }: MatrixMarketReadOptions): boolean {
  if (overflow !== 'error' && overflow !== 'infinity')
    throw refuse('ERR_OPTION', who, 'option overflow', "'error' or 'infinity'", overflow)
  return overflow === 'infinity'
}
