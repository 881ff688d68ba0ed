import { type Steps, tick } from '../core/steps.ts'
import type { Pattern } from '../core/types.ts'

/*
 * A network that passes messages along the entries of a strictly upper triangle: entry e = (j, i), j < i, holds a state of
 * its own, as does each unknown.
 *
 *   m_e = s(E0 x_e), h_i = s(N0 y_i)                                the features x_e and y_i
 *   m_e = m_e + s(E [m_e, h_j, h_i]), h_i = h_i + s(N [h_i, sum of m over row i, sum of m over column i])   each round
 *   o_e = E' m_e, o_i = N' h_i
 *
 * s(x) = x / (1 + |x|). Parameters: E0, N0, E and N of each round, E', N'; a layer is its matrix, one row per input, and
 * then its bias.
 */

export interface GraphShape {
  readonly edgeInputs: number
  readonly nodeInputs: number
  /** Numbers of a state. */
  readonly hidden: number
  readonly rounds: number
}

/** What a network is applied to: so many features per entry and per unknown. */
export interface Graph {
  readonly pattern: Pattern
  readonly edges: Float64Array
  readonly nodes: Float64Array
}

export const graphParameters = ({ edgeInputs, nodeInputs, hidden, rounds }: GraphShape): number =>
  (edgeInputs + nodeInputs + 2 + rounds * 2 * (3 * hidden + 1)) * hidden + 2 * (hidden + 1)

const SHARE = 1 / 3 // of a sum over a row or a column of a triangle, which has about so many entries

/** What an evaluation leaves: outputs, and per layer its sums and the states before it. */
export interface Evaluation {
  readonly edges: Float64Array
  readonly nodes: Float64Array
  readonly trace: readonly { readonly sums: Float64Array; readonly m: Float64Array; readonly h: Float64Array }[]
}

const soft = (x: number): number => x / (1 + Math.abs(x))
const slope = (x: number): number => 1 / (1 + Math.abs(x)) ** 2

/** sums[to..] = W x + b */
function affine(
  theta: Float64Array,
  at: number,
  hidden: number,
  x: Float64Array,
  from: number,
  inputs: number,
  sums: Float64Array,
  to: number,
): void {
  const bias = at + inputs * hidden
  for (let q = 0; q < hidden; q++) sums[to + q] = theta[bias + q]!
  for (let f = 0; f < inputs; f++) {
    const xf = x[from + f]!
    for (let q = 0; q < hidden; q++) sums[to + q]! += theta[at + f * hidden + q]! * xf
  }
}

/** gx = W^T g; adds the derivative by W and b. */
function affineBack(
  theta: Float64Array,
  at: number,
  hidden: number,
  x: Float64Array,
  from: number,
  inputs: number,
  g: Float64Array,
  gradient: Float64Array,
  gx: Float64Array,
): void {
  const bias = at + inputs * hidden
  for (let q = 0; q < hidden; q++) gradient[bias + q]! += g[q]!
  for (let f = 0; f < inputs; f++) {
    let sum = 0
    const xf = x[from + f]!
    for (let q = 0; q < hidden; q++) {
      sum += theta[at + f * hidden + q]! * g[q]!
      gradient[at + f * hidden + q]! += xf * g[q]!
    }
    gx[f] = sum
  }
}

/** Where the layers begin. */
function offsets({ edgeInputs, nodeInputs, hidden, rounds }: GraphShape) {
  const first = (edgeInputs + 1) * hidden
  const round = (3 * hidden + 1) * hidden
  const start = first + (nodeInputs + 1) * hidden
  const last = start + 2 * rounds * round
  return {
    edgeEncoder: 0,
    nodeEncoder: first,
    edge: (r: number) => start + 2 * r * round,
    node: (r: number) => start + (2 * r + 1) * round,
    edgeDecoder: last,
    nodeDecoder: last + hidden + 1,
  }
}

/** The sums of m over rows and over columns of the triangle, as the network sees them. */
function gathered({ rows, rowPointers, columnIndices }: Pattern, hidden: number, m: Float64Array) {
  const own = new Float64Array(rows * hidden)
  const other = new Float64Array(rows * hidden)
  for (let j = 0; j < rows; j++)
    for (let e = rowPointers[j]!; e < rowPointers[j + 1]!; e++) {
      const i = columnIndices[e]! * hidden
      for (let q = 0; q < hidden; q++) {
        const share = SHARE * m[e * hidden + q]!
        own[j * hidden + q]! += share
        other[i + q]! += share
      }
    }
  return { own, other }
}

/** Evaluates a network; keeps what its gradient needs where `traced`. */
export function* evaluateGraphSteps(
  grain: number,
  shape: GraphShape,
  theta: Float64Array,
  { pattern, edges, nodes }: Graph,
  traced: boolean,
): Steps<Evaluation> {
  const { edgeInputs, nodeInputs, hidden, rounds } = shape
  const { rows, rowPointers, columnIndices } = pattern
  const count = columnIndices.length
  const at = offsets(shape)
  const block = Math.max(1, Math.floor(grain / (4 * hidden * hidden)))
  const trace: { sums: Float64Array; m: Float64Array; h: Float64Array }[] = []
  const m = new Float64Array(count * hidden)
  const h = new Float64Array(rows * hidden)
  const x = new Float64Array(3 * hidden)

  let sums = new Float64Array(count * hidden)
  const layer = (kind: 'm' | 'h'): void => {
    if (traced) trace.push({ sums, m: m.slice(), h: h.slice() })
    const state = kind === 'm' ? m : h
    for (let s = 0; s < state.length; s++) state[s]! += soft(sums[s]!)
  }
  for (let e = 0; e < count; e++) {
    affine(theta, at.edgeEncoder, hidden, edges, e * edgeInputs, edgeInputs, sums, e * hidden)
    if (e % block === block - 1) yield tick
  }
  layer('m')
  sums = new Float64Array(rows * hidden)
  for (let i = 0; i < rows; i++) {
    affine(theta, at.nodeEncoder, hidden, nodes, i * nodeInputs, nodeInputs, sums, i * hidden)
    if (i % block === block - 1) yield tick
  }
  layer('h')
  for (let r = 0; r < rounds; r++) {
    sums = new Float64Array(count * hidden)
    for (let j = 0; j < rows; j++) {
      for (let e = rowPointers[j]!; e < rowPointers[j + 1]!; e++) {
        joined(x, hidden, m, e, h, j, h, columnIndices[e]!)
        affine(theta, at.edge(r), hidden, x, 0, 3 * hidden, sums, e * hidden)
      }
      if (j % block === block - 1) yield tick
    }
    layer('m')
    const { own, other } = gathered(pattern, hidden, m)
    yield tick
    sums = new Float64Array(rows * hidden)
    for (let i = 0; i < rows; i++) {
      joined(x, hidden, h, i, own, i, other, i)
      affine(theta, at.node(r), hidden, x, 0, 3 * hidden, sums, i * hidden)
      if (i % block === block - 1) yield tick
    }
    layer('h')
  }
  if (traced) trace.push({ sums, m, h })
  return {
    edges: decoded(theta, at.edgeDecoder, hidden, m),
    nodes: decoded(theta, at.nodeDecoder, hidden, h),
    trace,
  }
}

/** x = [a_i, b_j, c_k] */
function joined(
  x: Float64Array,
  hidden: number,
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  c: Float64Array,
  k: number,
): void {
  for (let q = 0; q < hidden; q++) {
    x[q] = a[i * hidden + q]!
    x[hidden + q] = b[j * hidden + q]!
    x[2 * hidden + q] = c[k * hidden + q]!
  }
}

function decoded(theta: Float64Array, at: number, hidden: number, states: Float64Array): Float64Array {
  const out = new Float64Array(states.length / hidden)
  for (let i = 0; i < out.length; i++) {
    let sum = theta[at + hidden]!
    for (let q = 0; q < hidden; q++) sum += theta[at + q]! * states[i * hidden + q]!
    out[i] = sum
  }
  return out
}

/** Adds the derivative by the parameters to `gradient`, where those by the outputs are `gEdges` and `gNodes`. */
export function differentiateGraph(
  shape: GraphShape,
  theta: Float64Array,
  { pattern, edges, nodes }: Graph,
  { trace }: Evaluation,
  gEdges: Float64Array,
  gNodes: Float64Array,
  gradient: Float64Array,
): void {
  const { edgeInputs, nodeInputs, hidden, rounds } = shape
  const { rows, rowPointers, columnIndices } = pattern
  const at = offsets(shape)
  const after = (layer: number) => trace[layer + 1]!
  const last = trace.at(-1)!
  const gm = decodedBack(theta, at.edgeDecoder, hidden, last.m, gEdges, gradient)
  const gh = decodedBack(theta, at.nodeDecoder, hidden, last.h, gNodes, gradient)
  const [g, x, gx] = [new Float64Array(hidden), new Float64Array(3 * hidden), new Float64Array(3 * hidden)]
  const through = (state: Float64Array, sums: Float64Array, i: number): void => {
    for (let q = 0; q < hidden; q++) g[q] = state[i * hidden + q]! * slope(sums[i * hidden + q]!)
  }
  const add = (to: Float64Array, i: number, part: number): void => {
    for (let q = 0; q < hidden; q++) to[i * hidden + q]! += gx[part * hidden + q]!
  }
  for (let r = rounds - 1; r >= 0; r--) {
    const [edgeLayer, nodeLayer] = [2 + 2 * r, 3 + 2 * r]
    const { own, other } = gathered(pattern, hidden, after(edgeLayer).m)
    const [gOwn, gOther] = [new Float64Array(rows * hidden), new Float64Array(rows * hidden)]
    for (let i = 0; i < rows; i++) {
      joined(x, hidden, trace[nodeLayer]!.h, i, own, i, other, i)
      through(gh, trace[nodeLayer]!.sums, i)
      affineBack(theta, at.node(r), hidden, x, 0, 3 * hidden, g, gradient, gx)
      add(gh, i, 0)
      add(gOwn, i, 1)
      add(gOther, i, 2)
    }
    const { m, h, sums } = trace[edgeLayer]!
    for (let j = 0; j < rows; j++)
      for (let e = rowPointers[j]!; e < rowPointers[j + 1]!; e++) {
        const i = columnIndices[e]!
        for (let q = 0; q < hidden; q++)
          gm[e * hidden + q]! += SHARE * (gOwn[j * hidden + q]! + gOther[i * hidden + q]!)
        joined(x, hidden, m, e, h, j, h, i)
        through(gm, sums, e)
        affineBack(theta, at.edge(r), hidden, x, 0, 3 * hidden, g, gradient, gx)
        add(gm, e, 0)
        add(gh, j, 1)
        add(gh, i, 2)
      }
  }
  for (let i = 0; i < rows; i++) {
    through(gh, trace[1]!.sums, i)
    affineBack(theta, at.nodeEncoder, hidden, nodes, i * nodeInputs, nodeInputs, g, gradient, gx)
  }
  for (let e = 0; e < columnIndices.length; e++) {
    through(gm, trace[0]!.sums, e)
    affineBack(theta, at.edgeEncoder, hidden, edges, e * edgeInputs, edgeInputs, g, gradient, gx)
  }
}

/** The derivative by the states; adds that by the parameters. */
function decodedBack(
  theta: Float64Array,
  at: number,
  hidden: number,
  states: Float64Array,
  g: Float64Array,
  gradient: Float64Array,
): Float64Array {
  const out = new Float64Array(states.length)
  for (let i = 0; i < g.length; i++) {
    gradient[at + hidden]! += g[i]!
    for (let q = 0; q < hidden; q++) {
      gradient[at + q]! += g[i]! * states[i * hidden + q]!
      out[i * hidden + q] = g[i]! * theta[at + q]!
    }
  }
  return out
}
