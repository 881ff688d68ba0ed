import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { KrylovError } from '../core/errors.ts'
import { CHUNK } from './chunk-size.ts'

/** A file as chunks of bytes, unpacked where it is gzipped. */
export interface ByteSource {
  /** Length of the text, where it is known beforehand: not for gzip, pipes and devices. */
  readonly size: number | undefined
  readonly chunks: AsyncIterable<Uint8Array>
}

/** Opens a file; gzip is known by its magic bytes. Errors of the file system pass through unchanged. */
export async function openChunks(who: string, path: string | URL, signal?: AbortSignal): Promise<ByteSource> {
  signal?.throwIfAborted()
  const file = await open(path)
  try {
    const stats = await file.stat()
    const magic = stats.isFile() ? (await file.read(new Uint8Array(2), 0, 2, 0)).buffer : new Uint8Array(2)
    await file.close()
    const zipped = magic[0] === 0x1f && magic[1] === 0x8b
    const chunks = read(`${who}: ${path}`, path, zipped, signal)
    return { size: zipped || !stats.isFile() ? undefined : stats.size, chunks }
  } catch (error) {
    await file.close().catch(() => {})
    throw error
  }
}

async function* read(name: string, path: string | URL, zipped: boolean, signal?: AbortSignal) {
  const file = createReadStream(path, { highWaterMark: CHUNK })
  // the iterator below reports what fails in either of the two
  const stream: Readable = zipped ? pipeline(file, createGunzip({ chunkSize: CHUNK }), () => {}) : file
  const stop = () => stream.destroy()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    for await (const chunk of stream) {
      signal?.throwIfAborted()
      yield chunk as Uint8Array
    }
    signal?.throwIfAborted()
  } catch (error) {
    signal?.throwIfAborted()
    throw isZlibError(error)
      ? new KrylovError('ERR_FORMAT', `${name}: expected gzip data, got ${error.message}`, { cause: error })
      : error
  } finally {
    signal?.removeEventListener('abort', stop)
    file.destroy()
  }
}

const isZlibError = (error: unknown): error is Error =>
  error instanceof Error && String((error as { code?: unknown }).code).startsWith('Z_')
