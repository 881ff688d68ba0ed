import type { Pattern } from '../core/types.ts'
import { symmetrised } from '../sparse/graph.ts'

/** The graph of A + A^T in elimination order, its tree and the lengths of the columns of its factor. */
export interface Elimination {
  /** Row k is row order[k] of A; children stand before their parents, subtrees side by side. */
  readonly order: Int32Array
  /** Row of A's row i in that order. */
  readonly place: Int32Array
  /** Per column, the row of its first entry below the diagonal, or -1. */
  readonly parent: Int32Array
  /** Entries of each column of the factor, the diagonal included. */
  readonly counts: Int32Array
  readonly graph: { readonly pointers: Int32Array; readonly neighbours: Int32Array }
}

/** The elimination tree in postorder, longest column of the siblings last, and column counts without the factor. */
export function eliminate(pattern: Pattern, given: ArrayLike<number>): Elimination {
  const graph = symmetrised(pattern)
  const first = Int32Array.from(given)
  const tree = liuTree(graph, first)
  const natural = postorder(tree, undefined)
  const order = natural.map(k => first[k]!)
  const parent = relabelled(tree, natural)
  const counts = columnCounts(graph, order, parent)
  const byLength = postorder(parent, counts)
  const final = byLength.map(k => order[k]!)
  return {
    order: final,
    place: inverse(final),
    parent: relabelled(parent, byLength),
    counts: byLength.map(k => counts[k]!),
    graph,
  }
}

export function inverse(order: Int32Array): Int32Array {
  const place = new Int32Array(order.length)
  for (let k = 0; k < order.length; k++) place[order[k]!] = k
  return place
}

/** Liu, The role of elimination trees in sparse factorization (1990), section 5: paths are compressed. */
function liuTree({ pointers, neighbours }: Elimination['graph'], order: Int32Array): Int32Array {
  const n = order.length
  const place = inverse(order)
  const parent = new Int32Array(n).fill(-1)
  const ancestor = new Int32Array(n).fill(-1)
  for (let k = 0; k < n; k++)
    for (let at = pointers[order[k]!]!; at < pointers[order[k]! + 1]!; at++) {
      let j = place[neighbours[at]!]!
      while (j < k && j !== -1) {
        const next = ancestor[j]!
        ancestor[j] = k
        if (next === -1) parent[j] = k
        j = next
      }
    }
  return parent
}

/** The nodes of a forest, children before parents; siblings by ascending weight, or as they are. */
function postorder(parent: Int32Array, weight: Int32Array | undefined): Int32Array {
  const n = parent.length
  const child = new Int32Array(n + 1).fill(-1)
  const sibling = new Int32Array(n).fill(-1)
  // each is put before its siblings, so the last one put comes first
  const put = (v: number) => {
    const p = parent[v]! < 0 ? n : parent[v]!
    sibling[v] = child[p]!
    child[p] = v
  }
  if (weight === undefined) for (let v = n - 1; v >= 0; v--) put(v)
  else for (const v of descending(weight)) put(v)
  const order = new Int32Array(n)
  const stack = new Int32Array(n + 1)
  let depth = 0
  let count = 0
  stack[0] = n
  while (depth >= 0) {
    const v = stack[depth]!
    const next = child[v]!
    if (next !== -1) {
      child[v] = sibling[next]!
      stack[++depth] = next
    } else {
      depth--
      if (v < n) order[count++] = v
    }
  }
  return order
}

/** Indices by descending weight, the later one of equals first. */
function descending(weight: Int32Array): Int32Array {
  const n = weight.length
  const next = new Int32Array(n + 2)
  for (let v = 0; v < n; v++) next[n - weight[v]! + 1]!++
  for (let d = 0; d <= n; d++) next[d + 1]! += next[d]!
  const order = new Int32Array(n)
  for (let v = n - 1; v >= 0; v--) order[next[n - weight[v]!]!++] = v
  return order
}

function relabelled(parent: Int32Array, order: Int32Array): Int32Array {
  const place = inverse(order)
  return order.map(v => (parent[v]! < 0 ? -1 : place[parent[v]!]!))
}

/**
 * Gilbert, Ng and Peyton, An efficient algorithm to compute row and column counts (1994): a column gains an entry for
 * each leaf of a row subtree, and loses one where two of its paths meet. The order is a postorder.
 */
function columnCounts(
  { pointers, neighbours }: Elimination['graph'],
  order: Int32Array,
  parent: Int32Array,
): Int32Array {
  const n = order.length
  const place = inverse(order)
  const counts = new Int32Array(n)
  const descendant = new Int32Array(n).fill(-1) // first of each subtree
  for (let k = 0; k < n; k++) {
    if (descendant[k] === -1) {
      descendant[k] = k
      counts[k] = 1 // a leaf
    }
    const p = parent[k]!
    if (p !== -1 && descendant[p] === -1) descendant[p] = descendant[k]!
  }
  const seen = new Int32Array(n).fill(-1) // highest first descendant that row i has met
  const leaf = new Int32Array(n).fill(-1) // last leaf of row i's subtree
  const ancestor = Int32Array.from({ length: n }, (_, k) => k)
  for (let k = 0; k < n; k++) {
    if (parent[k] !== -1) counts[parent[k]!]!--
    for (let at = pointers[order[k]!]!; at < pointers[order[k]! + 1]!; at++) {
      const i = place[neighbours[at]!]!
      if (i <= k || descendant[k]! <= seen[i]!) continue
      seen[i] = descendant[k]!
      counts[k]!++
      if (leaf[i] !== -1) counts[root(ancestor, leaf[i]!)]!--
      leaf[i] = k
    }
    if (parent[k] !== -1) ancestor[k] = parent[k]!
  }
  for (let k = 0; k < n; k++) if (parent[k] !== -1) counts[parent[k]!]! += counts[k]!
  return counts
}

/** The top of v's path, which is compressed. */
function root(ancestor: Int32Array, v: number): number {
  let top = v
  while (ancestor[top] !== top) top = ancestor[top]!
  while (ancestor[v] !== top) {
    const next = ancestor[v]!
    ancestor[v] = top
    v = next
  }
  return top
}
