import { refuse } from '../core/errors.ts'
import type { Call } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { checkVector, ownVector } from '../core/vector.ts'
import { isDense } from './dense.ts'

/** Options of methods on dense matrices. */
export interface DenseOptions {
  /** `false`: the caller vouches for finite (and symmetric, where that is asked for) entries, and no pass looks. */
  readonly check?: boolean
}

/** Checks a flag. */
export function flagOption(method: string, name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw refuse('ERR_OPTION', method, `option ${name}`, 'true or false', value)
  return value
}

/** A dense matrix argument: its shape, and an array that fits. */
export function checkDense(method: string, name: string, A: Dense): Dense {
  if (!isDense(A)) throw refuse('ERR_TYPE', method, name, 'a dense matrix', A)
  const { rows, columns } = A
  for (const [side, n] of [
    ['rows', rows],
    ['columns', columns],
  ] as const)
    if (!Number.isInteger(n) || n < 0 || n >= 2 ** 31)
      throw refuse('ERR_SHAPE', method, `${name}.${side}`, 'a non-negative integer', n)
  return { rows, columns, values: checkVector(method, `${name}.values`, A.values, rows * columns) }
}

/** A dense matrix argument with finite entries, that the user may change while an asynchronous call runs. */
export function* ownDense(call: Call, name: string, A: Dense, check = true): Steps<Dense> {
  const { rows, columns, values } = checkDense(call.name, name, A)
  if (check) return { rows, columns, values: yield* ownVector(call, `${name}.values`, values, rows * columns) }
  if (call.form === 'sync') return { rows, columns, values }
  const copy = float64(values.length)
  copy.set(values)
  return { rows, columns, values: copy }
}

/** Where a result goes: the caller's own array in the synchronous form, or a new one. */
export function outDense(call: Call, name: string, given: Dense | undefined, rows: number, columns: number): Dense {
  if (given === undefined) return { rows, columns, values: float64(rows * columns) }
  if (call.form === 'async')
    throw refuse('ERR_OPTION', call.name, `option ${name}`, 'left out: promises bring arrays of their own', given)
  const out = checkDense(call.name, `option ${name}`, given)
  if (out.rows !== rows || out.columns !== columns || !(given.values instanceof Float64Array))
    throw refuse('ERR_SHAPE', call.name, `option ${name}`, `${rows} x ${columns}`, `${out.rows} x ${out.columns}`)
  return out
}
