import { type Arm, type Csr, fixed, normal, poisson2d, sequence, thompson } from '../../src/index.ts'
import { labelOf } from '../../src/sequence/arms.ts'
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
  ['ric0', { omega: 0.9 }],
  ['ssor', { omega: 1.8 }],
  ['ssor', { omega: 1.5 }],
  ['ict', { dropTolerance: 0.01, omega: 0.97 }],
  ['ict', { dropTolerance: 0.1 }],
  ['twoLevel', { aggregates: 64 }],
  ['twoLevel', { aggregates: 256 }],
  ['amg'],
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

/** One policy's way through the diffusion sequence. */
export interface Tuned {
  readonly policy: string
  /** Counted cost, and measured milliseconds, of the first 200 systems and of all. */
  readonly cost: readonly [number, number]
  readonly time: readonly [number, number]
}

const SHORT = 200

/**
 * Every arm alone, the sequence that tunes itself (three seeds, by counted cost) and the same by measured time, system by
 * system in turn, on one thread. The order of an arm's turn moves from system to system.
 */
export function selfTuning(nx: number, steps: number): readonly Tuned[] {
  const own = (seed: number, loss: 'cost' | 'time') =>
    sequence({ tune: { preconditioner: thompson(), arms }, warmStart: false, seed, loss })
  const players = [
    ...[1, 2, 3].map(seed => ({ policy: `self-tuned, seed ${seed}`, s: own(seed, 'cost') })),
    { policy: 'self-tuned by time', s: own(1, 'time') },
    ...arms.map(arm => ({
      policy: labelOf(arm),
      s: sequence({ tune: { preconditioner: fixed(0), arms: [arm] }, warmStart: false }),
    })),
  ].map(player => ({ ...player, costs: [] as number[], times: [] as number[] }))
  let step = 0
  for (const { A, b } of diffusionSequence(nx, steps)) {
    players.forEach((_, at) => {
      const { s, costs, times } = players[(at + step) % players.length]!
      const begun = performance.now()
      const { converged, choice } = s.solveSync(A, b, { threads: 1 })
      times.push(performance.now() - begun)
      costs.push(choice.loss)
      if (!converged) throw new Error('not converged')
    })
    if (++step % 100 === 0) console.error(`diffusion ${nx}^2: ${step} of ${steps}`)
  }
  const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0)
  return players.map(({ policy, costs, times }) => ({
    policy,
    cost: [sum(costs.slice(0, SHORT)), sum(costs)],
    time: [sum(times.slice(0, SHORT)), sum(times)],
  }))
}
