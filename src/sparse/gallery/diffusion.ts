import { exp, log } from '../../core/elementary.ts'
import { refuse } from '../../core/errors.ts'
import { checkSeed } from '../../core/random.ts'
import type { Csr } from '../csr.ts'
import { type Grid, grid, gridMatrix } from './grid.ts'
import { checkKeys, checkNumber } from './options.ts'
import { gaussianField } from './random-field.ts'

/** The random conductivity k = exp(g) of a diffusion problem; g is a Gaussian field. */
export interface DiffusionOptions {
  /** Variance of g, at most 1000; default 0.5. */
  readonly variance?: number
  /** Largest over smallest k; g is scaled to reach it, and k is even about 1. In place of `variance`. */
  readonly contrast?: number
  /** Correlation length l of g in units of the domain: covariance exp(-d^2 / l^2); at most 1000, default 0.05. */
  readonly length?: number
  /** An integer from 0 to 2^53 - 1; default 0. The same seed gives the same bits on every machine. */
  readonly seed?: number
}

/**
 * -div(k grad u) on nx x nx interior points of the unit square, zero on the boundary: k is constant on each of the
 * (nx + 1)^2 cells between the points, an edge has the mean of its two cells, the diagonal the sum of its four; scaled
 * by (nx + 1)^2. The family of Trifonov et al., "Learning from linear algebra: a graph neural network approach to
 * preconditioner design" (2024). Symmetric to the bit, positive definite, no positive entry off the diagonal.
 *
 * @returns nx^2 rows, point (x, y) in row y nx + x
 * @throws KrylovError ERR_SHAPE for a bad size, ERR_OPTION for a bad option
 */
export function diffusion2d(nx: number, options: DiffusionOptions = {}): Csr {
  const conductivity = checkDiffusion('diffusion2d', options)
  const points = grid('diffusion2d', nx, nx, 1)
  if (nx > 0) fill2d(points, nx, conductivity(2, nx + 1))
  return gridMatrix(points)
}

/**
 * The same in three dimensions: nx^3 interior points of the unit cube, (nx + 1)^3 cells, an edge has the mean of its
 * four cells, the diagonal the sum of its six edges; scaled by (nx + 1)^2.
 *
 * @returns nx^3 rows, point (x, y, z) in row (z nx + y) nx + x
 * @throws KrylovError ERR_SHAPE for a bad size, ERR_OPTION for a bad option
 */
export function diffusion3d(nx: number, options: DiffusionOptions = {}): Csr {
  const conductivity = checkDiffusion('diffusion3d', options)
  const points = grid('diffusion3d', nx, nx, nx)
  if (nx > 0) fill3d(points, nx, conductivity(3, nx + 1))
  return gridMatrix(points)
}

type Conductivity = (dimension: 2 | 3, m: number) => Float64Array

function checkDiffusion(method: string, options: DiffusionOptions): Conductivity {
  checkKeys(method, options, ['variance', 'contrast', 'length', 'seed'])
  if (options.contrast !== undefined && options.variance !== undefined)
    throw refuse('ERR_OPTION', method, 'option contrast', 'given without variance', options.contrast)
  const { variance = 0.5, contrast, length = 0.05, seed = 0 } = options
  checkNumber(method, 'variance', variance, { least: 0, most: 1000 }) // beyond, k may overflow
  if (contrast !== undefined) checkNumber(method, 'contrast', contrast, { least: 1 })
  checkNumber(method, 'length', length, { above: 0, most: 1000 }) // beyond, g is constant to rounding
  checkSeed(method, 'option seed', seed)
  return (dimension, m) => {
    const g = gaussianField(dimension, m, length, seed)
    const [scale, middle] = contrast === undefined ? [Math.sqrt(variance), 0] : spread(g, contrast)
    for (let c = 0; c < g.length; c++) g[c] = exp(scale * (g[c]! - middle))
    return g
  }
}

/** What takes g to k from 1 / sqrt(contrast) to sqrt(contrast), however far from 0 a smooth g lies. */
function spread(g: Float64Array, contrast: number): readonly [scale: number, middle: number] {
  let least = g[0]!
  let most = g[0]!
  for (let c = 1; c < g.length; c++) {
    least = Math.min(least, g[c]!)
    most = Math.max(most, g[c]!)
  }
  return [log(contrast) / (most - least), 0.5 * (most + least)]
}

function fill2d({ values, diagonal }: Grid, n: number, k: Float64Array): void {
  const m = n + 1
  const scale = m * m
  for (let y = 0, i = 0; y < n; y++)
    for (let x = 0; x < n; x++, i++) {
      const c = y * m + x
      const d = diagonal[i]!
      values[d] = scale * (k[c]! + k[c + 1]! + k[c + m]! + k[c + m + 1]!)
      if (x < n - 1) values[d + 1] = values[diagonal[i + 1]! - 1] = -scale * (0.5 * (k[c + 1]! + k[c + m + 1]!))
      if (y < n - 1) {
        const north = diagonal[i + n]! - (x > 0 ? 2 : 1)
        values[d + (x < n - 1 ? 2 : 1)] = values[north] = -scale * (0.5 * (k[c + m]! + k[c + m + 1]!))
      }
    }
}

function fill3d({ values, diagonal }: Grid, n: number, k: Float64Array): void {
  const m = n + 1
  const mm = m * m
  const scale = mm
  const mean = (a: number, step: number, stride: number): number =>
    0.25 * (k[a]! + k[a + step]! + (k[a + stride]! + k[a + step + stride]!))
  for (let z = 0, i = 0; z < n; z++)
    for (let y = 0; y < n; y++)
      for (let x = 0; x < n; x++, i++) {
        const c = (z * m + y) * m + x
        const d = diagonal[i]!
        const east = mean(c + 1, m, mm)
        const north = mean(c + m, 1, mm)
        const up = mean(c + mm, 1, m)
        values[d] = scale * (mean(c, m, mm) + east + (mean(c, 1, mm) + north) + (mean(c, 1, m) + up))
        let next = d + 1
        if (x < n - 1) values[next++] = values[diagonal[i + 1]! - 1] = -scale * east
        if (y < n - 1) values[next++] = values[diagonal[i + n]! - (x > 0 ? 2 : 1)] = -scale * north
        if (z < n - 1) values[next] = values[diagonal[i + n * n]! - 1 - (x > 0 ? 1 : 0) - (y > 0 ? 1 : 0)] = -scale * up
      }
}
