import { uniform } from '../core/random.ts'
import { type Steps, tick } from '../core/steps.ts'

/** Where fields lie within a few orthonormal directions in which a sample of them spreads most, and how far from those. */
export interface Projection {
  readonly directions: number
  /** Of field i: entries i directions, ... */
  readonly coordinates: Float64Array
  /** Distance of each field from the span of the directions. */
  readonly rest: Float64Array
  /** The largest norm of a field: what rounding is measured by. */
  readonly scale: number
}

const SAMPLE = 64
const SAMPLED = 4_000_000 // entries: 32 MB
const DEPENDENT = 1e-6 // spread, of the first direction's, below which what is left is not worth a direction
const GRAIN = 1_000_000 // operations: about 1 ms

/**
 * Orthonormal directions from a seeded sample of the fields, each the field that is farthest from those before
 * (Gram-Schmidt, pivoted). Work: N d for each direction.
 */
export function* project(fields: readonly Float64Array[], most: number, seed: number): Steps<Projection> {
  const N = fields.length
  const d = N === 0 ? 0 : fields[0]!.length
  const size = Math.min(N, SAMPLE, Math.max(8, Math.floor(SAMPLED / Math.max(1, d))))
  const chosen = size === N ? fields.keys() : uniform(seed, size).map(u => Math.floor(u * N))
  const sample = Array.from(chosen, i => Float64Array.from(fields[i]!))
  const centre = new Float64Array(d)
  for (const y of sample) for (let k = 0; k < d; k++) centre[k]! += y[k]! / size
  for (const y of sample) for (let k = 0; k < d; k++) y[k]! -= centre[k]!

  const Q: Float64Array[] = []
  for (let first = 0; Q.length < Math.min(most, size); ) {
    const norms = sample.map(norm)
    const widest = norms.indexOf(Math.max(...norms))
    first ||= norms[widest]!
    if (!(norms[widest]! > DEPENDENT * first)) break
    const q = sample[widest]!.map(value => value / norms[widest]!)
    for (const y of sample) {
      subtract(q, y)
      yield tick
    }
    Q.push(q)
  }

  const coordinates = new Float64Array(N * Q.length)
  const rest = new Float64Array(N)
  const y = new Float64Array(d)
  let [scale, work] = [0, 0]
  for (let i = 0; i < N; i++) {
    y.set(fields[i]!)
    scale = Math.max(scale, norm(y))
    for (let k = 0; k < d; k++) y[k]! -= centre[k]!
    for (let j = 0; j < Q.length; j++) coordinates[i * Q.length + j] = subtract(Q[j]!, y)
    rest[i] = norm(y)
    work += (Q.length + 1) * d
    if (work > GRAIN) {
      work = 0
      yield tick
    }
  }
  return { directions: Q.length, coordinates, rest, scale }
}

function norm(y: Float64Array): number {
  let sum = 0
  for (let k = 0; k < y.length; k++) sum += y[k]! * y[k]!
  return Math.sqrt(sum)
}

/** y -= q (q . y); returns q . y. */
function subtract(q: Float64Array, y: Float64Array): number {
  let dot = 0
  for (let k = 0; k < y.length; k++) dot += q[k]! * y[k]!
  for (let k = 0; k < y.length; k++) y[k]! -= dot * q[k]!
  return dot
}
