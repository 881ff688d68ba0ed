import { type Steps, tick } from '../core/steps.ts'
import type { Pattern } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { BlockMatrix } from './blocks.loops.ts'
import { type Applied, envelopeSteps } from './envelope.steps.ts'
import { type Lower, multiplierOf, multiplierSlope } from './factor-network.steps.ts'
import { differentiateGraph, evaluateGraphSteps, type GraphShape } from './graph-network.steps.ts'
import { COLUMNS } from './samples.ts'

/**
 * What is made small, x = A^-1 b:
 *
 * - `'inverse'`: |L L^T x - b| / |b|, the mean over random b
 * - `'neuralPCG'`: |L L^T x - b|^2 / |b|^2, the mean of squares of Li, Chen, Du and Matusik (2023)
 * - `'envelope'`: what an iteration of CG leaves of the error, by its logarithm
 */
export const FACTOR_LOSSES = ['inverse', 'neuralPCG', 'envelope'] as const
export type FactorLoss = (typeof FACTOR_LOSSES)[number]

/** A matrix with the factor that the network starts from, and COLUMNS systems, kept by rows. */
export interface FactorSample {
  readonly pattern: Pattern
  readonly rowPointers: Int32Array
  readonly columnIndices: Int32Array
  readonly values: Float64Array
  readonly entries: Float64Array
  readonly diagonal: Float64Array
  readonly edges: Float64Array
  readonly nodes: Float64Array
  readonly solution: Float64Array
  readonly rhs: Float64Array
}

/** The loss of a sample; adds its gradient where there is room for it. NaN and no gradient where it is not finite. */
export function* factorLossSteps(
  k: Kernels,
  sample: FactorSample,
  shape: GraphShape,
  theta: Float64Array,
  loss: FactorLoss,
  iterations: number,
  gradient: Float64Array,
): Steps<number> {
  const { pattern, entries, diagonal, edges, nodes, solution, rhs } = sample
  const wanted = gradient.length > 0
  const graph = { pattern, edges, nodes }
  const found = yield* evaluateGraphSteps(k.grain, shape, theta, graph, wanted)
  const L: Lower = {
    entries: entries.map((value, e) => value * multiplierOf(found.edges[e]!)),
    diagonal: diagonal.map((value, i) => value * multiplierOf(found.nodes[i]!)),
  }
  const g: Lower = { entries: new Float64Array(entries.length), diagonal: new Float64Array(diagonal.length) }
  yield tick
  let value: number
  if (loss === 'envelope') {
    const matrix: BlockMatrix = { unknowns: diagonal.length, ...sample }
    const system = {
      apply: (r: Float64Array) => solveWith(pattern, L, r),
      back: ({ u, z }: Solved, gp: Float64Array) => {
        const { u: v, z: s } = solveWith(pattern, L, gp)
        addOuter(pattern, g, -1, s, u)
        addOuter(pattern, g, -1, z, v)
        return s
      },
    }
    value = yield* envelopeSteps(matrix, solution, rhs, iterations, system, wanted)
  } else value = residualLoss(pattern, L, solution, rhs, loss === 'neuralPCG', g)
  if (!(Math.abs(value) < Number.POSITIVE_INFINITY)) return Number.NaN
  if (!wanted) return value
  yield tick
  const gEdges = g.entries.map((ge, e) => ge * entries[e]! * multiplierSlope(found.edges[e]!))
  const gNodes = g.diagonal.map((gi, i) => gi * diagonal[i]! * multiplierSlope(found.nodes[i]!))
  differentiateGraph(shape, theta, graph, found, gEdges, gNodes, gradient)
  return value
}

interface Solved extends Applied {
  readonly u: Float64Array
}

/** u = L^-1 r, z = L^-T u */
function solveWith(
  { rows, rowPointers, columnIndices }: Pattern,
  { entries, diagonal }: Lower,
  r: Float64Array,
): Solved {
  const u = r.slice()
  for (let j = 0; j < rows; j++) {
    for (let c = 0; c < COLUMNS; c++) u[j * COLUMNS + c]! /= diagonal[j]!
    for (let e = rowPointers[j]!; e < rowPointers[j + 1]!; e++) {
      const [l, i] = [entries[e]!, columnIndices[e]! * COLUMNS]
      for (let c = 0; c < COLUMNS; c++) u[i + c]! -= l * u[j * COLUMNS + c]!
    }
  }
  const z = u.slice()
  for (let j = rows - 1; j >= 0; j--) {
    for (let e = rowPointers[j]!; e < rowPointers[j + 1]!; e++) {
      const [l, i] = [entries[e]!, columnIndices[e]! * COLUMNS]
      for (let c = 0; c < COLUMNS; c++) z[j * COLUMNS + c]! -= l * z[i + c]!
    }
    for (let c = 0; c < COLUMNS; c++) z[j * COLUMNS + c]! /= diagonal[j]!
  }
  return { u, z }
}

/** g_ij = g_ij + sign x_i . y_j on the pattern of L. */
function addOuter(
  { rows, rowPointers, columnIndices }: Pattern,
  { entries, diagonal }: Lower,
  sign: number,
  x: Float64Array,
  y: Float64Array,
): void {
  const dot = (i: number, j: number): number => {
    let sum = 0
    for (let c = 0; c < COLUMNS; c++) sum += x[i * COLUMNS + c]! * y[j * COLUMNS + c]!
    return sum
  }
  for (let j = 0; j < rows; j++) {
    diagonal[j]! += sign * dot(j, j)
    for (let e = rowPointers[j]!; e < rowPointers[j + 1]!; e++) entries[e]! += sign * dot(columnIndices[e]!, j)
  }
}

/** |L L^T x - b| / |b|, or its square, in the mean; adds its derivative to g. */
function residualLoss(
  pattern: Pattern,
  L: Lower,
  x: Float64Array,
  b: Float64Array,
  squared: boolean,
  g: Lower,
): number {
  const y = transposedTimes(pattern, L, x)
  const r = times(pattern, L, y)
  const [left, whole] = [new Float64Array(COLUMNS), new Float64Array(COLUMNS)]
  for (let i = 0; i < r.length; i++) {
    r[i]! -= b[i]!
    left[i % COLUMNS]! += r[i]! * r[i]!
    whole[i % COLUMNS]! += b[i]! * b[i]!
  }
  let loss = 0
  const weights = left.map((sum, c) => {
    const share = sum / whole[c]!
    loss += (squared ? share : Math.sqrt(share)) / COLUMNS
    return (squared ? 2 : 1 / Math.sqrt(Math.max(share, 1e-300))) / (whole[c]! * COLUMNS)
  })
  for (let i = 0; i < r.length; i++) r[i]! *= weights[i % COLUMNS]!
  addOuter(pattern, g, 1, r, y)
  addOuter(pattern, g, 1, x, transposedTimes(pattern, L, r))
  return loss
}

/** L^T x */
function transposedTimes(
  { rows, rowPointers, columnIndices }: Pattern,
  { entries, diagonal }: Lower,
  x: Float64Array,
): Float64Array {
  const y = new Float64Array(x.length)
  for (let j = 0; j < rows; j++)
    for (let c = 0; c < COLUMNS; c++) {
      let sum = diagonal[j]! * x[j * COLUMNS + c]!
      for (let e = rowPointers[j]!; e < rowPointers[j + 1]!; e++)
        sum += entries[e]! * x[columnIndices[e]! * COLUMNS + c]!
      y[j * COLUMNS + c] = sum
    }
  return y
}

/** L y */
function times(
  { rows, rowPointers, columnIndices }: Pattern,
  { entries, diagonal }: Lower,
  y: Float64Array,
): Float64Array {
  const r = new Float64Array(y.length)
  for (let j = 0; j < rows; j++)
    for (let c = 0; c < COLUMNS; c++) {
      const yj = y[j * COLUMNS + c]!
      r[j * COLUMNS + c]! += diagonal[j]! * yj
      for (let e = rowPointers[j]!; e < rowPointers[j + 1]!; e++)
        r[columnIndices[e]! * COLUMNS + c]! += entries[e]! * yj
    }
  return r
}
