import { KrylovError, show } from '../core/errors.ts'
import { latin1 } from './number-token.ts'

/** What stands before the numbers of an .npy file. */
export interface NpyHeader {
  /** NumPy's name of the type, such as `<f8`. */
  readonly descr: string
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
  /** Where the numbers begin. */
  readonly offset: number
}

const MAGIC = '\x93NUMPY'
const ALIGNMENT = 64 // of the numbers, as NumPy does since 1.14, so that they can be used in place

/** The error for an .npy file that is not one. */
export const notNpy = (who: string, expected: string, got: string): KrylovError =>
  new KrylovError('ERR_FORMAT', `${who}: expected ${expected}, got ${got}`)

/**
 * Parses the header of an .npy file, versions 1.0 to 3.0: a Python dictionary literal with exactly the keys descr,
 * fortran_order and shape. Nothing is evaluated.
 */
export function parseNpyHeader(who: string, bytes: Uint8Array): NpyHeader {
  const magic = latin1(bytes, 0, 6)
  if (magic !== MAGIC) throw notNpy(who, 'an .npy file', bytes.length < 6 ? `${bytes.length} bytes` : show(magic))
  const major = bytes[6] ?? 0
  if (!(major >= 1 && major <= 3)) throw notNpy(who, 'version 1, 2 or 3 of the .npy format', `${major}`)
  const start = major === 1 ? 10 : 12
  if (bytes.length < start) throw notNpy(who, `a header length at byte 8`, `${bytes.length} bytes`)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  const offset = start + length
  if (offset > bytes.length) throw notNpy(who, `a header of ${length} bytes`, `${bytes.length - start} bytes`)
  if (length > 65_536) throw notNpy(who, 'a header of at most 65536 bytes', `${length}`)
  return { ...parseDictionary(who, latin1(bytes, start, offset)), offset }
}

const TUPLE = String.raw`\(\s*(?:\d+L?\s*,\s*(?:\d+L?\s*(?:,\s*\d+L?\s*)*,?\s*)?)?\)`
const ITEM = new RegExp(
  String.raw`\s*'(descr|fortran_order|shape)'\s*:\s*('[^'\\]*'|True|False|${TUPLE}|\[.*\])\s*(?:,|(?=\}))`,
  'y',
)

function parseDictionary(who: string, text: string): Omit<NpyHeader, 'offset'> {
  const items = new Map<string, string>()
  const bad = () => notNpy(who, "a header {'descr': ..., 'fortran_order': ..., 'shape': ...}", show(text.trim()))
  if (!text.startsWith('{')) throw bad()
  ITEM.lastIndex = 1
  let end = 1
  for (let item = ITEM.exec(text); item !== null; item = ITEM.exec(text)) {
    if (items.has(item[1]!)) throw bad()
    items.set(item[1]!, item[2]!)
    end = ITEM.lastIndex
  }
  const [descr, order, shape] = ['descr', 'fortran_order', 'shape'].map(key => items.get(key))
  if (descr === undefined || order === undefined || shape === undefined || !/^\s*\}\s*$/.test(text.slice(end)))
    throw bad()
  if (descr.startsWith('['))
    throw new KrylovError('ERR_UNSUPPORTED', `${who}: expected an array of numbers, got records ${show(descr)}`)
  if (!descr.startsWith("'") || !/^(True|False)$/.test(order) || !shape.startsWith('(')) throw bad()
  const sizes = (shape.match(/\d+/g) ?? []).map(Number)
  if (!sizes.every(Number.isSafeInteger)) throw bad()
  return { descr: descr.slice(1, -1), fortranOrder: order === 'True', shape: sizes }
}

/** The header, version 1.0, at least so many bytes, padded so that the numbers are aligned. */
export function formatNpyHeader(descr: string, shape: readonly number[], atLeast = 0): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`
  const length = Math.ceil(Math.max(atLeast, 10 + text.length + 1) / ALIGNMENT) * ALIGNMENT - 10
  const bytes = Buffer.from(`${MAGIC}\x01\0\0\0${text.padEnd(length - 1)}\n`, 'latin1')
  bytes.writeUInt16LE(length, 8)
  return bytes
}
