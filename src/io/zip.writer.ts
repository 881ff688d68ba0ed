import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { deflateRaw } from 'node:zlib'
import { KrylovError } from '../core/errors.ts'
import { crc32 } from './crc32.ts'

const deflate = promisify(deflateRaw)
const LARGEST = 0xffffffff // bytes: beyond this an archive needs zip64
const VERSION = 20
const UTF8 = 0x0800
const DATE = 0x21 // 1980-01-01, so that equal content makes equal files

/** Writes members, each given in parts, to a zip archive. */
export async function writeZip(
  who: string,
  path: string | URL,
  members: Iterable<readonly [name: string, parts: readonly Uint8Array[]]>,
  compressed: boolean,
): Promise<void> {
  const file = await open(path, 'w')
  try {
    const directory: Buffer[] = []
    let offset = 0
    for (const [name, parts] of members) {
      const size = parts.reduce((sum, part) => sum + part.length, 0)
      const crc = parts.reduce((sum, part) => crc32(part, sum), 0)
      if (size > LARGEST) throw tooLarge(who)
      const content = compressed ? [await deflate(Buffer.concat(parts))] : parts
      const packedSize = content.reduce((sum, part) => sum + part.length, 0)
      const label = Buffer.from(name)
      // what the local header and the directory have in common
      const common = numbers(26, [2, VERSION], [2, UTF8], [2, compressed ? 8 : 0], [2, 0], [2, DATE], [4, crc])
      common.writeUInt32LE(packedSize, 14)
      common.writeUInt32LE(size, 18)
      common.writeUInt16LE(label.length, 22)
      const local = [numbers(4, [4, 0x04034b50]), common, label]
      directory.push(numbers(6, [4, 0x02014b50], [2, VERSION]), common, numbers(14), label)
      directory.at(-2)!.writeUInt32LE(offset, 10)
      for (const part of [...local, ...content]) await writeAll(file, part)
      offset += 30 + label.length + packedSize
      if (offset > LARGEST) throw tooLarge(who)
    }
    const listing = Buffer.concat(directory)
    const count = directory.length / 4
    const end = numbers(22, [4, 0x06054b50], [4, 0], [2, count], [2, count], [4, listing.length], [4, offset])
    await writeAll(file, listing)
    await writeAll(file, end)
  } finally {
    await file.close()
  }
}

const tooLarge = (who: string): KrylovError =>
  new KrylovError('ERR_UNSUPPORTED', `${who}: expected an archive below 4 GiB, got a larger one`)

/** A record of little-endian numbers, zeros behind them. */
function numbers(length: number, ...fields: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  const record = Buffer.alloc(length)
  let at = 0
  for (const [bytes, value] of fields) at = record.writeUIntLE(value, at, bytes)
  return record
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, part: Uint8Array): Promise<void> {
  for (let at = 0; at < part.length; )
    at += (await file.write(part, at, Math.min(part.length - at, 1 << 24))).bytesWritten
}
