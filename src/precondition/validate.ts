import { refuse } from '../core/errors.ts'
import type { CsrData } from '../core/types.ts'
import { checkFactor } from '../direct/validate.ts'
import { checkLuArrays } from '../direct/validate-lu.ts'
import { blockStart } from '../sparse/blocks.ts'
import { Csr } from '../sparse/csr.ts'
import { recordIndices, recordMatrix, recordStrictlyUpper, recordVector } from '../sparse/records.ts'
import type { Preconditioner, TwoLevel } from './kinds.ts'
import { numberOption } from './recipe.ts'
import { checkDiagonals } from './validate-diagonals.ts'
import { checkHierarchy } from './validate-hierarchy.ts'

const checked = new WeakMap<object, Preconditioner>()

/**
 * A built preconditioner for n unknowns. Records may have been cloned, loaded or made by hand: each is checked in
 * full once, and what is used is the checked copy on shared memory.
 */
export function checkPreconditioner(method: string, given: unknown, n: number): Preconditioner {
  if (typeof given !== 'object' || given === null) throw wrong(method, given)
  const record = given as Record<string, unknown>
  const before = checked.get(given)
  const known = before !== undefined && isViewOf(before, record, method) ? before : check(method, record)
  if (size(known) !== undefined && size(known) !== n)
    throw refuse('ERR_SHAPE', method, 'option preconditioner', `for ${n} unknowns`, size(known))
  checked.set(given, known)
  return known
}

/** Whether a checked record still has the very values of the given one; where arrays were copied it never has. */
const isViewOf = (known: Preconditioner, given: Record<string, unknown>, method: string): boolean =>
  Object.entries(known).every(([key, value]) =>
    value instanceof Csr ? Csr.from(given[key] as CsrData, method) === value : Object.is(given[key], value),
  )

const wrong = (method: string, given: unknown) =>
  refuse('ERR_OPTION', method, 'option preconditioner', 'a recipe, a built preconditioner or a function', given)

function size(M: Preconditioner): number | undefined {
  if (M.kind === 'identity') return undefined
  if (M.kind === 'ldlt') return M.order.length
  if (M.kind === 'amg') return M.pattern.rows
  if (M.kind === 'two-level') return M.aggregates.length
  return M.inverseDiagonal.length
}

function check(method: string, given: Record<string, unknown>): Preconditioner {
  switch (given.kind) {
    case 'identity':
      return { kind: 'identity' }
    case 'jacobi':
      return { kind: 'jacobi', inverseDiagonal: vector(method, 'inverseDiagonal', given.inverseDiagonal) }
    case 'factor': {
      const inverseDiagonal = vector(method, 'inverseDiagonal', given.inverseDiagonal)
      const upper = matrix(method, 'upper', given.upper, inverseDiagonal.length)
      checkStrictlyUpper(method, upper)
      const blocks = Math.floor(
        numberOption(method, 'preconditioner.blocks', given.blocks ?? 1, 1, Math.max(1, upper.rows)),
      )
      checkUncoupled(method, upper, blocks)
      return { ...given, kind: 'factor', method: String(given.method), upper, inverseDiagonal, blocks }
    }
    case 'levels': {
      const inverseDiagonal = vector(method, 'inverseDiagonal', given.inverseDiagonal)
      const n = inverseDiagonal.length
      const order = indices(method, 'order', given.order, n, n)
      const starts = indices(method, 'starts', given.starts, undefined, n + 1)
      for (let l = 0; l + 1 < starts.length; l++) if (starts[l]! > starts[l + 1]!) throw wrong(method, given)
      if (starts[0] !== 0 || starts[starts.length - 1] !== n) throw wrong(method, given)
      const upper = matrix(method, 'upper', given.upper, n)
      const lower = matrix(method, 'lower', given.lower, n)
      checkStrictlyUpper(method, upper)
      return { ...given, kind: 'levels', method: String(given.method), order, starts, lower, upper, inverseDiagonal }
    }
    case 'lu':
      return { ...given, ...checkLuArrays(method, 'preconditioner', given) }
    case 'diagonals': {
      const inverseDiagonal = vector(method, 'inverseDiagonal', given.inverseDiagonal)
      const upper = checkDiagonals(method, given.upper, inverseDiagonal.length)
      return { ...given, kind: 'diagonals', method: String(given.method), upper, inverseDiagonal }
    }
    case 'chebyshev': {
      const inverseDiagonal = vector(method, 'inverseDiagonal', given.inverseDiagonal)
      const largest = numberOption(method, 'preconditioner.largest', given.largest, 0, 1e300, true)
      return {
        kind: 'chebyshev',
        matrix: matrix(method, 'matrix', given.matrix, inverseDiagonal.length),
        inverseDiagonal,
        degree: Math.floor(numberOption(method, 'preconditioner.degree', given.degree, 1, 100)),
        smallest: numberOption(method, 'preconditioner.smallest', given.smallest, 0, largest, true),
        largest,
      }
    }
    case 'ldlt':
      return checkFactor(method, 'preconditioner', given)
    case 'amg':
      return checkHierarchy(method, given)
    case 'two-level': {
      const base = check(method, (given.base ?? {}) as Record<string, unknown>)
      const coarse = checkFactor(method, 'preconditioner.coarse', given.coarse)
      if (!('inverseDiagonal' in base) || ['chebyshev', 'amg', 'lu'].includes(base.kind)) throw wrong(method, given)
      const n = base.inverseDiagonal.length
      const count = coarse.order.length
      const aggregates = indices(method, 'aggregates', given.aggregates, n, Math.max(1, count), -1)
      const members = indices(method, 'members', given.members, undefined, Math.max(1, n))
      const starts = indices(method, 'starts', given.starts, count + 1, members.length + 1)
      for (let c = 0; c < count; c++) if (starts[c]! > starts[c + 1]!) throw wrong(method, given)
      if (starts[0] !== 0 || starts[count] !== members.length) throw wrong(method, given)
      return { kind: 'two-level', base: base as TwoLevel['base'], aggregates, starts, members, coarse }
    }
    default:
      throw wrong(method, given)
  }
}

const named = (name: string) => `preconditioner.${name}`
const vector = (method: string, name: string, given: unknown) => recordVector(method, named(name), given)
const matrix = (method: string, name: string, given: unknown, n: number) => recordMatrix(method, named(name), given, n)
const indices = (
  method: string,
  name: string,
  given: unknown,
  length: number | undefined,
  below: number,
  least?: number,
) => recordIndices(method, named(name), given, length, below, least)
const checkStrictlyUpper = (method: string, A: Csr) => recordStrictlyUpper(method, named('upper'), A)

function checkUncoupled(method: string, { pattern }: Csr, blocks: number): void {
  const { rows, rowPointers, columnIndices } = pattern
  for (let b = 0; b < blocks; b++) {
    const end = blockStart(rows, blocks, b + 1)
    for (let i = blockStart(rows, blocks, b); i < end; i++)
      if (rowPointers[i]! < rowPointers[i + 1]! && columnIndices[rowPointers[i + 1]! - 1]! >= end)
        throw refuse('ERR_INDEX', method, 'preconditioner.upper', `uncoupled over ${blocks} blocks`, `row ${i}`)
  }
}
