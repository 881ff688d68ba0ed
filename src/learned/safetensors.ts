import { KrylovError } from '../core/errors.ts'
import { checkWeights, type PreconditionerWeights } from './weights.ts'

/*
 * The safetensors format: the length of a JSON header in 8 bytes, little-endian, the header, and the tensors' numbers.
 * The header names each tensor's type, shape and place; what else there is to know stands as texts in `__metadata__`.
 */

const LONGEST = 1e6 // bytes of a header
/** Of the metadata, what are no texts. */
const NUMBERS = ['version', 'first', 'second', 'hidden', 'rounds', 'damping', 'rate', 'seed']

/** The bytes of a weight file. */
export function encodeWeights(weights: PreconditionerWeights): Uint8Array {
  const metadata: Record<string, string> = {}
  const header: Record<string, unknown> = { __metadata__: metadata }
  const numbers: number[] = []
  for (const [name, value] of Object.entries(weights) as [string, unknown][]) {
    if (value instanceof Float64Array) {
      const begin = 4 * numbers.length
      for (const number of value) numbers.push(number)
      header[name] = { dtype: 'F32', shape: [value.length], data_offsets: [begin, 4 * numbers.length] }
    } else metadata[name] = Array.isArray(value) ? JSON.stringify(value) : String(value)
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const padded = Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(8 + padded + 4 * numbers.length)
  bytes.fill(0x20, 8 + text.length, 8 + padded)
  bytes.set(text, 8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, padded, true)
  for (const [at, value] of numbers.entries()) view.setFloat32(8 + padded + 4 * at, value, true)
  return bytes
}

/** What the bytes of a weight file say; `who` begins the texts of errors. */
export function decodeWeights(who: string, bytes: Uint8Array): PreconditionerWeights {
  const wrong = (wanted: string) => new KrylovError('ERR_FORMAT', `${who}: must be ${wanted}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = bytes.length >= 8 && view.getUint32(4, true) === 0 ? view.getUint32(0, true) : Number.POSITIVE_INFINITY
  if (!(length <= Math.min(LONGEST, bytes.length - 8))) throw wrong('a safetensors file')
  let header: Record<string, unknown>
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.slice(8, 8 + length)))
  } catch {
    throw wrong('a safetensors file, whose header is JSON')
  }
  if (typeof header !== 'object' || header === null) throw wrong('a safetensors file, whose header is an object')
  const { __metadata__, ...tensors } = header
  const metadata = (__metadata__ ?? {}) as Record<string, string>
  if (metadata.kind !== 'weights') throw wrong('a weight file of krylov')
  const given: Record<string, unknown> = Object.create(null)
  for (const [name, text] of Object.entries(metadata)) given[name] = NUMBERS.includes(name) ? Number(text) : text
  try {
    given.features = JSON.parse(metadata.features ?? '')
  } catch {
    throw wrong('a file that lists its features')
  }
  for (const [name, tensor] of Object.entries(tensors)) {
    const { dtype, data_offsets: offsets } = (tensor ?? {}) as { dtype?: unknown; data_offsets?: unknown }
    const [from, to] = (Array.isArray(offsets) ? offsets : []) as number[]
    const fits = Number.isInteger(from) && Number.isInteger(to) && from! >= 0 && from! <= to! && (to! - from!) % 4 === 0
    if (dtype !== 'F32' || !fits || 8 + length + to! > bytes.length) throw wrong(`a file with single numbers '${name}'`)
    const values = new Float64Array((to! - from!) / 4)
    for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(8 + length + from! + 4 * i, true)
    given[name] = values
  }
  return checkWeights(who, 'the file', given)
}
