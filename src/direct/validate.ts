import { refuse } from '../core/errors.ts'
import { sharedFloat64, sharedInt32 } from '../core/shared.ts'
import { checkFinite, checkVector } from '../core/vector.ts'
import { checkIndexArray } from '../sparse/pattern.ts'
import type { Ldlt, LdltFactor } from './kinds.ts'

const checked = new WeakMap<object, LdltFactor>()

/**
 * The factor in a record that may have been cloned, loaded or made by hand: checked in full once, on shared memory.
 *
 * @throws KrylovError ERR_TYPE, ERR_SHAPE, ERR_INDEX, ERR_NOT_FINITE
 */
export function checkFactor(method: string, argument: string, given: unknown): LdltFactor {
  if (typeof given !== 'object' || given === null || (given as Partial<LdltFactor>).kind !== 'ldlt')
    throw refuse('ERR_TYPE', method, argument, 'a factor that ldlt made', given)
  const record = given as LdltFactor
  const known = checked.get(record)
  if (known !== undefined && fields.every(key => known[key] === record[key])) return known
  const factor = check(method, argument, record)
  checked.set(record, factor)
  return factor
}

/** The same with the matrix that it is of. */
export function checkLdlt(method: string, given: unknown): LdltFactor & Pick<Ldlt, 'matrix'> {
  const factor = checkFactor(method, 'F', given)
  const { matrix } = given as Ldlt
  if (matrix?.pattern?.rows !== factor.order.length || matrix.pattern.columns !== factor.order.length)
    throw refuse('ERR_SHAPE', method, 'F.matrix', `of order ${factor.order.length}`, matrix?.pattern?.rows)
  return { ...factor, matrix }
}

/** Remembers a factor that this environment has made. */
export function trustFactor<F extends LdltFactor>(factor: F): F {
  checked.set(factor, factor)
  return factor
}

const fields = ['order', 'starts', 'rowStarts', 'rows', 'values', 'diagonal', 'scale'] as const

function check(method: string, argument: string, given: LdltFactor): LdltFactor {
  const name = (key: string) => `${argument}.${key}`
  const indices = (key: 'order' | 'starts' | 'rowStarts' | 'rows') =>
    sharedInt32(checkIndexArray(method, name(key), given[key]))
  const doubles = (key: 'values' | 'diagonal' | 'scale', length: number) => {
    const vector = checkVector(method, name(key), given[key], length)
    checkFinite(method, name(key), vector)
    return sharedFloat64(vector)
  }
  const [order, starts, rowStarts, rows] = [indices('order'), indices('starts'), indices('rowStarts'), indices('rows')]
  const n = order.length
  const bad = (key: string, at: number) => refuse('ERR_INDEX', method, name(`${key}[${at}]`), 'that of a factor', at)
  const seen = new Uint8Array(n)
  for (let k = 0; k < n; k++) {
    if (!(order[k]! >= 0 && order[k]! < n) || seen[order[k]!] === 1) throw bad('order', k)
    seen[order[k]!] = 1
  }
  const count = starts.length - 1
  if (starts[0] !== 0 || starts[count] !== n || rowStarts.length !== count + 1) throw bad('starts', 0)
  if (rowStarts[0] !== 0 || rowStarts[count] !== rows.length) throw bad('rowStarts', 0)
  let entries = 0
  for (let s = 0; s < count; s++) {
    const width = starts[s + 1]! - starts[s]!
    const height = rowStarts[s + 1]! - rowStarts[s]!
    if (width < 1 || height < width) throw bad('starts', s)
    entries += width * height
    for (let at = 0; at < height; at++) {
      const i = rows[rowStarts[s]! + at]!
      const fits = at < width ? i === starts[s]! + at : i > rows[rowStarts[s]! + at - 1]! && i < n
      if (!fits) throw bad('rows', rowStarts[s]! + at)
    }
  }
  const values = doubles('values', entries)
  const [diagonal, scale] = [doubles('diagonal', n), doubles('scale', n)]
  for (let j = 0; j < n; j++) {
    if (diagonal[j] === 0) throw refuse('ERR_SINGULAR', method, name(`diagonal[${j}]`), 'not zero', 0)
    if (!(scale[j]! > 0)) throw refuse('ERR_INDEX', method, name(`scale[${j}]`), 'positive', scale[j])
  }
  return { kind: 'ldlt', order, starts, rowStarts, rows, values, diagonal, scale }
}
