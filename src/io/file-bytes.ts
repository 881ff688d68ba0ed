import { type FileHandle, open } from 'node:fs/promises'
import type { Budget } from './budget.ts'

const STEP = 1 << 24 // bytes read or written at once: an abort waits for no more

/** A whole file on shared memory, so that arrays in it need no copy. Errors of the file system pass unchanged. */
export async function readBytes(path: string | URL, budget: Budget, signal?: AbortSignal): Promise<Uint8Array> {
  signal?.throwIfAborted()
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const bytes = budget.allocate(size, 'the file', () => new Uint8Array(new SharedArrayBuffer(size)))
    let at = 0
    for (let got = -1; got !== 0 && at < size; at += got) {
      got = (await file.read(bytes, at, Math.min(STEP, size - at), at)).bytesRead
      signal?.throwIfAborted()
    }
    return bytes.subarray(0, at)
  } finally {
    await file.close()
  }
}

/** Writes bytes at a position of a file; returns the position after them. */
export async function writeBytes(file: FileHandle, bytes: Uint8Array, position: number): Promise<number> {
  for (let at = 0; at < bytes.length; )
    at += (await file.write(bytes, at, Math.min(bytes.length - at, STEP), position + at)).bytesWritten
  return position + bytes.length
}
