import { refuse } from '../core/errors.ts'
import { recordIndices, recordMatrix, recordStrictlyLower, recordStrictlyUpper, recordVector } from '../sparse/records.ts'
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

const checked = new WeakMap<object, LuFactor & Pick<Lu, 'matrix'>>()

/** The factor in a record that `lu` made, with the matrix that it is of: checked in full once. */
export function checkLu(method: string, given: object): LuFactor & Pick<Lu, 'matrix'> {
  const known = checked.get(given)
  if (known !== undefined && known.matrix === (given as Lu).matrix && keys.every(key => known[key] === (given as Lu)[key]))
    return known
  const factor = checkLuArrays(method, 'F', given)
  const { matrix } = given as Partial<Lu>
  const n = factor.rows.length
  if (matrix?.pattern?.rows !== n || matrix.pattern.columns !== n)
    throw refuse('ERR_SHAPE', method, 'F.matrix', `of order ${n}`, matrix?.pattern?.rows)
  const whole = { ...factor, matrix }
  checked.set(given, whole)
  return whole
}

const keys = ['rows', 'columns', 'inverseDiagonal'] as const
