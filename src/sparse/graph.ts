import { refuse } from '../core/errors.ts'
import type { Pattern } from '../core/types.ts'

const MAX_ENTRIES = 2 ** 30 - 1 // each is listed from both ends, and counted in 32 bits

/** The undirected graph of A + A^T without its diagonal: the neighbours of v, those of lowest degree first. */
export interface Graph {
  readonly pointers: Int32Array
  readonly neighbours: Int32Array
  /** All vertices, by ascending degree, then by index. */
  readonly byDegree: Int32Array
}

/** The graph of a square pattern, in linear time. */
export function graphOf(method: string, pattern: Pattern): Graph {
  const entries = pattern.columnIndices.length
  if (entries > MAX_ENTRIES)
    throw refuse('ERR_SHAPE', method, 'the number of non-zeros', `at most ${MAX_ENTRIES}`, entries)
  const { pointers, neighbours } = symmetrised(pattern)
  const byDegree = orderByDegree(pointers)
  const sorted = new Int32Array(neighbours.length)
  const next = pointers.slice(0, byDegree.length)
  // listing each vertex with its neighbours, lowest degree first, sorts every list without a comparison
  for (const v of byDegree) for (let k = pointers[v]!; k < pointers[v + 1]!; k++) sorted[next[neighbours[k]!]!++] = v
  return { pointers, neighbours: sorted, byDegree }
}

/** The neighbours of every vertex in A + A^T without its diagonal, in no particular order. Linear time. */
export function symmetrised({ rows, rowPointers, columnIndices }: Pattern): {
  pointers: Int32Array
  neighbours: Int32Array
} {
  const pointers = new Int32Array(rows + 1)
  const both = new Int32Array(rows + 1) // entries of A and of A^T, counted twice where both are stored
  for (let i = 0; i < rows; i++)
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      both[i + 1]!++
      both[columnIndices[k]! + 1]!++
    }
  for (let i = 0; i < rows; i++) both[i + 1]! += both[i]!
  const list = new Int32Array(2 * columnIndices.length)
  const next = both.slice(0, rows)
  for (let i = 0; i < rows; i++)
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      const j = columnIndices[k]!
      list[next[i]!++] = j
      list[next[j]!++] = i
    }
  const seen = new Int32Array(rows).fill(-1)
  let count = 0
  for (let i = 0; i < rows; i++) {
    seen[i] = i
    for (let k = both[i]!; k < both[i + 1]!; k++) {
      const j = list[k]!
      if (seen[j] === i) continue
      seen[j] = i
      list[count++] = j // behind the reading place, since lists only shrink
    }
    pointers[i + 1] = count
  }
  return { pointers, neighbours: list.slice(0, count) }
}

function orderByDegree(pointers: Int32Array): Int32Array {
  const n = pointers.length - 1
  const next = new Int32Array(n + 1)
  for (let v = 0; v < n; v++) next[pointers[v + 1]! - pointers[v]! + 1]!++
  for (let d = 0; d < n; d++) next[d + 1]! += next[d]!
  const order = new Int32Array(n)
  for (let v = 0; v < n; v++) order[next[pointers[v + 1]! - pointers[v]!]!++] = v
  return order
}
