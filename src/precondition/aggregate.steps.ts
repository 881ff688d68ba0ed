import { int32 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import { blockStart } from '../sparse/blocks.ts'
import type { NodeGraph } from './strength.steps.ts'

export interface Aggregates {
  /** Aggregate of each node; -1 where a node has no strong neighbour. */
  readonly aggregates: Int32Array
  readonly count: number
}

const FREE = -1
const ALONE = -2

/** Nodes of a block: the same on any number of threads, so that aggregates are. */
const BLOCK = 1 << 15
const MOST_BLOCKS = 64

/**
 * Aggregates of strongly coupled nodes (Vanek, Mandel and Brezina 1996), in blocks that threads can share. A node whose
 * strong neighbours are all free becomes the root of an aggregate with them; first within blocks, then across. What is
 * left joins the aggregate of its strongest neighbour; what has no neighbour in one forms aggregates of its own. Numbered
 * by their roots, so that neighbours stay near.
 */
export function* aggregateSteps(grain: number, graph: NodeGraph): Steps<Aggregates> {
  const { nodes, rowPointers, columnIndices, weights, strong } = graph
  const root = int32(nodes).fill(FREE)
  const blocks = Math.min(MOST_BLOCKS, Math.max(1, Math.floor(nodes / BLOCK)))
  const later: number[] = []

  const found = (i: number): void => {
    root[i] = i
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) if (strong[k] === 1) root[columnIndices[k]!] = i
  }

  for (let b = 0; b < blocks; b++) {
    const first = blockStart(nodes, blocks, b)
    const end = blockStart(nodes, blocks, b + 1)
    for (let i = first; i < end; i++) {
      let neighbours = 0
      let taken = root[i] !== FREE
      let crosses = false
      for (let k = rowPointers[i]!; k < rowPointers[i + 1]! && !taken; k++) {
        if (strong[k] === 0) continue
        neighbours++
        const j = columnIndices[k]!
        if (j < first || j >= end) crosses = true
        else taken = root[j] !== FREE
      }
      if (taken) continue
      if (neighbours === 0) root[i] = ALONE
      else if (crosses) later.push(i)
      else found(i)
    }
    yield tick
  }
  for (const i of later) {
    let taken = root[i] !== FREE
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]! && !taken; k++)
      taken = strong[k] === 1 && root[columnIndices[k]!] !== FREE
    if (!taken) found(i)
  }
  yield tick

  const joined = int32(nodes)
  const left: number[] = []
  for (let i = 0, work = 0; i < nodes; i++) {
    joined[i] = root[i]!
    if (root[i] !== FREE) continue
    let best = FREE
    let most = -1
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      const j = columnIndices[k]!
      const weight = Math.abs(weights[k]!)
      if (strong[k] === 0 || root[j]! < 0 || weight <= most) continue
      most = weight
      best = root[j]!
    }
    joined[i] = best
    if (best === FREE) left.push(i)
    work += rowPointers[i + 1]! - rowPointers[i]!
    if (work > grain) {
      work = 0
      yield tick
    }
  }
  for (const i of left) {
    if (joined[i] !== FREE) continue
    let free = false
    let other = FREE
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      if (strong[k] === 0) continue
      const j = columnIndices[k]!
      if (joined[j] === FREE) free = true
      else if (joined[j]! >= 0) other = joined[j]!
    }
    joined[i] = free || other === FREE ? i : other
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]! && free; k++)
      if (strong[k] === 1 && joined[columnIndices[k]!] === FREE) joined[columnIndices[k]!] = i
  }
  yield tick

  // numbers in the order of the roots
  const number = root
  let count = 0
  for (let i = 0; i < nodes; i++) number[i] = joined[i] === i ? count++ : FREE
  yield tick
  for (let i = 0; i < nodes; i++) joined[i] = joined[i]! < 0 ? FREE : number[joined[i]!]!
  return { aggregates: joined, count }
}
