import { totalmem } from 'node:os'
import type { ControlOptions } from '../core/control.ts'
import { KrylovError, refuse } from '../core/errors.ts'
import { bind, forms, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import { Csr } from '../sparse/csr.ts'
import { requireSymmetric } from '../sparse/examine.ts'
import type { SparsityPattern } from '../sparse/pattern.ts'
import { amdSteps } from './amd.steps.ts'
import type { Ldlt } from './kinds.ts'
import { ldltSteps } from './ldlt.steps.ts'
import { type Symbolic, symbolicSteps } from './symbolic.steps.ts'

const amd = bind('amd', amdSteps)
const symbolicFactor = bind('symbolicFactor', symbolicSteps)
const ldltNumeric = bind('ldltNumeric', ldltSteps)

/** Options of {@link ldlt}. */
export interface LdltOptions extends ControlOptions {
  /** Most bytes that the factor and its workspace may take; default: the memory of this machine. */
  readonly maxMemory?: number
}

/** Growth beyond which half of the digits are lost. */
const GROWN = 1e8

const known = new WeakMap<SparsityPattern, Symbolic>()

/** Ordering and symbolic factorization, once per pattern. */
export function* symbolicOf(pattern: SparsityPattern): Steps<Symbolic> {
  const found = known.get(pattern)
  if (found !== undefined) return found
  const order = yield* run(amd, pattern)
  const symbolic = yield* run(symbolicFactor, pattern, order)
  known.set(pattern, symbolic)
  return symbolic
}

/** Bytes of the factor, and of what is needed besides while it is computed. */
export const bytesOf = ({ order, rows, rowStarts, panelEntries, stackEntries }: Symbolic) => ({
  factor: 8 * panelEntries + 20 * order.length + 4 * (rows.length + 2 * rowStarts.length),
  workspace: 8 * stackEntries + 8 * order.length,
})

/** Factors A as steps of the method `method`. */
export function* factorSteps(method: string, A: Csr, { maxMemory = totalmem() }: LdltOptions): Steps<Ldlt> {
  const begun = performance.now()
  if (typeof maxMemory !== 'number' || !(maxMemory >= 0))
    throw refuse('ERR_OPTION', method, 'option maxMemory', 'a number of bytes >= 0', maxMemory)
  if (A.rows !== A.columns) throw refuse('ERR_SHAPE', method, 'A', 'square', `${A.rows} x ${A.columns}`)
  yield* requireSymmetric(method, A)
  const symbolic = yield* symbolicOf(A.pattern)
  const { order, starts, rowStarts, rows, entries, flops } = symbolic
  const { factor, workspace } = bytesOf(symbolic)
  if (factor + workspace > maxMemory)
    throw new KrylovError(
      'ERR_MEMORY',
      `${method}: the factor would take ${factor} bytes and ${workspace} more while it is computed, ` +
        `more than maxMemory, ${maxMemory}`,
    )
  const values = float64(symbolic.panelEntries)
  const diagonal = float64(A.rows)
  const scale = float64(A.rows)
  const ready = performance.now()
  const report = yield* run(ldltNumeric, A, symbolic, values, diagonal, scale)
  const { positive, negative, zero, growth } = report
  return {
    kind: 'ldlt',
    order,
    starts,
    rowStarts,
    rows,
    values,
    diagonal,
    scale,
    matrix: A,
    ok: zero === 0 && growth < GROWN,
    positiveDefinite: positive === A.rows,
    inertia: { positive, negative, zero },
    logDeterminant: zero > 0 ? Number.NEGATIVE_INFINITY : logDeterminant(diagonal, scale),
    pivotGrowth: growth,
    entries,
    flops,
    memory: factor,
    time: { setup: ready - begun, factor: performance.now() - ready },
  }
}

/** log |det A| = log |det D| - 2 log det S. */
function logDeterminant(diagonal: Float64Array, scale: Float64Array): number {
  let sum = 0
  for (let j = 0; j < diagonal.length; j++) sum += Math.log(Math.abs(diagonal[j]!)) - 2 * Math.log(scale[j]!)
  return sum
}

const { async, sync } = forms<[CsrData, LdltOptions?], Ldlt>('ldlt', 1, ['maxMemory'], function* (call, A, options) {
  return yield* factorSteps(call.name, Csr.from(A, call.name), options ?? {})
})

/**
 * A = L D L^T of a sparse symmetric matrix, for `solveWith` and as a preconditioner. Ordered by approximate minimum
 * degree; the ordering and the symbolic part are kept per pattern, so that matrices of one pattern only refactor.
 * D is diagonal: matrices that need 2 x 2 pivots are reported as such by `ok`, `pivotGrowth` and `inertia.zero`.
 *
 * @throws KrylovError ERR_NOT_SYMMETRIC, ERR_NOT_FINITE; ERR_MEMORY naming the bytes, before they are taken
 */
export const ldlt = Object.assign(async, {
  recipe: 'ldlt',
  build: (method: string, A: Csr) => factorSteps(method, A, {}),
})

/** {@link ldlt}, blocking. */
export const ldltSync = sync
