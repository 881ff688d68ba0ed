import type { Observed } from '../completion/observations.ts'
import { KrylovError, refuse } from '../core/errors.ts'
import { openChunks } from './chunks.ts'
import { checkOptions, checkPath, type ReadOptions } from './options.ts'

/** Options of {@link readObserved}. */
export interface ReadObservedOptions extends ReadOptions {
  /** Default: by the name of the file, `.ndjson` and `.jsonl` (also with `.gz`) or else CSV. */
  readonly format?: 'csv' | 'ndjson'
  /** Fields of the row's id, the column's id and the value: names, or positions from 0. Default: the first three. */
  readonly fields?: readonly [row: string | number, column: string | number, value: string | number]
  /** What separates fields of CSV; default a comma. */
  readonly separator?: string
}

/** Observations by the order in which their rows and columns were first met. */
export interface ReadObserved extends Observed {
  readonly rowIndices: Int32Array
  readonly columnIndices: Int32Array
  readonly values: Float64Array
  /** What the file calls row i, and column j. */
  readonly rowIds: readonly string[]
  readonly columnIds: readonly string[]
}

/** Numbers in the order of their arrival, in a list that doubles. */
class Growing<T extends Int32Array | Float64Array> {
  #list: T
  readonly #make: (n: number) => T
  length = 0

  constructor(make: (n: number) => T) {
    this.#make = make
    this.#list = make(1 << 12)
  }

  push(value: number): void {
    if (this.length === this.#list.length) {
      const longer = this.#make(2 * this.length)
      longer.set(this.#list)
      this.#list = longer
    }
    this.#list[this.length++] = value
  }

  done(): T {
    return this.#list.subarray(0, this.length) as T
  }
}

/** Ids by the order in which they are met. */
class Ids {
  readonly list: string[] = []
  readonly #known = new Map<string, number>()

  at(id: string): number {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    this.#known.set(id, this.list.length)
    return this.list.push(id) - 1
  }
}

/**
 * Reads observations from a file of lines, piece by piece: CSV, whose first line is a header where its value is no number,
 * or a JSON object a line. Gzip is known by its magic bytes. A source may also be an async iterable of text or bytes. Ids may
 * be anything; rows and columns are numbered in the order in which they are first met. Fields are not quoted.
 *
 * @throws KrylovError ERR_FORMAT naming the line; ERR_OPTION, ERR_TYPE; errors of the file system pass through unchanged
 */
export async function readObserved(
  source: string | URL | AsyncIterable<string | Uint8Array>,
  options: ReadObservedOptions = {},
): Promise<ReadObserved> {
  const who = 'readObserved'
  const {
    signal,
    separator = ',',
    fields,
  } = checkOptions(who, options, ['maxBytes', 'signal', 'format', 'fields', 'separator'])
  const streamed = typeof source === 'object' && source !== null && Symbol.asyncIterator in source
  const name = streamed ? 'a stream' : String(checkPath(who, source))
  const { format = /\.(ndjson|jsonl)(\.gz)?$/.test(name) ? 'ndjson' : 'csv' } = options
  if (format !== 'csv' && format !== 'ndjson')
    throw refuse('ERR_OPTION', who, 'option format', "'csv' or 'ndjson'", format)
  if (typeof separator !== 'string' || separator === '')
    throw refuse('ERR_OPTION', who, 'option separator', 'text', separator)
  if (fields !== undefined && !(Array.isArray(fields) && fields.length === 3))
    throw refuse('ERR_OPTION', who, 'option fields', '[row, column, value]', fields)
  const [rows, columns] = [new Ids(), new Ids()]
  const [i, j] = [new Growing(n => new Int32Array(n)), new Growing(n => new Int32Array(n))]
  const values = new Growing(n => new Float64Array(n))
  let places: readonly (string | number)[] = fields ?? [0, 1, 2]
  let lines = 0
  const wrong = (wanted: string, line: string) =>
    new KrylovError(
      'ERR_FORMAT',
      `${who}: ${name}, line ${lines}: expected ${wanted}, got ${JSON.stringify(line.slice(0, 60))}`,
    )

  const take = (line: string): void => {
    lines++
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    if (text.trim() === '') return
    const parts = format === 'csv' ? text.split(separator) : fieldsOf(text)
    if (Array.isArray(parts) && format === 'csv' && lines === 1 && isHeader(parts)) {
      places = places.map(place => (typeof place === 'string' ? parts.indexOf(place) : place))
      if (places.includes(-1)) throw wrong(`a header with ${fields!.join(', ')}`, text)
      return
    }
    const [row, column, value] = places.map(place => (parts as Record<string | number, unknown>)[place]) as unknown[]
    const number =
      typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
    if (row === undefined || column === undefined || !Number.isFinite(number))
      throw wrong('a row, a column and a number', text)
    i.push(rows.at(String(row)))
    j.push(columns.at(String(column)))
    values.push(number)
  }
  const isHeader = (parts: readonly unknown[]): boolean =>
    places.some(place => typeof place === 'string') || !Number.isFinite(Number(parts[places[2] as number]))
  const fieldsOf = (text: string): readonly unknown[] | Record<string, unknown> => {
    let record: unknown
    try {
      record = JSON.parse(text)
    } catch {
      throw wrong('a JSON object', text)
    }
    if (typeof record !== 'object' || record === null) throw wrong('a JSON object', text)
    return Array.isArray(record) || fields !== undefined ? (record as Record<string, unknown>) : Object.values(record)
  }

  const chunks = streamed
    ? (source as AsyncIterable<string | Uint8Array>)
    : (await openChunks(who, source as string | URL, signal)).chunks
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    signal?.throwIfAborted()
    const cut = (rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))).split('\n')
    rest = cut.pop()!
    cut.forEach(take)
  }
  if (rest !== '') take(rest)
  return {
    rows: rows.list.length,
    columns: columns.list.length,
    rowIndices: i.done(),
    columnIndices: j.done(),
    values: values.done(),
    rowIds: rows.list,
    columnIds: columns.list,
  }
}
