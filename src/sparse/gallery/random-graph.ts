import { exp, log } from '../../core/elementary.ts'
import { refuse } from '../../core/errors.ts'
import { checkSeed, fillUniform } from '../../core/random.ts'
import { Csr } from '../csr.ts'
import { checkSize } from '../pattern.ts'
import { sumTriplets } from '../triplets.ts'
import { checkCounts, checkKeys, checkNumber } from './options.ts'

/** Which edges a random graph has, and how heavy they are. */
export interface RandomGraphOptions {
  /** Mean number of edges at a vertex, of which the ring is 2; at least 2, default 4. */
  readonly degree?: number
  /** `'unit'` (default): 1 each; `'uniform'`: random in (0, 1). Edges drawn twice add up. */
  readonly weights?: 'unit' | 'uniform'
  /** Exponent above 2 of a power law of degrees: low vertices are hubs. Default: all vertices are equally likely. */
  readonly powerLaw?: number
  /** An integer from 0 to 2^53 - 1; default 0. */
  readonly seed?: number
}

/**
 * The Laplacian D - W of a connected random graph: a ring through all vertices, and random edges between any two.
 * Symmetric to the bit, positive semidefinite, singular: its nullspace is the constant vector. Power-law ends are drawn
 * as by Chung and Lu, "Connected components in random graphs with given expected degree sequences" (2002).
 *
 * @returns n rows
 * @throws KrylovError ERR_SHAPE for a bad size, ERR_OPTION for a bad option
 */
export function randomGraphLaplacian(n: number, options: RandomGraphOptions = {}): Csr {
  const method = 'randomGraphLaplacian'
  checkSize(method, 'n', n)
  checkKeys(method, options, ['degree', 'weights', 'powerLaw', 'seed'])
  const { degree = 4, weights = 'unit', powerLaw, seed = 0 } = options
  checkNumber(method, 'degree', degree, { least: 2 })
  checkSeed(method, 'option seed', seed)
  if (weights !== 'unit' && weights !== 'uniform')
    throw refuse('ERR_OPTION', method, 'option weights', "'unit' or 'uniform'", weights)
  const power = powerLaw === undefined ? 1 : powerOf(checkNumber(method, 'powerLaw', powerLaw, { above: 2 }))

  const ring = n > 2 ? n : Math.max(0, n - 1)
  const edges = n > 2 ? ring + Math.round((n * (degree - 2)) / 2) : ring
  checkCounts(method, n, n + 2 * edges)
  const ends = edgeEnds(n, ring, edges, power, seed)
  const weight = new Float64Array(edges).fill(1)
  if (weights === 'uniform') fillUniform(weight, seed, 1)
  return laplacian(method, n, ends, weight)
}

/** The power p for which floor(n u^p) is vertex i with probability as i^(-1 / (gamma - 1)). */
const powerOf = (gamma: number): number => (gamma - 1) / (gamma - 2)

function edgeEnds(n: number, ring: number, edges: number, power: number, seed: number): Int32Array {
  const ends = new Int32Array(2 * edges)
  for (let e = 0; e < ring; e++) {
    ends[2 * e] = e
    ends[2 * e + 1] = (e + 1) % n
  }
  const u = new Float64Array(2 * (edges - ring))
  fillUniform(u, seed)
  for (let e = ring, k = 0; e < edges; e++, k += 2) {
    const a = vertex(n, u[k]!, power)
    const b = vertex(n, u[k + 1]!, power)
    ends[2 * e] = a
    ends[2 * e + 1] = a === b ? (b + 1) % n : b
  }
  return ends
}

function vertex(n: number, u: number, power: number): number {
  const t = power === 1 ? u : exp(power * log(u))
  return Math.min(n - 1, Math.floor(n * t)) // n u may round up to n
}

/** Sums the edges, and takes from each row its diagonal, so that rows sum to zero in stored order. */
function laplacian(method: string, n: number, ends: Int32Array, weight: Float64Array): Csr {
  const edges = weight.length
  const i = new Int32Array(n + 2 * edges)
  const j = new Int32Array(n + 2 * edges)
  const a = new Float64Array(n + 2 * edges)
  for (let v = 0; v < n; v++) i[v] = j[v] = v
  for (let e = 0, k = n; e < edges; e++, k += 2) {
    i[k] = j[k + 1] = ends[2 * e]!
    j[k] = i[k + 1] = ends[2 * e + 1]!
    a[k] = a[k + 1] = -weight[e]!
  }
  const { pattern, values } = sumTriplets(method, n, n, i, j, a)
  const { rowPointers, columnIndices } = pattern
  for (let v = 0; v < n; v++) {
    let sum = 0
    let diagonal = 0
    for (let k = rowPointers[v]!; k < rowPointers[v + 1]!; k++)
      if (columnIndices[k] === v) diagonal = k
      else sum -= values[k]!
    values[diagonal] = sum
  }
  return Csr.fromArrays(n, n, rowPointers, columnIndices, values, { symmetric: 'yes' })
}
