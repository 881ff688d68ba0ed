import { refuse } from '../core/errors.ts'
import { float64, sharedFloat64 } from '../core/shared.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { largestOf, unitOf } from '../krylov/units.ts'
import type { RecycleChoice } from './choice.ts'
import type { SpaceHistory } from './history.ts'

/** What a solver leaves for the next system, as plain data: a subspace, and the last solutions. */
export interface RecycledSpace {
  readonly kind: 'recycled-space'
  /** Unknowns of the systems it is for. */
  readonly rows: number
  /** Vectors of the subspace. */
  readonly columns: number
  /** U, columns x rows: one vector after the other. It lies in the space that the preconditioner maps from. */
  readonly vectors: Float64Array
  /** C = A M^-1 U for the system it came from, orthonormal; compared with, never trusted. Empty where there are none. */
  readonly images: Float64Array
  /** The last solutions, the newest first, one after the other. */
  readonly solutions: Float64Array
  /** What it knows of the sequence, which says when it is worth its products. */
  readonly history?: SpaceHistory
  /** What `recycle: 'auto'` knows of the sequence. */
  readonly choice?: RecycleChoice
}

/** A space with nothing in it. */
export const emptySpace = (rows: number): RecycledSpace => ({
  kind: 'recycled-space',
  rows,
  columns: 0,
  vectors: sharedFloat64([]),
  images: sharedFloat64([]),
  solutions: sharedFloat64([]),
})

/** Checks the option `space`: for n unknowns, finite, in double precision. */
export function checkSpace(method: string, given: unknown, n: number): RecycledSpace {
  if (given === undefined) return emptySpace(n)
  const name = 'option space'
  if (typeof given !== 'object' || given === null || (given as { kind?: unknown }).kind !== 'recycled-space')
    throw refuse('ERR_TYPE', method, name, 'a recycled space', given)
  const { rows, columns, ...fields } = given as Record<keyof RecycledSpace, unknown>
  if (rows !== n) throw refuse('ERR_SHAPE', method, `${name}.rows`, String(n), rows)
  if (typeof columns !== 'number' || !Number.isInteger(columns) || columns < 0)
    throw refuse('ERR_SHAPE', method, `${name}.columns`, 'a non-negative integer', columns)
  const array = (field: 'vectors' | 'images' | 'solutions', columns?: number): Float64Array => {
    const value = fields[field]
    if (!(value instanceof Float64Array)) throw refuse('ERR_TYPE', method, `${name}.${field}`, 'a Float64Array', value)
    const whole = n === 0 ? 0 : Math.floor(value.length / n)
    const count = field === 'images' && value.length === 0 ? 0 : columns
    const vector = checkVector(method, `${name}.${field}`, value, (count ?? whole) * n)
    checkFinite(method, `${name}.${field}`, vector)
    return sharedFloat64(vector)
  }
  const [vectors, images, solutions] = [array('vectors', columns), array('images', columns), array('solutions')]
  const { choice, history } = given as RecycledSpace // checked where they are used
  return {
    kind: 'recycled-space',
    rows: n,
    columns,
    vectors,
    images,
    solutions,
    ...(history !== undefined && { history }),
    ...(choice !== undefined && { choice }),
  }
}

/** The same vectors of n entries, each in units in which it is near 1: their span is what matters, and squares must not overflow. */
export function inUnits(vectors: Float64Array, n: number): Float64Array {
  const units = Array.from({ length: n === 0 ? 0 : vectors.length / n }, (_, j) =>
    unitOf(largestOf(vectors.subarray(j * n, (j + 1) * n))),
  )
  if (units.every(unit => unit === 1)) return vectors
  const scaled = float64(vectors.length)
  for (let i = 0; i < vectors.length; i++) scaled[i] = vectors[i]! * units[Math.floor(i / n)]!
  return scaled
}

/** Solutions from the newest on, at most so many. */
export function remembered(x: Float64Array, earlier: Float64Array, most: number): Float64Array {
  const n = x.length
  const all = float64(Math.min(most * n, n + earlier.length))
  if (all.length === 0) return all
  all.set(x)
  all.set(earlier.subarray(0, all.length - n), n)
  return all
}
