import { cosTurns, sinTurns } from '../../core/elementary.ts'
import type { Csr } from '../csr.ts'
import { grid, gridMatrix } from './grid.ts'
import { checkKeys, checkNumber } from './options.ts'

/** What is transported, and how fast it spreads. */
export interface ConvectionOptions {
  /** Diffusion nu, above 0; default 0.01. */
  readonly diffusion?: number
  /** Speed |v|, 0 or more; default 1. */
  readonly speed?: number
  /** Radians from the x axis to the direction of v; default 0. */
  readonly angle?: number
}

/**
 * -nu Laplace u + v . grad u on nx x nx interior points of the unit square, zero on the boundary, times h^2: 5 points, the
 * gradient by differences against the wind, so that off-diagonal entries are never positive and rows are dominant. Not
 * symmetric unless the speed is 0.
 *
 * @returns nx^2 rows, point (x, y) in row y nx + x
 * @throws KrylovError ERR_SHAPE for a bad size, ERR_OPTION for a bad option
 */
export function convectionDiffusion2d(nx: number, options: ConvectionOptions = {}): Csr {
  const method = 'convectionDiffusion2d'
  checkKeys(method, options, ['diffusion', 'speed', 'angle'])
  const { diffusion = 0.01, speed = 1, angle = 0 } = options
  const nu = checkNumber(method, 'diffusion', diffusion, { above: 0 })
  const turns = checkNumber(method, 'angle', angle) / (2 * Math.PI)
  const points = grid(method, nx, nx, 1)
  const reach = checkNumber(method, 'speed', speed, { least: 0 }) / (nx + 1) // |v| h
  const [u, v] = [reach * cosTurns(turns), reach * sinTurns(turns)]
  const { values, diagonal } = points
  for (let i = 0; i < diagonal.length; i++) {
    const [x, y, k] = [i % nx, Math.floor(i / nx), diagonal[i]!]
    values[k] = 4 * nu + Math.abs(u) + Math.abs(v)
    if (x > 0) values[k - 1] = -nu - Math.max(u, 0)
    if (x < nx - 1) values[k + 1] = -nu + Math.min(u, 0)
    if (y > 0) values[k - (x > 0 ? 2 : 1)] = -nu - Math.max(v, 0)
    if (y < nx - 1) values[k + (x < nx - 1 ? 2 : 1)] = -nu + Math.min(v, 0)
  }
  return gridMatrix(points, speed === 0 ? 'yes' : 'no')
}
