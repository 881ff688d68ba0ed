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
import { factorExternally, hasSuiteSparse } from './external.ts'
import type { ExternalFactor, Ldlt } from './kinds.ts'
import { ldltSteps } from './ldlt.steps.ts'
import { type Symbolic, symbolicSteps } from './symbolic.steps.ts'

/** The inside of the ordering, for other factorizations. */
export const amd = bind('amd', amdSteps)
const symbolicFactor = bind('symbolicFactor', symbolicSteps)
const ldltNumeric = bind('ldltNumeric', ldltSteps)

/** Options of {@link ldlt}. */
export interface LdltOptions extends ControlOptions {
  /** Most bytes that the factor and its workspace may take; default: the memory of this machine. */
  readonly maxMemory?: number
  /**
   * Whose factorization: `'own'`, `'suitesparse'` (CHOLMOD, where it is installed), or `'auto'`, the default: CHOLMOD's
   * where A may be positive definite and its own rule tries nested dissection, since minimum degree fills in much:
   * 500 flops per entry of L, and 2e9 flops or more.
   */
  readonly library?: 'auto' | 'own' | 'suitesparse'
}

/** Where CHOLMOD itself gives up on minimum degree, and the least work for which another library pays. */
const FLOPS_PER_ENTRY = 500
const FLOPS = 2e9

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
export const memoryOf = ({ order, rows, rowStarts, panelEntries, stackEntries }: Symbolic) => ({
  factor: 8 * panelEntries + 20 * order.length + 4 * (rows.length + 2 * rowStarts.length),
  workspace: 8 * stackEntries + 8 * order.length,
})

/** Factors A as steps of the method `method`, by whichever library the options say. */
export function* factorizationSteps(method: string, A: Csr, options: LdltOptions): Steps<Ldlt | ExternalFactor> {
  const { library = 'auto' } = options
  if (library !== 'auto' && library !== 'own' && library !== 'suitesparse')
    throw refuse('ERR_OPTION', method, 'option library', "'auto', 'own' or 'suitesparse'", library)
  const wanted = library === 'suitesparse' || (library === 'auto' && hasSuiteSparse() && (yield* isHeavy(method, A)))
  if (wanted) {
    checkMatrix(method, A)
    yield* requireSymmetric(method, A)
    const factor = yield* factorExternally(method, A)
    if (factor !== undefined) return factor
  }
  return yield* factorSteps(method, A, options)
}

/** Whether A may be positive definite and minimum degree fills in so much that nested dissection is worth a try. */
function* isHeavy(method: string, A: Csr): Steps<boolean> {
  checkMatrix(method, A)
  if (!A.diagonal().every(d => d > 0)) return false
  yield* requireSymmetric(method, A)
  const { flops, entries } = yield* symbolicOf(A.pattern)
  return flops >= FLOPS && flops >= FLOPS_PER_ENTRY * entries
}

function checkMatrix(method: string, A: Csr): void {
  if (A.rows !== A.columns) throw refuse('ERR_SHAPE', method, 'A', 'square', `${A.rows} x ${A.columns}`)
}

/** Factors A with our own code. */
export function* factorSteps(method: string, A: Csr, { maxMemory = totalmem() }: LdltOptions): Steps<Ldlt> {
  const begun = performance.now()
  if (typeof maxMemory !== 'number' || !(maxMemory >= 0))
    throw refuse('ERR_OPTION', method, 'option maxMemory', 'a number of bytes >= 0', maxMemory)
  checkMatrix(method, A)
  yield* requireSymmetric(method, A)
  const symbolic = yield* symbolicOf(A.pattern)
  const { order, starts, rowStarts, rows, entries, flops } = symbolic
  const { factor, workspace } = memoryOf(symbolic)
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

const { async, sync } = forms<[CsrData, LdltOptions?], Ldlt | ExternalFactor>(
  'ldlt',
  1,
  ['maxMemory', 'library'],
  function* (call, A, options) {
    return yield* factorizationSteps(call.name, Csr.from(A, call.name), options ?? {})
  },
)

/** {@link ldlt}: our own factor where it is asked for. */
export interface LdltFunction {
  (A: CsrData, options: LdltOptions & { readonly library: 'own' }): Promise<Ldlt>
  (A: CsrData, options?: LdltOptions): Promise<Ldlt | ExternalFactor>
}

/** {@link ldlt}, blocking. */
export interface LdltSyncFunction {
  (A: CsrData, options: LdltOptions & { readonly library: 'own' }): Ldlt
  (A: CsrData, options?: LdltOptions): Ldlt | ExternalFactor
}

/**
 * A = L D L^T of a sparse symmetric matrix, for `solveWith` and as a preconditioner. Ordered by approximate minimum
 * degree; the ordering and the symbolic part are kept per pattern, so that matrices of one pattern only refactor.
 * D is diagonal: matrices that need 2 x 2 pivots are reported as such by `ok`, `pivotGrowth` and `inertia.zero`.
 *
 * @throws KrylovError ERR_NOT_SYMMETRIC, ERR_NOT_FINITE; ERR_MEMORY naming the bytes, before they are taken
 */
export const ldlt = Object.assign(async as LdltFunction, {
  recipe: 'ldlt',
  build: (method: string, A: Csr) => factorSteps(method, A, {}),
})

/** {@link ldlt}, blocking. */
export const ldltSync = sync as LdltSyncFunction
