import { KrylovError, refuse, show } from '../core/errors.ts'
import { Budget } from './budget.ts'
import { readBytes } from './file-bytes.ts'
import { decodeNpy, type NpyArray } from './npy.ts'
import { checkOptions, checkPath, type ReadOptions } from './options.ts'
import { listZip, readZip } from './zip.reader.ts'

/** Options of the writers of .npz archives. */
export interface NpzWriteOptions {
  /** Deflate the arrays, as `numpy.savez_compressed` does; default true. */
  readonly compressed?: boolean
}

/** An .npz archive that has been opened: the bytes of each array, on request. */
export interface NpzArchive {
  readonly who: string
  readonly names: readonly string[]
  readonly budget: Budget
  bytes(name: string): Promise<Uint8Array>
}

/** Opens an archive; nothing is unpacked yet. */
export async function openNpz(who: string, path: string | URL, options: ReadOptions): Promise<NpzArchive> {
  checkPath(who, path)
  const { maxBytes, signal } = options
  const budget = Budget.forFile(who, maxBytes)
  const place = `${who}: ${path}`
  const archive = await readBytes(path, budget, signal)
  const members = new Map(listZip(place, archive).map(member => [member.name.replace(/\.npy$/, ''), member]))
  return {
    who: place,
    names: [...members.keys()],
    budget,
    bytes: async name => {
      signal?.throwIfAborted()
      const member = members.get(name)
      if (member === undefined)
        throw new KrylovError(
          'ERR_FORMAT',
          `${place}: expected an array ${show(name)}, got ${[...members.keys()].join(', ')}`,
        )
      return readZip(place, archive, member, budget)
    },
  }
}

/** One array of an open archive. */
export async function npzArray(archive: NpzArchive, name: string): Promise<NpyArray> {
  return decodeNpy(`${archive.who}: ${name}`, await archive.bytes(name), archive.budget)
}

/** Checks the options of the two writers. */
export function checkCompressed(who: string, options: NpzWriteOptions): boolean {
  const { compressed = true } = checkOptions<NpzWriteOptions & ReadOptions>(who, options, ['compressed'])
  if (typeof compressed !== 'boolean') throw refuse('ERR_OPTION', who, 'option compressed', 'true or false', compressed)
  return compressed
}
