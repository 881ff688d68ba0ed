import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { UpperTriangle } from '../sparse/upper.steps.ts'
import { normalised } from './features.steps.ts'
import { evaluateGraphSteps, type Graph, type GraphShape } from './graph-network.steps.ts'

/** What the network is told of an entry l_ij of the factor L that it starts from, in this order; all without unit. */
export const EDGE_FEATURES = [
  'coupling over diagonals',
  'factor over root of diagonal',
  'factor over its diagonal',
  'factor over own diagonal',
] as const

/** What it is told of an unknown. */
export const NODE_FEATURES = [
  'pivot over diagonal',
  'row sum over diagonal',
  'row sum of L L^T - A over diagonal',
  'entries below',
  'entries above',
] as const

/** The network of a factor; its numbers are means and inverse deviations of the features, then its parameters. */
export interface FactorNetwork extends GraphShape {
  /** What its outputs are multiplied by. */
  readonly strength: number
  readonly numbers: Float64Array
}

/** Features that stand before the parameters, a mean and an inverse deviation each. */
export const NORMALISED = EDGE_FEATURES.length + NODE_FEATURES.length

const REACH = 1 // an entry is multiplied by exp(-REACH) to exp(REACH)
const FEW = 4 // entries of an ordinary row

/** The factor that an entry is multiplied by for an output of the network: positive, and 1 for 0. */
export const multiplierOf = (output: number): number => Math.exp((REACH * output) / (1 + Math.abs(output)))

/** d multiplier / d output */
export const multiplierSlope = (output: number): number => (multiplierOf(output) * REACH) / (1 + Math.abs(output)) ** 2

/** The entries of L = U^T D^(1/2), below the diagonal by columns and on it. */
export interface Lower {
  readonly entries: Float64Array
  readonly diagonal: Float64Array
}

export function lowerOf({ pattern }: UpperTriangle, values: Float64Array, inverseDiagonal: Float64Array): Lower {
  const entries = float64(values.length)
  const diagonal = float64(inverseDiagonal.length)
  for (let j = 0; j < diagonal.length; j++) {
    diagonal[j] = 1 / Math.sqrt(inverseDiagonal[j]!)
    for (let e = pattern.rowPointers[j]!; e < pattern.rowPointers[j + 1]!; e++) entries[e] = values[e]! * diagonal[j]!
  }
  return { entries, diagonal }
}

/** The features of a factor L of A. */
export function* factorFeatures(A: CsrData, triangle: UpperTriangle, { entries, diagonal }: Lower): Steps<Graph> {
  const { pattern, starts, diagonal: places } = triangle
  const { rows, rowPointers, columnIndices } = pattern
  const [E, N] = [EDGE_FEATURES.length, NODE_FEATURES.length]
  const edges = new Float64Array(E * columnIndices.length)
  const nodes = new Float64Array(N * rows)
  const a = (i: number): number => A.values[places[i]!]!
  const product = rowSums(triangle, { entries, diagonal })
  yield tick
  for (let j = 0; j < rows; j++) {
    nodes[N * j] = diagonal[j]! ** 2 / a(j)
    let sum = 0
    for (let k = A.pattern.rowPointers[j]!; k < A.pattern.rowPointers[j + 1]!; k++) sum += A.values[k]!
    nodes[N * j + 1] = sum / a(j)
    nodes[N * j + 2] = (product[j]! - sum) / a(j)
    nodes[N * j + 4] = (rowPointers[j + 1]! - rowPointers[j]!) / FEW
    for (let e = rowPointers[j]!; e < rowPointers[j + 1]!; e++) {
      const i = columnIndices[e]!
      nodes[N * i + 3]! += 1 / FEW
      edges[E * e] = A.values[starts[j]! + e - rowPointers[j]!]! / Math.sqrt(a(i) * a(j))
      edges[E * e + 1] = entries[e]! / Math.sqrt(a(i))
      edges[E * e + 2] = entries[e]! / diagonal[i]!
      edges[E * e + 3] = entries[e]! / diagonal[j]!
    }
    if (j % 2048 === 2047) yield tick
  }
  return { pattern, edges, nodes }
}

/** L L^T 1 */
function rowSums({ pattern: { rows, rowPointers, columnIndices } }: UpperTriangle, { entries, diagonal }: Lower) {
  const sums = new Float64Array(rows)
  for (let j = 0; j < rows; j++) {
    let y = diagonal[j]!
    for (let e = rowPointers[j]!; e < rowPointers[j + 1]!; e++) y += entries[e]!
    sums[j]! += diagonal[j]! * y
    for (let e = rowPointers[j]!; e < rowPointers[j + 1]!; e++) sums[columnIndices[e]!]! += entries[e]! * y
  }
  return sums
}

/** Brings features to what the network sees of them. */
export function normalise({ edges, nodes, pattern }: Graph, numbers: ArrayLike<number>): Graph {
  const seen = (features: Float64Array, count: number, first: number) =>
    features.map((value, at) =>
      normalised(value, numbers[first + (at % count)]!, numbers[first + count + (at % count)]!),
    )
  const [E, N] = [EDGE_FEATURES.length, NODE_FEATURES.length]
  return { pattern, edges: seen(edges, E, 0), nodes: seen(nodes, N, 2 * E) }
}

/**
 * A factor U^T D U whose entries a network has multiplied, in the place of that which it started from (Li, Chen, Du and
 * Matusik 2023; as a correction, Trifonov et al. 2024). Whether all of it is finite; otherwise nothing is changed.
 */
export function* learnedFactorSteps(
  k: Kernels,
  A: CsrData,
  triangle: UpperTriangle,
  network: FactorNetwork,
  values: Float64Array,
  inverseDiagonal: Float64Array,
): Steps<boolean> {
  const { rowPointers } = triangle.pattern
  const { numbers, strength } = network
  const graph = normalise(yield* factorFeatures(A, triangle, lowerOf(triangle, values, inverseDiagonal)), numbers)
  yield tick
  const theta = numbers.subarray(2 * NORMALISED)
  const { edges, nodes } = yield* evaluateGraphSteps(k.grain, network, theta, graph, false)
  const whole = (list: Float64Array): boolean => list.every(Number.isFinite)
  if (!(whole(edges) && whole(nodes))) return false
  for (let j = 0; j < nodes.length; j++) {
    const own = multiplierOf(strength * nodes[j]!)
    inverseDiagonal[j]! /= own ** 2
    for (let e = rowPointers[j]!; e < rowPointers[j + 1]!; e++) values[e]! *= multiplierOf(strength * edges[e]!) / own
  }
  return true
}
