import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { columnNorms } from '../dense/column-norms.ts'

/*
 * Squares of numbers beyond 1e154, or below 1e-154, leave the range of doubles. Columns, and b, of such sizes are solved for in
 * units of their own, powers of two, which change no bit: A C y = u b, x = C y / u.
 */

const [LEAST, MOST] = [1e-100, 1e100]

/** Whether a norm, or zero, has a square that doubles hold, beside others of its kind. */
export const isOrdinary = (norm: number): boolean => norm === 0 || (norm >= LEAST && norm <= MOST)

const powerNear = (norm: number): number =>
  norm === 0 ? 1 : 2 ** Math.max(-1000, Math.min(1000, -Math.floor(Math.log2(norm))))

/** The units of A's columns; undefined where all are ordinary. With a ridge all columns have the same. */
export function unitsOf(norms: Float64Array, ridge: number): Float64Array | undefined {
  if (norms.every(isOrdinary)) return undefined
  if (ridge > 0) return norms.map(() => powerNear(norms.reduce((most, norm) => Math.max(most, norm), 0)))
  return norms.map(powerNear)
}

/** The column norms of a dense matrix; a column with an entry that is not finite has none that is. */
export const normsOf = (A: Dense): Float64Array => columnNorms(A.values, A.columns)

/** A with its columns in these units. */
export function* inUnits({ rows, columns, values }: Dense, units: Float64Array): Steps<Dense> {
  const scaled = float64(values.length)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) scaled[i * columns + j] = values[i * columns + j]! * units[j]!
    if (i % 4096 === 4095) yield tick
  }
  return { rows, columns, values: scaled }
}

/** X from what was found in units of A's columns and of b. */
export function fromUnits(X: Float64Array, s: number, units: Float64Array | undefined, unit: number): void {
  if (units === undefined && unit === 1) return
  for (let at = 0; at < X.length; at++) {
    const scale = units?.[Math.floor(at / s)] ?? 1
    X[at] = scale < 1 === unit < 1 ? (X[at]! / unit) * scale : (X[at]! * scale) / unit
  }
}
