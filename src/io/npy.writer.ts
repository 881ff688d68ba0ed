import { type FileHandle, open } from 'node:fs/promises'
import { KrylovError, refuse } from '../core/errors.ts'
import { writeBytes } from './file-bytes.ts'
import { formatNpyHeader } from './npy.header.ts'
import { checkShape } from './npy.ts'
import { encodeNumbers } from './npy.types.ts'
import { checkPath } from './options.ts'

/** An .npy file that grows by an item at a time: a whole file after each of them. */
export interface NpyWriter {
  /** Items that were written. */
  readonly count: number
  /**
   * Writes the numbers of one more item, row-major, which are not to be written to until the promise is fulfilled.
   *
   * @throws KrylovError ERR_TYPE, ERR_SHAPE for another item than announced, ERR_UNSUPPORTED once closed
   */
  append(values: Float64Array | Int32Array): Promise<void>
  /** Closes the file, after what is still being written. */
  close(): Promise<void>
}

const MOST = Number.MAX_SAFE_INTEGER // items: room for their number is left in the header

class Writer implements NpyWriter {
  count = 0
  readonly #file: FileHandle
  readonly #shape: readonly number[]
  readonly #length: number
  readonly #descr: string
  readonly #numbers: number
  #last = Promise.resolve()
  #closed = false

  constructor(file: FileHandle, shape: readonly number[], type: 'f8' | 'i4') {
    this.#file = file
    this.#shape = shape
    this.#descr = `<${type}`
    this.#numbers = checkShape('createNpy', shape)
    this.#length = formatNpyHeader(this.#descr, [MOST, ...shape]).length
  }

  async append(values: Float64Array | Int32Array): Promise<void> {
    const who = 'append'
    const type = this.#descr === '<f8' ? Float64Array : Int32Array
    if (this.#closed) throw new KrylovError('ERR_UNSUPPORTED', `${who}: the file is closed`)
    if (!(values instanceof type)) throw refuse('ERR_TYPE', who, 'values', `a ${type.name}`, values)
    if (values.length !== this.#numbers)
      throw refuse(
        'ERR_SHAPE',
        who,
        'values',
        `${this.#numbers} long (shape ${this.#shape.join(' x ')})`,
        values.length,
      )
    this.#last = this.#last.then(async () => {
      const bytes = encodeNumbers(values)
      await writeBytes(this.#file, bytes, this.#length + this.count * bytes.length)
      this.count++
      await this.header()
    })
    await this.#last
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    try {
      await this.#last
    } finally {
      await this.#file.close()
    }
  }

  /** Says how many items there are. */
  async header(): Promise<void> {
    await writeBytes(this.#file, formatNpyHeader(this.#descr, [this.count, ...this.#shape], this.#length), 0)
  }
}

/**
 * Begins an .npy file of items of one shape, the first dimension of which, their number, grows as they are appended: for
 * data that need not fit in memory. `type`: `'f8'` doubles, `'i4'` 32-bit integers.
 *
 * @throws KrylovError ERR_TYPE, ERR_SHAPE, ERR_OPTION. Errors of the file system pass unchanged.
 */
export async function createNpy(
  path: string | URL,
  shape: readonly number[],
  type: 'f8' | 'i4' = 'f8',
): Promise<NpyWriter> {
  const who = 'createNpy'
  checkPath(who, path)
  if (!Array.isArray(shape)) throw refuse('ERR_TYPE', who, 'shape', 'an array of lengths', shape)
  checkShape(who, shape)
  if (type !== 'f8' && type !== 'i4') throw refuse('ERR_OPTION', who, 'type', "'f8' or 'i4'", type)
  const writer = new Writer(await open(path, 'w'), shape, type)
  try {
    await writer.header()
  } catch (error) {
    await writer.close()
    throw error
  }
  return writer
}
