import { orderBySimilaritySync } from '../../src/batch/order.ts'
import { normal } from '../../src/core/random.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { convectionDiffusion2d } from '../../src/sparse/gallery/convection.ts'
import { diffusion3d } from '../../src/sparse/gallery/diffusion.ts'
import { type Grid, grid, gridMatrix } from '../../src/sparse/gallery/grid.ts'
import { field } from './field.ts'

/** One system of a sequence. */
export interface System {
  readonly A: Csr
  readonly b: Float64Array
}

/** Systems on s x s interior points, in the order in which they are solved. */
export type Family = (s: number, count: number) => readonly System[]

/** Wang et al. (2024) as published: -Laplace(a u), whose upper diagonal takes its field two cells to the left. */
export const published: Family = (s, count) =>
  conductivities(s, count).map(a => ({ A: asPublished(s, a), b: source(s) }))

/** -div(a grad u) with the same fields. */
export const darcy: Family = (s, count) => conductivities(s, count).map(a => ({ A: divergence(s, a), b: source(s) }))

/** The same systems as they were drawn, each with its field. */
export const darcySamples = (s: number, count: number) =>
  drawn(s, count).map(a => ({ A: divergence(s, a), b: source(s), field: a }))

/** -Laplace u - k^2 (1 + g / 5) u, k^2 midway between the 12th and the 13th eigenvalue, g with a memory of .99. */
export const helmholtz: Family = (s, count) => {
  const square = between(s) / (s + 1) ** 2 // k^2 h^2
  const rho = 0.99
  let g = field(s, s, 0)
  return Array.from({ length: count }, (_, step) => {
    if (step > 0) {
      const fresh = field(s, s, step)
      g = g.map((value, i) => rho * value + Math.sqrt(1 - rho * rho) * fresh[i]!)
    }
    const A = stencil(s, i => [4 - square * (1 + g[i]! / 5), -1, -1, -1, -1], 'yes')
    return { A, b: source(s) }
  })
}

/** -nu Laplace u + v . grad u against the wind, whose direction drifts by a degree a step. */
export const convection: Family = (s, count) =>
  Array.from({ length: count }, (_, step) => ({
    A: convectionDiffusion2d(s, { diffusion: 0.01, angle: (step * Math.PI) / 180 }),
    b: source(s),
  }))

/** -div(k grad u) on s x s x s points, k drifting from one random field towards another by a fiftieth a step. */
export const drifting3d: Family = (s, count) => {
  const [one, other] = [1, 2].map(seed => diffusion3d(s, { length: 0.3, seed })) as [Csr, Csr]
  const b = new Float64Array(s ** 3).fill(1)
  return Array.from({ length: count }, (_, step) => {
    const t = step / 50
    return { A: one.withValues(one.values.map((a, k) => (1 - t) * a + t * other.values[k]!)), b }
  })
}

/** The first matrix of a family with right-hand sides that have nothing in common. */
export const sides =
  (family: Family): Family =>
  (s, count) => {
    const [system] = family(s, 1)
    return Array.from({ length: count }, (_, step) => ({ A: system!.A, b: normal(1000 + step, s * s) }))
  }

/** The matrices of a family with right-hand sides that have nothing in common. */
export const unrelated =
  (family: Family): Family =>
  (s, count) =>
    family(s, count).map(({ A }, step) => ({ A, b: normal(1000 + step, s * s) }))

/** f = 1 times h^2. */
const source = (s: number): Float64Array => new Float64Array(s * s).fill(1 / (s - 1) ** 2)

/** exp(g) on (s + 2)^2 points, neighbours alike. */
function conductivities(s: number, count: number): readonly Float64Array[] {
  const fields = drawn(s, count)
  return Array.from(orderBySimilaritySync(fields, { method: 'greedy' }), at => fields[at]!)
}

const drawn = (s: number, count: number): readonly Float64Array[] =>
  Array.from({ length: count }, (_, seed) => field(s + 2, s, seed).map(Math.exp))

function asPublished(s: number, a: Float64Array): Csr {
  const at = (i: number) => a[(Math.floor(i / s) + 1) * (s + 2) + (i % s) + 1]!
  const above = (j: number) => a[Math.floor(j / s) * (s + 2) + (j % s) + 1]!
  return stencil(s, i => [4 * at(i), -above(i - 2), -at(i - 1), -at(i + 1), -at(i + s)])
}

function divergence(s: number, a: Float64Array): Csr {
  const m = s + 2
  return stencil(
    s,
    i => {
      const c = (Math.floor(i / s) + 1) * m + (i % s) + 1
      const edge = (other: number) => (a[c]! + a[other]!) / 2
      const [up, left, right, down] = [edge(c - m), edge(c - 1), edge(c + 1), edge(c + m)]
      return [up + left + (right + down), -up, -left, -right, -down]
    },
    'yes',
  )
}

/** Five points: of row i the diagonal, and the entries at i - s, i - 1, i + 1, i + s where those exist. */
function stencil(s: number, row: (i: number) => readonly number[], symmetric: 'yes' | 'no' = 'no'): Csr {
  const points: Grid = grid('stencil', s, s, 1)
  const { values, diagonal } = points
  for (let i = 0; i < s * s; i++) {
    const [x, y, k] = [i % s, Math.floor(i / s), diagonal[i]!]
    const [centre, up, left, right, down] = row(i) as [number, number, number, number, number]
    values[k] = centre
    if (x > 0) values[k - 1] = left
    if (x < s - 1) values[k + 1] = right
    if (y > 0) values[k - (x > 0 ? 2 : 1)] = up
    if (y < s - 1) values[k + (x < s - 1 ? 2 : 1)] = down
  }
  return gridMatrix(points, symmetric)
}

/** Midway between eigenvalues 12 and 13 of -Laplace on s x s points, in units of 1. */
function between(s: number): number {
  const one = (k: number) => 4 * (s + 1) ** 2 * Math.sin((k * Math.PI) / (2 * (s + 1))) ** 2
  const all = Array.from({ length: 100 }, (_, k) => one(1 + (k % 10)) + one(1 + Math.floor(k / 10)))
  all.sort((p, q) => p - q)
  return (all[11]! + all[12]!) / 2
}
