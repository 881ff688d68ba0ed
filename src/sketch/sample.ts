import { log } from '../core/elementary.ts'
import { high } from '../core/philox.ts'
import { drawBlock, fillNormal, uniformAt } from '../core/random.ts'
import { blockStart } from '../sparse/blocks.ts'
import type { FastJl, Gaussian, Sjlt, SketchState, SparseStack, Srht, VerySparse } from './kinds.ts'
import { padded } from './kinds.ts'

/*
 * The entries of the operators, each a function of the state and its place. Twin of native/sketch/sample.hpp, operation for
 * operation: the integers are the same on every machine, and so are the normals.
 */

const TWO32 = 4294967296
const words = new Uint32Array(4)

const draw = ({ seed, stream }: SketchState, index: number): void => drawBlock(seed, stream, index, words)

/** 0 to n - 1 */
const below = (word: number, n: number): number => high(word, n) >>> 0

/** The rows of column j and their signs, in the order in which they are drawn; returns how many. */
export function drawColumn(
  S: SparseStack | Sjlt | VerySparse,
  j: number,
  rows: Int32Array,
  signs: Float64Array,
): number {
  if (S.kind === 'very-sparse') return drawVerySparse(S, j, rows, signs)
  const { state, zeta } = S
  const blocks = Math.ceil(zeta / 4)
  for (let z = 0; z < zeta; z++) {
    if (z % 4 === 0) draw(state, j * blocks + z / 4)
    const word = words[z % 4]!
    signs[z] = (word & 1) === 0 ? 1 : -1
    if (S.kind === 'sjlt') {
      insertDistinct(rows, z, below(word, S.rows - z))
    } else {
      const start = blockStart(S.rows, zeta, z)
      rows[z] = start + below(word, blockStart(S.rows, zeta, z + 1) - start)
    }
  }
  return zeta
}

/** rows[z] = the row of rank `r` among those that are not in rows[0] .. rows[z - 1]. */
function insertDistinct(rows: Int32Array, z: number, r: number): void {
  const taken = rows.slice(0, z).sort()
  let row = r
  for (let k = 0; k < z && taken[k]! <= row; k++) row++
  rows[z] = row
}

function drawVerySparse({ state, rows: d, density }: VerySparse, j: number, rows: Int32Array, signs: Float64Array) {
  const blocks = Math.ceil(d / 4)
  const limit = density * 2147483648
  let count = 0
  for (let i = 0; i < d; i++) {
    if (i % 4 === 0) draw(state, j * blocks + i / 4)
    const word = words[i % 4]!
    if (word >>> 1 >= limit) continue
    rows[count] = i
    signs[count++] = (word & 1) === 0 ? 1 : -1
  }
  return count
}

/** Entries of magnitude one are to be multiplied by this. */
export const scaleOf = (S: SparseStack | Sjlt | VerySparse): number =>
  1 / Math.sqrt(S.kind === 'very-sparse' ? S.density * S.rows : S.zeta)

/** Column j of a Gaussian, before it is divided by sqrt(rows). */
export function drawNormals({ state, rows }: Gaussian, j: number, out: Float64Array): void {
  fillNormal(out.subarray(0, rows), state.seed, state.stream, j * rows)
}

const SIGNS = 0 // blocks from here on: signs of the diagonal D
const ROWS = TWO32 // rows that are kept
const ENTRIES = 2 * TWO32 // gaps between the entries of P
const NORMALS = 4 * TWO32 // those entries

/** +-1 for entry j of D. */
export function drawSign({ state }: Srht | FastJl, j: number): number {
  draw(state, SIGNS + Math.floor(j / 4))
  return (words[j % 4]! & 1) === 0 ? 1 : -1
}

/** The rows of the transform that are kept, ascending: without replacement (Floyd; Bentley 1987). */
export function drawRows({ state, rows, columns }: Srht): Int32Array {
  const length = padded(columns)
  const chosen = new Set<number>()
  for (let i = length - rows, k = 0; i < length; i++, k++) {
    if (k % 4 === 0) draw(state, ROWS + k / 4)
    const t = below(words[k % 4]!, i + 1)
    chosen.add(chosen.has(t) ? i : t)
  }
  return Int32Array.from(chosen).sort()
}

/** The entries of P in one dimension: places i length + k ascending, and their normals over sqrt(q). */
export function drawEntries({ state, rows, columns, q }: FastJl): { places: number[]; values: number[] } {
  const end = rows * padded(columns)
  const [places, values]: [number[], number[]] = [[], []]
  const pair = new Float64Array(1)
  const rate = q < 1 ? 1 / log(1 - q) : 0
  for (let at = -1, t = 0; ; t++) {
    at += 1 + (q < 1 ? Math.floor(log(uniformAt(state.seed, state.stream, 2 * (ENTRIES + t))) * rate) : 0)
    if (!(at < end)) return { places, values }
    fillNormal(pair, state.seed, state.stream, 2 * NORMALS + t)
    places.push(at)
    values.push(pair[0]! / Math.sqrt(q))
  }
}
