import { KrylovError } from '../core/errors.ts'
import { checkWeights, type PreconditionerWeights } from './weights.ts'

/*
 * The safetensors format: the length of a JSON header in 8 bytes, little-endian, the header, and the tensors' numbers.
 * The header names each tensor's type, shape and place; what else there is to know stands as texts in `__metadata__`.
 */

const TENSORS = ['numbers', 'smoother'] as const
const LONGEST = 1e6 // bytes of a header

/** The bytes of a weight file. */
export function encodeWeights(weights: PreconditionerWeights): Uint8Array {
  const { kind, numbers, smoother, features, ...facts } = weights
  const metadata: Record<string, string> = { kind, features: JSON.stringify(features) }
  for (const [name, value] of Object.entries(facts)) metadata[name] = String(value)
  const header: Record<string, unknown> = { __metadata__: metadata }
  let end = 0
  for (const name of TENSORS) {
    const { length } = weights[name]
    header[name] = { dtype: 'F32', shape: [length], data_offsets: [end, end + 4 * length] }
    end += 4 * length
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const padded = Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(8 + padded + end)
  bytes.fill(0x20, 8 + text.length, 8 + padded)
  bytes.set(text, 8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, padded, true)
  for (const [at, value] of [...numbers, ...smoother].entries()) view.setFloat32(8 + padded + 4 * at, value, true)
  return bytes
}

/** What the bytes of a weight file say; `who` begins the texts of errors. */
export function decodeWeights(who: string, bytes: Uint8Array): PreconditionerWeights {
  const wrong = (wanted: string) => new KrylovError('ERR_FORMAT', `${who}: must be ${wanted}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = bytes.length >= 8 && view.getUint32(4, true) === 0 ? view.getUint32(0, true) : Number.POSITIVE_INFINITY
  if (!(length <= Math.min(LONGEST, bytes.length - 8))) throw wrong('a safetensors file')
  let header: Record<string, { dtype?: unknown; shape?: unknown; data_offsets?: unknown } & Record<string, unknown>>
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.slice(8, 8 + length)))
  } catch {
    throw wrong('a safetensors file, whose header is JSON')
  }
  if (typeof header !== 'object' || header === null) throw wrong('a safetensors file, whose header is an object')
  const metadata = (header.__metadata__ ?? {}) as Record<string, string>
  if (metadata.kind !== 'weights') throw wrong('a weight file of krylov')
  const tensor = (name: string): Float64Array => {
    const { dtype, data_offsets: offsets } = header[name] ?? {}
    const [from, to] = (Array.isArray(offsets) ? offsets : []) as number[]
    const fits = Number.isInteger(from) && Number.isInteger(to) && from! >= 0 && from! <= to! && (to! - from!) % 4 === 0
    if (dtype !== 'F32' || !fits || 8 + length + to! > bytes.length) throw wrong(`a file with single numbers '${name}'`)
    const values = new Float64Array((to! - from!) / 4)
    for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(8 + length + from! + 4 * i, true)
    return values
  }
  let features: unknown
  try {
    features = JSON.parse(metadata.features ?? '')
  } catch {
    throw wrong('a file that lists its features')
  }
  const number = (name: string): number => Number(metadata[name] ?? Number.NaN)
  return checkWeights(who, 'the file', {
    kind: 'weights',
    version: number('version'),
    model: metadata.model,
    features,
    first: number('first'),
    second: number('second'),
    numbers: tensor('numbers'),
    smoother: tensor('smoother'),
    rate: number('rate'),
    trained: metadata.trained,
    seed: number('seed'),
  })
}
