import { refuse } from '../core/errors.ts'
import {
  recordIndices,
  recordMatrix,
  recordStrictlyLower,
  recordStrictlyUpper,
  recordVector,
} from '../sparse/records.ts'
import type { Lu, LuFactor } from './kinds.ts'

/** The arrays of an LU factor, checked in full. */
export function checkLuArrays(method: string, argument: string, given: object): LuFactor {
  const record = given as Partial<LuFactor>
  const named = (key: string) => `${argument}.${key}`
  const inverseDiagonal = recordVector(method, named('inverseDiagonal'), record.inverseDiagonal)
  const n = inverseDiagonal.length
  const rows = recordIndices(method, named('rows'), record.rows, n, n)
  const columns = recordIndices(method, named('columns'), record.columns, n, n)
  const lower = recordMatrix(method, named('lower'), record.lower, n)
  const upper = recordMatrix(method, named('upper'), record.upper, n)
  recordStrictlyUpper(method, named('upper'), upper)
  recordStrictlyLower(method, named('lower'), lower)
  return { kind: 'lu', method: String(record.method), rows, columns, lower, upper, inverseDiagonal }
}

const parts = ['matrix', 'rows', 'columns', 'lower', 'upper', 'inverseDiagonal'] as const

type Solvable = LuFactor & Pick<Lu, 'matrix'>

const checked = new WeakMap<object, { readonly given: Partial<Lu>; readonly factor: Solvable }>()

/**
 * The factor in a record that may have been cloned, loaded or made by hand, and the matrix that it is of: checked in full
 * once, on shared memory.
 *
 * @throws KrylovError ERR_TYPE, ERR_SHAPE, ERR_INDEX, ERR_NOT_FINITE
 */
export function checkLu(method: string, record: Partial<Lu>): Solvable {
  const known = checked.get(record)
  if (known !== undefined && parts.every(part => known.given[part] === record[part])) return known.factor
  const { kind, method: maker, matrix } = record
  if (kind !== 'lu' || maker !== 'lu') throw refuse('ERR_TYPE', method, 'F', 'a factor that lu made', maker)
  const factor = checkLuArrays(method, 'F', record)
  const n = factor.rows.length
  if (matrix?.pattern?.rows !== n || matrix.pattern.columns !== n)
    throw refuse('ERR_SHAPE', method, 'F.matrix', `of order ${n}`, matrix?.pattern?.rows)
  const solvable = { ...factor, matrix }
  checked.set(record, { given: { ...record }, factor: solvable })
  return solvable
}
