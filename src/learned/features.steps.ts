import { type Steps, tick } from '../core/steps.ts'
import type { Aggregates } from '../precondition/aggregate.steps.ts'
import type { LevelMatrix } from '../precondition/hierarchy.steps.ts'
import type { NodeGraph } from '../precondition/strength.steps.ts'

/** What the network is told of a term a_ij of the prolongation, in this order; all without unit. */
export const FEATURES = [
  'coupling over own diagonal',
  'coupling over its diagonal',
  'coupling over largest of row',
  'same aggregate',
  'share of strength in own aggregate',
  'share of strength in its aggregate',
  'size of own aggregate',
  'size of its aggregate',
  'own degree',
  'its degree',
  'own row sum over diagonal',
  'its row sum over diagonal',
  'lumped diagonal over diagonal',
  'self',
] as const

const SIZE = 5 // an ordinary aggregate, and an ordinary number of strong neighbours

/** The terms of a level: per row its own entry and the strong ones, by place in the matrix. */
export interface Terms {
  readonly pointers: Int32Array
  readonly entries: Int32Array
  /** FEATURES.length numbers per term. */
  readonly features: Float32Array
}

/** Rows that are as long as most are, as a share of all, from which on a level is regular. */
const ALIKE = 0.6
const LONGEST = 64

/**
 * Whether most rows of a level are equally long, as on a grid. Its terms are much alike then, and what a network makes of
 * them is not worth its time.
 */
export function isRegular({ rows, rowPointers }: Pick<LevelMatrix, 'rows' | 'rowPointers'>): boolean {
  const counts = new Int32Array(LONGEST + 1)
  for (let i = 0; i < rows; i++) counts[Math.min(LONGEST, rowPointers[i + 1]! - rowPointers[i]!)]!++
  return Math.max(...counts) > ALIKE * rows
}

/** The terms of all rows that have strong neighbours, and what the network is told of them. */
export function* termsSteps(
  grain: number,
  { rows, rowPointers, columnIndices, values }: LevelMatrix,
  diagonal: Float64Array,
  { strong }: NodeGraph,
  { aggregates, count }: Aggregates,
): Steps<Terms> {
  const sizes = new Float64Array(count)
  for (const c of aggregates) if (c >= 0) sizes[c]!++
  const degree = new Float64Array(rows)
  const excess = new Float64Array(rows)
  const pointers = new Int32Array(rows + 1)
  for (let i = 0, work = 0; i < rows; i++) {
    let sum = 0
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      sum += values[k]!
      degree[i]! += strong[k]!
    }
    excess[i] = sum / diagonal[i]!
    pointers[i + 1] = pointers[i]! + (degree[i]! > 0 ? degree[i]! + 1 : 0)
    work += rowPointers[i + 1]! - rowPointers[i]!
    if (work > grain) {
      work = 0
      yield tick
    }
  }
  const F = FEATURES.length
  const entries = new Int32Array(pointers[rows]!)
  const features = new Float32Array(F * entries.length)
  const shares = new Float64Array(count)
  for (let i = 0, t = 0, work = 0; i < rows; i++) {
    if (degree[i] === 0) continue
    let [largest, total, weak] = [0, 0, 0]
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      const j = columnIndices[k]!
      const size = Math.abs(values[k]!)
      if (j === i) continue
      largest = Math.max(largest, size)
      if (strong[k] === 0) weak += values[k]!
      else {
        total += size
        if (aggregates[j]! >= 0) shares[aggregates[j]!]! += size
      }
    }
    const own = aggregates[i]!
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      const j = columnIndices[k]!
      if (j !== i && strong[k] === 0) continue
      const c = aggregates[j]!
      const coupling = j === i ? 0 : -values[k]!
      entries[t] = k
      features.set(
        [
          coupling / diagonal[i]!,
          coupling / diagonal[j]!,
          coupling / largest,
          c === own ? 1 : 0,
          own < 0 ? 0 : shares[own]! / total,
          c < 0 ? 0 : shares[c]! / total,
          own < 0 ? 0 : sizes[own]! / SIZE,
          c < 0 ? 0 : sizes[c]! / SIZE,
          degree[i]! / SIZE,
          degree[j]! / SIZE,
          excess[i]!,
          excess[j]!,
          (diagonal[i]! + weak) / diagonal[i]!,
          j === i ? 1 : 0,
        ],
        F * t++,
      )
    }
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      const c = aggregates[columnIndices[k]!]!
      if (c >= 0) shares[c] = 0
    }
    work += 8 * (rowPointers[i + 1]! - rowPointers[i]!)
    if (work > grain) {
      work = 0
      yield tick
    }
  }
  return { pointers, entries, features }
}

/** Beyond so many standard deviations an input says no more. */
const FAR = 5

/** What the network sees of a feature. */
export const normalised = (value: number, mean: number, scale: number): number =>
  Math.max(-FAR, Math.min(FAR, (value - mean) * scale))
