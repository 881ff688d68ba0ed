import { type Arm, type Csr, normal, poisson2d, type SequenceReport, sequence, thompson } from '../../src/index.ts'
import { gaussianField } from '../../src/sparse/gallery/random-field.ts'

/*
 * The diffusion sequence of the self-tuning preconditioner: -div(exp(g_t) grad) on nx^2 points, g_t = rho g_(t-1) +
 * sqrt(1 - rho^2) xi_t with Gaussian fields xi of correlation length .05; a normal right-hand side.
 */

const RHO = 0.99

export const arms: readonly Arm[] = [
  ['ic0'],
  ['ric0', { omega: 0.999 }],
  ['ric0', { omega: 0.99 }],
  ['ric0', { omega: 0.9999 }],
  ['ric0', { omega: 0.9 }],
  ['ric0', { omega: 1 }],
  ['ssor', { omega: 1.8 }],
  ['ssor', { omega: 1.6 }],
  ['ssor', { omega: 1 }],
  ['chebyshev', { degree: 8 }],
  ['chebyshev'],
  ['jacobi'],
]

export interface System {
  readonly A: Csr
  readonly b: Float64Array
}

export function* diffusionSequence(nx: number, steps: number, seed = 1, variance = 0.5): Generator<System> {
  const pattern = poisson2d(nx)
  const m = nx + 1
  let g = gaussianField(2, m, 0.05, seed)
  for (let step = 0; step < steps; step++) {
    if (step > 0) {
      const xi = gaussianField(2, m, 0.05, seed + 1000 * step)
      g = g.map((value, c) => RHO * value + Math.sqrt(1 - RHO ** 2) * xi[c]!)
    }
    const k = g.map(value => Math.exp(Math.sqrt(variance) * value))
    yield { A: matrix(pattern, nx, k), b: normal(seed + 7, nx * nx, step) }
  }
}

/** Conductivity k on the (nx + 1)^2 cells between the points: the matrix of `diffusion2d`. */
function matrix(grid: Csr, nx: number, k: Float64Array): Csr {
  const m = nx + 1
  const { rowPointers, columnIndices } = grid.pattern
  const values = new Float64Array(grid.nonZeros)
  for (let i = 0; i < grid.rows; i++) {
    const c = Math.floor(i / nx) * m + (i % nx)
    const [sw, se, nw, ne] = [k[c]!, k[c + 1]!, k[c + m]!, k[c + m + 1]!]
    for (let at = rowPointers[i]!; at < rowPointers[i + 1]!; at++) {
      const j = columnIndices[at]! - i
      values[at] =
        j === 0 ? sw + se + nw + ne : -0.5 * (j === 1 ? se + ne : j === -1 ? sw + nw : j > 0 ? nw + ne : sw + se)
    }
  }
  return grid.withValues(values)
}

/** Counted cost of each arm alone, and of the sequence that tunes itself; milliseconds of the reference and of the latter. */
export function tuned(
  nx: number,
  steps: number,
  compared: readonly Arm[],
  seed = 1,
): readonly [SequenceReport, readonly SequenceReport[]] {
  const learner = sequence({ tune: { preconditioner: thompson(), arms }, warmStart: false, seed })
  const alone = compared.map(arm =>
    sequence({ tune: { preconditioner: thompson(), arms: [arm] }, warmStart: false, seed }),
  )
  for (const { A, b } of diffusionSequence(nx, steps, seed))
    for (const s of [learner, ...alone])
      if (!s.solveSync(A, b, { threads: 1 }).converged) throw new Error('not converged')
  return [learner.report(), alone.map(s => s.report())]
}
