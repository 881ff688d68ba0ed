import { cosTurns, exp, sinTurns } from '../../core/elementary.ts'
import { refuse } from '../../core/errors.ts'
import { float64 } from '../../core/shared.ts'
import { checkVector } from '../../core/vector.ts'
import type { Csr } from '../csr.ts'
import { checkSize } from '../pattern.ts'
import { spmv } from '../spmv.ts'
import { checkKeys, checkNumber } from './options.ts'
import { poisson2d } from './poisson.ts'

/** Options of {@link heatEquation2d}. */
export interface HeatEquationOptions {
  /** Cells along each axis: (nx - 1)^2 unknowns. */
  readonly nx: number
  /** Time steps, default 5000. */
  readonly steps?: number
  /** Length of a step, default 1e-3. */
  readonly dt?: number
}

/** One time step: the system A x = b whose solution is the temperature at its end. */
export interface HeatStep {
  /** From 0. */
  readonly step: number
  /** The middle of the step, where coefficient and forcing are taken. */
  readonly t: number
  readonly dt: number
  /** c(t). */
  readonly coefficient: number
  /** What a contextual learner is given: [c(t)]. */
  readonly context: readonly [number]
  /** 1 - the spectral radius of the Jacobi iteration matrix of A, from the stencil. */
  readonly jacobiGap: number
  /** I - (c dt / 2) Laplacian. All steps share one pattern. */
  readonly A: Csr
  readonly b: Float64Array
  /** The temperature at the beginning: the first guess. Undefined in the first step, which starts from zero. */
  readonly x0: Float64Array | undefined
  /** Hands in the solution, from which the next step goes on. */
  readonly advance: (x: ArrayLike<number>) => void
}

/** exp(1 - 1 / (1 - (d / r)^2)) inside radius r, 0 outside */
function bump(dx: number, dy: number, radius: number): number {
  const distance = Math.min(1, (dx * dx + dy * dy) / (radius * radius))
  return distance < 1 ? exp(1 - 1 / (1 - distance)) : 0
}

/**
 * The heat equation of Khodak, Chow, Balcan and Talwalkar (2024, section 4.2) on the unit square, zero on its boundary, step
 * by step: Crank-Nicolson with h = 1 / nx, coefficient max(.1 sin 2 pi t, -10 sin 2 pi t) and a bump of radius 1/8 that
 * circles with eight turns per unit of time as forcing, both at the middle of the step; a bump of radius 1/4 at first.
 *
 * @throws KrylovError ERR_SHAPE for a bad nx, ERR_OPTION; and where a step is asked for before the last was advanced
 */
export function* heatEquation2d(options: HeatEquationOptions): Generator<HeatStep, void, undefined> {
  const method = 'heatEquation2d'
  checkKeys(method, options, ['nx', 'steps', 'dt'])
  const { nx, steps = 5000 } = options
  if (checkSize(method, 'nx', nx) < 2) throw refuse('ERR_SHAPE', method, 'nx', 'at least 2', nx)
  checkSize(method, 'steps', steps)
  const dt = checkNumber(method, 'dt', options.dt ?? 1e-3, { above: 0 })

  const side = nx - 1
  const laplacian = poisson2d(side)
  const n = laplacian.rows
  const diagonal = new Int32Array(n)
  const { rowPointers, columnIndices } = laplacian.pattern
  for (let i = 0; i < n; i++) diagonal[i] = columnIndices.indexOf(i, rowPointers[i]!)
  const u = float64(n)
  for (let i = 0; i < n; i++) u[i] = bump(((i % side) + 1) / nx - 0.5, (Math.floor(i / side) + 1) / nx - 0.5, 0.25)
  const Lu = float64(n)
  // of the five-point Laplacian, whose largest eigenvalue is 8 minus its smallest
  const smallest = 4 - 4 * cosTurns(1 / (2 * nx))

  for (let step = 0; step < steps; step++) {
    const t = step * dt + dt / 2
    const sine = sinTurns(t)
    const coefficient = Math.max(0.1 * sine, -10 * sine)
    const scale = (coefficient * dt * nx * nx) / 2
    const values = float64(laplacian.nonZeros)
    for (let k = 0; k < values.length; k++) values[k] = scale * laplacian.values[k]!
    for (let i = 0; i < n; i++) values[diagonal[i]!]! += 1
    const [cx, cy] = [0.5 + cosTurns(8 * t) / 4, 0.5 + sinTurns(8 * t) / 4]
    spmv(laplacian, u, Lu)
    const b = float64(n)
    for (let i = 0; i < n; i++) {
      const [x, y] = [((i % side) + 1) / nx, (Math.floor(i / side) + 1) / nx]
      b[i] = u[i]! - scale * Lu[i]! + dt * 32 * bump(x - cx, y - cy, 0.125)
    }
    let advanced = false
    yield {
      step,
      t,
      dt,
      coefficient,
      context: [coefficient],
      jacobiGap: (1 + scale * smallest) / (1 + 4 * scale),
      A: laplacian.withValues(values),
      b,
      x0: step === 0 ? undefined : u.slice(),
      advance: x => {
        u.set(checkVector(method, 'x', x, n))
        advanced = true
      },
    }
    if (!advanced && step + 1 < steps)
      throw refuse(
        'ERR_OPTION',
        method,
        `step ${step}`,
        'advanced by its solution before the next',
        'no call of advance',
      )
  }
}
