import { refuse } from '../core/errors.ts'
import { int32 } from '../core/shared.ts'
import type { CsrData } from '../core/types.ts'
import { Csr } from './csr.ts'
import { type Graph, graphOf } from './graph.ts'

/**
 * Orders a matrix for a small band and envelope: breadth first from the rim of each component, neighbours by ascending
 * degree, the whole reversed. Cuthill and McKee (1969), reversed after George (1971); starts by George and Liu, "An
 * implementation of a pseudoperipheral node finder" (1979). Works on A + A^T, in linear time.
 *
 * @param A square; only its pattern is used
 * @returns a permutation on shared memory: row i of `A.permute(p)` is row p[i] of A
 * @throws KrylovError ERR_SHAPE where A is not square or has 2^30 non-zeros or more
 */
export function reverseCuthillMckee(A: CsrData): Int32Array {
  const { pattern } = Csr.from(A, 'reverseCuthillMckee')
  const { rows, columns } = pattern
  if (rows !== columns) throw refuse('ERR_SHAPE', 'reverseCuthillMckee', 'A', 'square', `${rows} x ${columns}`)
  const graph = graphOf('reverseCuthillMckee', pattern)
  const order = int32(rows)
  const placed = new Uint8Array(rows)
  const search = { visited: new Int32Array(rows), stamp: 0, queue: new Int32Array(rows) }
  let count = 0
  for (const first of graph.byDegree) {
    if (placed[first] === 1) continue
    const start = pseudoPeripheral(graph, first, search)
    const { size } = breadthFirst(graph, start, search)
    for (let k = 0; k < size; k++) {
      order[count++] = search.queue[k]!
      placed[search.queue[k]!] = 1
    }
  }
  return order.reverse()
}

/** Memory of breadth-first searches: a vertex is visited where its mark is the stamp of the search. */
interface Search {
  readonly visited: Int32Array
  stamp: number
  /** Vertices of the last search, level by level. */
  readonly queue: Int32Array
}

interface Levels {
  /** Vertices reached. */
  readonly size: number
  /** Edges from the start to the last level. */
  readonly depth: number
  /** Where the last level starts in the queue. */
  readonly last: number
}

function breadthFirst({ pointers, neighbours }: Graph, start: number, search: Search): Levels {
  const { visited, queue } = search
  const stamp = ++search.stamp
  queue[0] = start
  visited[start] = stamp
  let size = 1
  let level = 0
  let depth = 0
  for (;;) {
    const end = size
    for (let at = level; at < end; at++)
      for (let k = pointers[queue[at]!]!, stop = pointers[queue[at]! + 1]!; k < stop; k++) {
        const v = neighbours[k]!
        if (visited[v] === stamp) continue
        visited[v] = stamp
        queue[size++] = v
      }
    if (size === end) return { size, depth, last: level }
    level = end
    depth++
  }
}

/** Moves to a vertex of lowest degree in the farthest level for as long as that is farther. */
function pseudoPeripheral(graph: Graph, first: number, search: Search): number {
  const { pointers } = graph
  const degree = (v: number): number => pointers[v + 1]! - pointers[v]!
  let start = first
  let levels = breadthFirst(graph, start, search)
  for (;;) {
    let candidate = search.queue[levels.last]!
    for (let k = levels.last + 1; k < levels.size; k++)
      if (degree(search.queue[k]!) < degree(candidate)) candidate = search.queue[k]!
    const farther = breadthFirst(graph, candidate, search)
    if (farther.depth <= levels.depth) return start
    start = candidate
    levels = farther
  }
}
