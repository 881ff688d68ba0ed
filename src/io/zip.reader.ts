import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'
import { KrylovError, show } from '../core/errors.ts'
import type { Budget } from './budget.ts'
import { crc32 } from './crc32.ts'

/** A member of a zip archive, as its directory has it. */
export interface ZipMember {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly packedSize: number
  readonly size: number
  /** Where its local header begins. */
  readonly offset: number
  /** Where it must have ended: members that overlap are an attack. */
  readonly limit: number
}

const inflate = promisify(inflateRaw)
const END = 0x06054b50
const END64 = 0x06064b50
const DIRECTORY = 0x02014b50
const LOCAL = 0x04034b50
const LONGEST_END = 22 + 0xffff // bytes: a comment may follow the end record
const WIDE = 0xffffffff // in 32 bits: the true number stands in the zip64 field

const bad = (who: string, expected: string, got: string): KrylovError =>
  new KrylovError('ERR_FORMAT', `${who}: expected ${expected}, got ${got}`)

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Lists a zip archive (APPNOTE 6.3, zip64 included) from its directory at the end. */
export function listZip(who: string, bytes: Uint8Array): readonly ZipMember[] {
  const view = viewOf(bytes)
  let end = bytes.length - 22
  while (end >= 0 && end > bytes.length - LONGEST_END && view.getUint32(end, true) !== END) end--
  if (end < 0 || view.getUint32(end, true) !== END)
    throw bad(who, 'a zip archive', `${bytes.length} bytes without its end`)
  try {
    let count = view.getUint16(end + 10, true)
    let at = view.getUint32(end + 16, true)
    if (count === 0xffff || at === WIDE) {
      const end64 = wide(view, end - 20 + 8)
      if (view.getUint32(end64, true) !== END64) throw new RangeError()
      count = wide(view, end64 + 32)
      at = wide(view, end64 + 48)
    }
    const members: Omit<ZipMember, 'limit'>[] = []
    const starts = [at]
    for (let k = 0; k < count; k++) {
      if (view.getUint32(at, true) !== DIRECTORY) throw new RangeError()
      members.push(member(who, bytes, view, at))
      starts.push(members.at(-1)!.offset)
      at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    }
    starts.sort((a, b) => a - b)
    const limits = new Map<number, number>()
    for (const [k, start] of starts.entries()) if (!limits.has(start)) limits.set(start, starts[k + 1] ?? 0)
    return members.map(entry => ({ ...entry, limit: limits.get(entry.offset)! }))
  } catch (error) {
    throw error instanceof RangeError ? bad(who, 'a whole zip directory', 'a broken one') : error
  }
}

function member(who: string, bytes: Uint8Array, view: DataView, at: number): Omit<ZipMember, 'limit'> {
  const nameEnd = at + 46 + view.getUint16(at + 28, true)
  const name = Buffer.from(bytes.slice(at + 46, nameEnd)).toString('utf8')
  if (view.getUint16(at + 8, true) & 1)
    throw new KrylovError('ERR_UNSUPPORTED', `${who}: expected no encryption, got ${show(name)} encrypted`)
  let extra = nameEnd
  const extraEnd = nameEnd + view.getUint16(at + 30, true)
  while (extra + 4 <= extraEnd && view.getUint16(extra, true) !== 1) extra += 4 + view.getUint16(extra + 2, true)
  let field = extra + 4
  const number = (position: number): number => {
    const narrow = view.getUint32(position, true)
    if (narrow !== WIDE || field >= extraEnd) return narrow
    field += 8
    return wide(view, field - 8)
  }
  const size = number(at + 24)
  const packedSize = number(at + 20)
  const offset = number(at + 42)
  return { name, method: view.getUint16(at + 10, true), crc: view.getUint32(at + 16, true), packedSize, size, offset }
}

const wide = (view: DataView, at: number): number => Number(view.getBigUint64(at, true))

/** The content of a member, checked against its size and CRC; no more than its declared size is ever unpacked. */
export async function readZip(who: string, bytes: Uint8Array, entry: ZipMember, budget: Budget): Promise<Uint8Array> {
  const place = `${who}: ${entry.name}`
  const view = viewOf(bytes)
  const { offset, method, size, packedSize } = entry
  if (!(offset + 30 <= bytes.length && view.getUint32(offset, true) === LOCAL))
    throw bad(place, `a member at byte ${offset}`, 'something else')
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
  if (start + packedSize > entry.limit)
    throw bad(place, `${packedSize} bytes`, `${Math.max(0, entry.limit - start)} before the next member`)
  const packed = bytes.subarray(start, start + packedSize)
  const content = method === 0 ? packed : await unpack(place, method, packed, size, budget)
  if (content.length !== size) throw bad(place, `${size} bytes`, `${content.length}`)
  if (crc32(content) !== entry.crc) throw bad(place, `CRC-32 ${entry.crc.toString(16)}`, crc32(content).toString(16))
  return content
}

async function unpack(place: string, method: number, packed: Uint8Array, size: number, budget: Budget) {
  if (method !== 8)
    throw new KrylovError('ERR_UNSUPPORTED', `${place}: expected compression method 0 or 8, got ${method}`)
  budget.take(size, `${size} bytes unpacked`)
  try {
    return await inflate(packed, { maxOutputLength: Math.max(1, size) })
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    throw new KrylovError('ERR_FORMAT', `${place}: expected ${size} deflated bytes, got ${cause.message}`, { cause })
  }
}
