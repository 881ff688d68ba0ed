import { cosTurns, sinTurns } from '../../core/elementary.ts'
import type { Csr } from '../csr.ts'
import { grid, gridMatrix } from './grid.ts'
import { ninePointMatrix } from './nine-point.ts'
import { checkKeys, checkNumber } from './options.ts'

/** How diffusion depends on direction. */
export interface AnisotropyOptions {
  /** Conductivity across the strong direction, which has 1; above 0, default 0.01. */
  readonly epsilon?: number
  /** Radians from the x axis to the strong direction; default 0. */
  readonly angle?: number
}

/**
 * Rotated anisotropic diffusion on nx x nx interior points of the unit square, zero on the boundary, not scaled by h^2:
 * -(a u_xx + 2 b u_xy + c u_yy) with a = cos^2 + epsilon sin^2, b = (1 - epsilon) cos sin, c = sin^2 + epsilon cos^2.
 * Central differences; u_xy by the four corners. 5 points where b = 0 and 9 points otherwise, of which two have a
 * positive sign. Symmetric positive definite for any epsilon > 0, since b^2 < a c.
 *
 * @returns nx^2 rows, point (x, y) in row y nx + x
 * @throws KrylovError ERR_SHAPE for a bad size, ERR_OPTION for a bad option
 */
export function anisotropic2d(nx: number, options: AnisotropyOptions = {}): Csr {
  const method = 'anisotropic2d'
  checkKeys(method, options, ['epsilon', 'angle'])
  const { epsilon = 0.01, angle = 0 } = options
  checkNumber(method, 'epsilon', epsilon, { above: 0 })
  const turns = checkNumber(method, 'angle', angle) / (2 * Math.PI)
  const cosine = cosTurns(turns)
  const sine = sinTurns(turns)
  const a = cosine * cosine + epsilon * (sine * sine)
  const b = (1 - epsilon) * (cosine * sine)
  const c = sine * sine + epsilon * (cosine * cosine)
  if (b === 0) return fivePoint(method, nx, a, c)
  return ninePointMatrix(method, nx, nx, {
    center: 2 * (a + c),
    east: -a,
    north: -c,
    northEast: -b / 2,
    northWest: b / 2,
  })
}

function fivePoint(method: string, nx: number, a: number, c: number): Csr {
  const points = grid(method, nx, nx, 1)
  const { values, diagonal } = points
  values.fill(-c)
  for (let i = 0; i < diagonal.length; i++) {
    const k = diagonal[i]!
    values[k] = 2 * (a + c)
    if (i % nx > 0) values[k - 1] = -a
    if (i % nx < nx - 1) values[k + 1] = -a
  }
  return gridMatrix(points)
}
