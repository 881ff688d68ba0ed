import { exp } from '../../core/elementary.ts'
import { fillNormal } from '../../core/random.ts'

/*
 * A Gaussian random field is white noise smoothed by a Gaussian. Noise at a spacing of a third of the correlation
 * length is enough: the error in the covariance is then exp(-pi^2 9 / 4) = 2e-10, so the work does not grow with the
 * length, and a seed names the same field on every grid that resolves it.
 */

const REACH = 9 // lattice points on either side: three lengths, where the smoothing kernel is exp(-18) = 2e-8
const TAPS = 2 * REACH

/** For each cell along one axis: the first of the TAPS noise points it sees, and the weight of each. */
interface Smoothing {
  readonly cells: number
  readonly points: number
  readonly first: Int32Array
  readonly weights: Float64Array
}

/**
 * Samples at the centres of m^dimension equal cells of the unit square or cube a Gaussian random field with mean 0,
 * variance 1 and covariance exp(-d^2 / length^2). Where the length is under half a cell, cells are independent.
 *
 * @param m cells along each axis
 * @param length in units of the domain
 * @returns m^dimension values, x fastest
 */
export function gaussianField(dimension: 2 | 3, m: number, length: number, seed: number): Float64Array {
  if (length * m < 0.5) {
    const noise = new Float64Array(m ** dimension)
    fillNormal(noise, seed)
    return noise
  }
  const axis = smoothing(m, length)
  const { points } = axis
  const rows = points ** (dimension - 1)
  let field = new Float64Array(rows * m)
  const noise = new Float64Array(points)
  for (let row = 0; row < rows; row++) {
    fillNormal(noise, seed, 0, row * points)
    smooth(axis, noise, 0, 1, field, row * m)
  }
  for (let inner = m, outer = rows / points; ; inner *= m, outer /= points) {
    const next = new Float64Array(outer * m * inner)
    for (let o = 0; o < outer; o++) smooth(axis, field, o * points * inner, inner, next, o * m * inner)
    if (outer === 1) return next
    field = next
  }
}

function smoothing(m: number, length: number): Smoothing {
  const spacing = length / 3
  const first = new Int32Array(m)
  const weights = new Float64Array(m * TAPS)
  for (let c = 0; c < m; c++) {
    const position = (c + 0.5) / m / spacing
    first[c] = Math.floor(position)
    let squares = 0
    for (let t = 0; t < TAPS; t++) {
      const d = (first[c]! - REACH + 1 + t - position) / 3 // in lengths
      const weight = exp(-2 * d * d)
      weights[c * TAPS + t] = weight
      squares += weight * weight
    }
    for (let t = 0; t < TAPS; t++) weights[c * TAPS + t]! /= Math.sqrt(squares) // unit variance at every cell
  }
  return { cells: m, points: first[m - 1]! + TAPS, first, weights }
}

/** to[c, i] = sum over t of weights[c, t] from[first[c] + t, i] for `inner` values of i. */
function smooth(
  { cells, first, weights }: Smoothing,
  from: Float64Array,
  fromOffset: number,
  inner: number,
  to: Float64Array,
  toOffset: number,
): void {
  for (let c = 0; c < cells; c++)
    for (let i = 0; i < inner; i++) {
      let sum = 0
      for (let t = 0, k = fromOffset + first[c]! * inner + i; t < TAPS; t++, k += inner)
        sum += weights[c * TAPS + t]! * from[k]!
      to[toOffset + c * inner + i] = sum
    }
}
