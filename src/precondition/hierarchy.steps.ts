import { int32 } from '../core/shared.ts'
import type { Reals } from '../core/types.ts'
import type { Amg } from './kinds.ts'

/** A sparse matrix as the levels of a hierarchy hold it. */
export interface LevelMatrix {
  readonly rows: number
  readonly rowPointers: Int32Array
  readonly columnIndices: Int32Array
  readonly values: Reals
}

/** One level, as views into the flat arrays of an {@link Amg}. */
export interface Level {
  readonly A: LevelMatrix
  /** Of the smoother's D; zero for an unknown that it leaves alone. */
  readonly inverseDiagonal: Reals
  /** Bound of the spectrum of D^-1 A. */
  readonly largest: number
  /** Aggregate of each node, -1 for none; empty on the coarsest level. */
  readonly aggregates: Int32Array
  /** Prolongation from the next coarser level, and its transpose; absent on the coarsest. */
  readonly P?: LevelMatrix
  readonly R?: LevelMatrix
}

/** Numbers per level in `Amg.levels`: unknowns, entries of its matrix, entries of P, nodes. */
export const LEVEL_FIELDS = 4

export const levelCount = ({ levels }: Pick<Amg, 'levels'>): number => levels.length / LEVEL_FIELDS

/** The levels of a hierarchy, finest first. The flat arrays hold P, R and the coarser A of each level in turn. */
export function levelsOf(M: Amg): readonly Level[] {
  const list: Level[] = []
  const at = { row: 0, entry: 0, unknown: 0, node: 0 }
  const next = (rows: number, entries: number): LevelMatrix => {
    const rowPointers = M.rowPointers.subarray(at.row, at.row + rows + 1)
    const columnIndices = M.columnIndices.subarray(at.entry, at.entry + entries)
    const values = M.values.subarray(at.entry, at.entry + entries)
    at.row += rows + 1
    at.entry += entries
    return { rows, rowPointers, columnIndices, values }
  }
  const count = levelCount(M)
  const { rowPointers, columnIndices } = M.pattern
  let A: LevelMatrix = { rows: M.pattern.rows, rowPointers, columnIndices, values: M.finest }
  for (let l = 0; l < count; l++) {
    const [n, , transfers, nodes] = M.levels.subarray(LEVEL_FIELDS * l, LEVEL_FIELDS * (l + 1)) as unknown as number[]
    const inverseDiagonal = M.inverseDiagonal.subarray(at.unknown, at.unknown + n!)
    at.unknown += n!
    const level = { A, inverseDiagonal, largest: M.largest[l]! }
    if (l + 1 === count) {
      list.push({ ...level, aggregates: M.aggregates.subarray(0, 0) })
      break
    }
    const aggregates = M.aggregates.subarray(at.node, at.node + nodes!)
    at.node += nodes!
    const coarse = M.levels[LEVEL_FIELDS * (l + 1)]!
    const P = next(n!, transfers!)
    const R = next(coarse, transfers!)
    list.push({ ...level, aggregates, P, R })
    A = next(coarse, M.levels[LEVEL_FIELDS * (l + 1) + 1]!)
  }
  return list
}

/** The table and the flat integer arrays of levels in the making. */
export function packPattern(
  levels: readonly Level[],
): Pick<Amg, 'levels' | 'rowPointers' | 'columnIndices' | 'aggregates'> {
  const table = int32(LEVEL_FIELDS * levels.length)
  levels.forEach(({ A, P, aggregates }, l) => {
    table.set([A.rows, A.columnIndices.length, P?.columnIndices.length ?? 0, aggregates.length], LEVEL_FIELDS * l)
  })
  const matrices = matricesOf(levels)
  return {
    levels: table,
    rowPointers: joined(
      int32,
      matrices.map(({ rowPointers }) => rowPointers),
    ),
    columnIndices: joined(
      int32,
      matrices.map(({ columnIndices }) => columnIndices),
    ),
    aggregates: joined(
      int32,
      levels.map(({ aggregates }) => aggregates),
    ),
  }
}

/** The flat arrays of numbers, in the precision of `make`. */
export function packValues(
  levels: readonly Level[],
  make: (n: number) => Reals,
): Pick<Amg, 'values' | 'inverseDiagonal'> {
  return {
    values: joined(
      make,
      matricesOf(levels).map(({ values }) => values),
    ),
    inverseDiagonal: joined(
      make,
      levels.map(({ inverseDiagonal }) => inverseDiagonal),
    ),
  }
}

const matricesOf = (levels: readonly Level[]): readonly LevelMatrix[] =>
  levels.flatMap(({ P, R }, l) => (P && R ? [P, R, levels[l + 1]!.A] : []))

function joined<T extends Int32Array | Reals>(make: (n: number) => T, parts: readonly (Int32Array | Reals)[]): T {
  const whole = make(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
