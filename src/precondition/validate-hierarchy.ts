import { refuse } from '../core/errors.ts'
import { float32, isShared, sharedFloat64, sharedInt32 } from '../core/shared.ts'
import type { Pattern, Reals } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { checkIndexArray, isTrusted, sparsityPattern } from '../sparse/pattern.ts'
import { LEVEL_FIELDS, type LevelMatrix, levelsOf } from './hierarchy.steps.ts'
import type { Amg, Noted } from './kinds.ts'
import { numberOption } from './recipe.ts'

/** A hierarchy that may have been cloned, loaded or made by hand: every offset, index and number is looked at. */
export function checkHierarchy(method: string, given: Record<string, unknown>): Amg & Noted {
  const wrong = (what: string) =>
    refuse('ERR_OPTION', method, 'option preconditioner', `a hierarchy ${what}`, 'another')
  const ints = (name: string, below = 2 ** 31) => integers(method, name, given[name], below)
  const integer = (name: string, low: number, high: number) =>
    Math.floor(numberOption(method, `preconditioner.${name}`, given[name], low, high))
  const pattern = patternOf(method, given.pattern)
  const columns = integer('columns', 0, 16)
  const M: Amg & Noted = {
    kind: 'amg',
    cycle: given.cycle === 'k' || given.cycle === 'v' ? given.cycle : 'w',
    smoother: given.smoother === 'jacobi' || given.smoother === 'l1' ? given.smoother : 'chebyshev',
    degree: integer('degree', 1, 20),
    pattern,
    finest: reals(method, 'finest', given.finest),
    levels: ints('levels'),
    rowPointers: ints('rowPointers'),
    columnIndices: ints('columnIndices'),
    values: reals(method, 'values', given.values),
    inverseDiagonal: reals(method, 'inverseDiagonal', given.inverseDiagonal),
    largest: doubles(method, 'largest', given.largest),
    coarse: doubles(method, 'coarse', given.coarse),
    aggregates: integers(method, 'aggregates', given.aggregates, 2 ** 31, -1),
    thresholds: doubles(method, 'thresholds', given.thresholds),
    ratios: doubles(method, 'ratios', given.ratios),
    blockSize: integer('blockSize', 1, 16),
    near: doubles(method, 'near', given.near),
    columns,
    constant: given.constant === true,
    damping: numberOption(method, 'preconditioner.damping', given.damping ?? 4 / 3, 0, 1.99),
    ...(given.learned === undefined
      ? {}
      : { learned: numberOption(method, 'preconditioner.learned', given.learned, 0, 1) }),
    ...(typeof given.why === 'string' ? { why: given.why } : {}),
  }
  const count = M.levels.length / LEVEL_FIELDS
  const sameKind = (a: Reals) => a.length === 0 || a instanceof Float32Array === M.finest instanceof Float32Array
  if (!Number.isInteger(count) || count < 1 || M.levels[0] !== pattern.rows) throw wrong('with a table of its levels')
  if (M.largest.length !== count || M.thresholds.length !== count - 1) throw wrong('with a bound per level')
  if (M.ratios.length !== count || !M.ratios.every(ratio => ratio > 1)) throw wrong('with a ratio above 1 per level')
  if (!sameKind(M.values) || !sameKind(M.inverseDiagonal)) throw wrong('in one precision')
  if (M.finest.length !== pattern.columnIndices.length) throw wrong('with the values of its finest level')
  if (M.near.length !== columns * pattern.rows) throw wrong('with its near-null vectors')
  const sums = [0, 0, 0, 0]
  const at = (l: number, f: number): number => M.levels[LEVEL_FIELDS * l + f]!
  for (let l = 0; l < count; l++) {
    const last = l + 1 === count
    sums[0]! += at(l, 0)
    if (last) break
    sums[1]! += at(l, 0) + 1 + 2 * (at(l + 1, 0) + 1)
    sums[2]! += 2 * at(l, 2) + at(l + 1, 1)
    sums[3]! += at(l, 3)
    const size = l === 0 ? M.blockSize : Math.max(1, columns)
    if (at(l, 3) * size !== at(l, 0) || at(l + 1, 0) % Math.max(1, columns) !== 0) throw wrong('with nodes that fit')
  }
  const lengths = [M.inverseDiagonal, M.rowPointers, M.columnIndices, M.aggregates].map(({ length }) => length)
  if (sums.some((sum, f) => sum !== lengths[f]) || M.values.length !== lengths[2])
    throw wrong('with arrays as long as its table says')
  const order = at(count - 1, 0)
  if (M.coarse.length !== 0 && M.coarse.length !== order * order) throw wrong('with the factor of its coarsest level')
  for (let i = 0; i < order && M.coarse.length > 0; i++)
    if (!(M.coarse[i * order + i]! > 0)) throw wrong('with a positive factor')
  if (!M.inverseDiagonal.every(d => d > 0) || !M.largest.every(d => d > 0)) throw wrong('with positive diagonals')
  for (const [l, { P, R, A, aggregates }] of levelsOf(M).entries()) {
    if (l > 0) checkMatrix(wrong, A, A.rows)
    if (P === undefined || R === undefined) continue
    checkMatrix(wrong, P, R.rows)
    checkMatrix(wrong, R, P.rows)
    if (aggregates.some(c => c * Math.max(1, columns) >= R.rows)) throw wrong('with aggregates that exist')
  }
  return M
}

function checkMatrix(
  wrong: (what: string) => Error,
  { rows, rowPointers, columnIndices }: LevelMatrix,
  columns: number,
): void {
  if (rowPointers[0] !== 0 || rowPointers[rows] !== columnIndices.length) throw wrong('with rows that fit')
  for (let i = 0; i < rows; i++) {
    if (rowPointers[i]! > rowPointers[i + 1]!) throw wrong('with ascending rows')
    let last = -1
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) {
      if (columnIndices[k]! <= last || columnIndices[k]! >= columns) throw wrong('with columns that exist')
      last = columnIndices[k]!
    }
  }
}

function patternOf(method: string, given: unknown): Pattern {
  if (isTrusted(given as Pattern)) return given as Pattern
  const { rows, columns, rowPointers, columnIndices } = (given ?? {}) as Pattern
  const pattern = sparsityPattern(rows, columns, rowPointers, columnIndices, method)
  if (rows !== columns) throw refuse('ERR_SHAPE', method, 'preconditioner.pattern', 'square', `${rows} x ${columns}`)
  return pattern
}

function reals(method: string, name: string, given: unknown): Reals {
  if (!(given instanceof Float32Array)) return doubles(method, name, given)
  for (let k = 0; k < given.length; k++)
    if (!Number.isFinite(given[k]))
      throw refuse('ERR_NOT_FINITE', method, `preconditioner.${name}[${k}]`, 'finite', given[k])
  if (isShared(given)) return given
  const copy = float32(given.length)
  copy.set(given)
  return copy
}

function doubles(method: string, name: string, given: unknown): Float64Array {
  const length = (given as Partial<Float64Array> | undefined)?.length ?? 0
  const vector = checkVector(method, `preconditioner.${name}`, given, length)
  checkFinite(method, `preconditioner.${name}`, vector)
  return sharedFloat64(vector)
}

function integers(method: string, name: string, given: unknown, below: number, least = 0): Int32Array {
  const list = checkIndexArray(method, `preconditioner.${name}`, given)
  for (let k = 0; k < list.length; k++)
    if (!(list[k]! >= least && list[k]! < below))
      throw refuse('ERR_INDEX', method, `preconditioner.${name}[${k}]`, `at least ${least}`, list[k])
  return sharedInt32(list)
}
