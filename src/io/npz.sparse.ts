import { makeControl } from '../core/control.ts'
import { runAsync } from '../core/drive.ts'
import { KrylovError, show } from '../core/errors.ts'
import { sharedFloat64, sharedInt32 } from '../core/shared.ts'
import type { CsrData } from '../core/types.ts'
import { Csr } from '../sparse/csr.ts'
import { trust } from '../sparse/pattern.ts'
import { Budget } from './budget.ts'
import { compressRows } from './compress-rows.ts'
import { formatNpyHeader, parseNpyHeader } from './npy.header.ts'
import { encodeNpy } from './npy.ts'
import { checkCompressed, type NpzArchive, type NpzWriteOptions, npzArray, openNpz } from './npz.archive.ts'
import { latin1 } from './number-token.ts'
import { checkOptions, checkPath, controlOf, type ReadOptions } from './options.ts'
import { writeZip } from './zip.writer.ts'

/**
 * Reads a sparse matrix that `scipy.sparse.save_npz` wrote: csr, csc or coo, of any real type, sorted or not;
 * duplicates are summed.
 *
 * @throws KrylovError ERR_FORMAT where it is no such file or its arrays do not fit together, ERR_UNSUPPORTED for
 * other formats and complex values, ERR_MEMORY beyond `maxBytes` (default 4 GiB). Errors of the file system pass
 * unchanged.
 */
export async function readSparseNpz(path: string | URL, options: ReadOptions = {}): Promise<Csr> {
  const who = 'readSparseNpz'
  checkOptions(who, options, ['maxBytes', 'signal'])
  const control = makeControl(who, controlOf(options))
  const archive = await openNpz(who, path, options)
  const format = await readFormat(archive)
  const [rows, columns, ...more] = (await npzArray(archive, 'shape')).values
  if (rows === undefined || columns === undefined || more.length > 0 || ![rows, columns].every(is32Bit))
    throw bad(archive, 'a shape of two 32-bit sizes', show([rows, columns, ...more].join(', ')))
  const values = sharedFloat64((await npzArray(archive, 'data')).values)
  const pointers = new Budget(who, options.maxBytes) // a short file may say coo and ask for 2^31 rows
  pointers.arrived(values.byteLength)
  pointers.take((Math.max(rows, columns) + 1) * 8, `the pointers of ${rows} x ${columns}`)
  if (format === 'coo') {
    const [i, j] = await readCoordinates(archive)
    return fitting(archive, () => Csr.fromTriplets(rows, columns, i, j, values))
  }
  const [major, minor] = format === 'csr' ? [rows, columns] : [columns, rows]
  const rowPointers = narrow(archive, 'indptr', (await npzArray(archive, 'indptr')).values)
  const columnIndices = narrow(archive, 'indices', (await npzArray(archive, 'indices')).values)
  const pattern = { rows: major, columns: minor, rowPointers, columnIndices }
  checkCompressedRows(archive, { pattern, values })
  const sorted = await runAsync(compressRows({ pattern, values }, archive.budget), control)
  const A = Csr.from({ pattern: trust(sorted.pattern), values: sorted.values })
  return format === 'csr' ? A : A.transpose()
}

/**
 * Writes a sparse matrix that `scipy.sparse.load_npz` reads, as csr.
 *
 * @throws KrylovError ERR_TYPE where `A` is not one; ERR_UNSUPPORTED for archives of 4 GiB or more
 */
export async function writeSparseNpz(path: string | URL, A: CsrData, options: NpzWriteOptions = {}): Promise<void> {
  const who = 'writeSparseNpz'
  checkPath(who, path)
  const compressed = checkCompressed(who, options)
  const { pattern, values, rows, columns } = Csr.from(A, who)
  const members = [
    ['indices.npy', encodeNpy(who, pattern.columnIndices)],
    ['indptr.npy', encodeNpy(who, pattern.rowPointers)],
    ['format.npy', [formatNpyHeader('|S3', []), Buffer.from('csr')]],
    ['shape.npy', encodeNpy(who, Int32Array.of(rows, columns))],
    ['data.npy', encodeNpy(who, values)],
  ] as const
  await writeZip(who, path, members, compressed)
}

const bad = ({ who }: NpzArchive, expected: string, got: string): KrylovError =>
  new KrylovError('ERR_FORMAT', `${who}: expected ${expected}, got ${got}`)

const is32Bit = (n: number): boolean => n >= 0 && n < 2 ** 31

/** The name of the format: bytes, or text as Python 2 wrote it. */
async function readFormat(archive: NpzArchive): Promise<'csr' | 'csc' | 'coo'> {
  const bytes = await archive.bytes('format')
  const { descr, offset } = parseNpyHeader(`${archive.who}: format`, bytes)
  if (!/^[|<>][SU]\d+$/.test(descr)) throw bad(archive, 'the format as text', show(descr))
  const name = latin1(bytes, offset, bytes.length).replaceAll('\0', '')
  if (name === 'csr' || name === 'csc' || name === 'coo') return name
  throw new KrylovError('ERR_UNSUPPORTED', `${archive.who}: expected format csr, csc or coo, got ${show(name)}`)
}

async function readCoordinates(archive: NpzArchive): Promise<[rows: Int32Array, columns: Int32Array]> {
  if (!archive.names.includes('coords')) {
    const rows = narrow(archive, 'row', (await npzArray(archive, 'row')).values)
    return [rows, narrow(archive, 'col', (await npzArray(archive, 'col')).values)]
  }
  const both = narrow(archive, 'coords', (await npzArray(archive, 'coords')).values)
  return [both.subarray(0, both.length / 2), both.subarray(both.length / 2)]
}

function narrow(archive: NpzArchive, name: string, indices: Float64Array | Int32Array): Int32Array {
  if (indices instanceof Int32Array) return indices
  const wrong = indices.find(index => (index | 0) !== index)
  if (wrong !== undefined) throw bad(archive, `32-bit integers in ${name}`, `${wrong}`)
  archive.budget.take(indices.length * 4, name)
  return sharedInt32(indices)
}

function fitting<T>(archive: NpzArchive, make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (!(cause instanceof KrylovError) || cause.code === 'ERR_MEMORY') throw cause
    throw new KrylovError('ERR_FORMAT', `${archive.who}: ${cause.message}`, { cause })
  }
}

/** As SciPy demands it: columns within a row may come in any order, and repeat. */
function checkCompressedRows(archive: NpzArchive, { pattern, values }: CsrData): void {
  const { rows, columns, rowPointers, columnIndices } = pattern
  const n = columnIndices.length
  if (rowPointers.length !== rows + 1) throw bad(archive, `indptr ${rows + 1} long`, `${rowPointers.length}`)
  if (rowPointers[0] !== 0) throw bad(archive, 'indptr[0] = 0', `${rowPointers[0]}`)
  if (rowPointers[rows] !== n) throw bad(archive, `indptr[${rows}] = ${n}, as many as indices`, `${rowPointers[rows]}`)
  if (values.length !== n) throw bad(archive, `data ${n} long`, `${values.length}`)
  for (let i = 0; i < rows; i++)
    if (rowPointers[i + 1]! < rowPointers[i]!)
      throw bad(archive, `indptr[${i + 1}] >= ${rowPointers[i]}`, `${rowPointers[i + 1]}`)
  for (let k = 0; k < n; k++)
    if (!(columnIndices[k]! >= 0 && columnIndices[k]! < columns))
      throw bad(archive, `indices[${k}] from 0 to ${columns - 1}`, `${columnIndices[k]}`)
}
