import { refuse } from '../core/errors.ts'
import { encodeNpy, type NpyArray, type NpyInput } from './npy.ts'
import { checkCompressed, type NpzWriteOptions, npzArray, openNpz } from './npz.archive.ts'
import { checkOptions, checkPath, type ReadOptions } from './options.ts'
import { writeZip } from './zip.writer.ts'

export type { NpzWriteOptions } from './npz.archive.ts'
export { readSparseNpz, writeSparseNpz } from './npz.sparse.ts'

/** Options of {@link readNpz}. */
export interface NpzReadOptions extends ReadOptions {
  /** Which arrays to read; default: all. */
  readonly names?: readonly string[]
}

/**
 * Reads the arrays of an .npz archive of NumPy, compressed or not, by name.
 *
 * @throws KrylovError ERR_FORMAT where it is no such archive, broken, or lacks one of `names`; ERR_UNSUPPORTED for
 * types that `readNpy` does not know (choose others with `names`); ERR_MEMORY beyond `maxBytes` (default 4 GiB, all
 * arrays together). Errors of the file system pass unchanged.
 */
export async function readNpz(path: string | URL, options: NpzReadOptions = {}): Promise<Map<string, NpyArray>> {
  const { names } = checkOptions('readNpz', options, ['maxBytes', 'signal', 'names'])
  if (names !== undefined && !(Array.isArray(names) && names.every(name => typeof name === 'string')))
    throw refuse('ERR_OPTION', 'readNpz', 'option names', 'an array of strings', names)
  const archive = await openNpz('readNpz', path, options)
  const arrays = new Map<string, NpyArray>()
  for (const name of names ?? archive.names) arrays.set(name, await npzArray(archive, name))
  return arrays
}

/**
 * Writes arrays to an .npz archive that `numpy.load` reads. Equal content makes equal files.
 *
 * @throws KrylovError ERR_TYPE, ERR_SHAPE as `writeNpy`; ERR_UNSUPPORTED for archives of 4 GiB or more
 */
export async function writeNpz(
  path: string | URL,
  arrays: Readonly<Record<string, NpyInput>>,
  options: NpzWriteOptions = {},
): Promise<void> {
  const who = 'writeNpz'
  checkPath(who, path)
  const compressed = checkCompressed(who, options)
  if (typeof arrays !== 'object' || arrays === null)
    throw refuse('ERR_TYPE', who, 'arrays', 'a record of arrays', arrays)
  const members = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(who, array)] as const)
  await writeZip(who, path, members, compressed)
}
