import { refuse } from '../core/errors.ts'
import { bindLapack, forms, quickly, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Dense } from '../core/types.ts'
import { gemmSteps } from './gemm.steps.ts'
import { flagOption, outDense, ownDense } from './own.ts'

/** C = alpha op(A) op(B) + beta C on arrays by rows. */
export const gemmInto = bindLapack('gemm', gemmSteps)

/** Options of {@link gemm}. */
export interface GemmOptions {
  /** Default 1. */
  readonly alpha?: number
  /** Default 0: what stood in `out` is not read. Else `out` is wanted. */
  readonly beta?: number
  /** A^T instead of A. */
  readonly transposeA?: boolean
  /** B^T instead of B. */
  readonly transposeB?: boolean
  /** Where the product goes, and the record that is returned; synchronous form only. It must not overlap A or B. */
  readonly out?: Dense
}

const number = (method: string, name: string, value: unknown): number => {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw refuse('ERR_OPTION', method, `option ${name}`, 'a finite number', value)
  return value
}

const { async, sync } = forms<[Dense, Dense, GemmOptions?], Dense>(
  'gemm',
  2,
  ['alpha', 'beta', 'transposeA', 'transposeB', 'out'],
  function* (call, givenA, givenB, options = {}) {
    const alpha = number(call.name, 'alpha', options.alpha ?? 1)
    const beta = number(call.name, 'beta', options.beta ?? 0)
    const transposeA = flagOption(call.name, 'transposeA', options.transposeA ?? false)
    const transposeB = flagOption(call.name, 'transposeB', options.transposeB ?? false)
    if (beta !== 0 && options.out === undefined)
      throw refuse('ERR_OPTION', call.name, 'option out', 'given where beta is not 0', undefined)
    const A = yield* ownDense(call, 'A', givenA, false)
    const B = yield* ownDense(call, 'B', givenB, false)
    const [m, inner] = transposeA ? [A.columns, A.rows] : [A.rows, A.columns]
    const [rows, n] = transposeB ? [B.columns, B.rows] : [B.rows, B.columns]
    if (rows !== inner)
      throw refuse(
        'ERR_SHAPE',
        call.name,
        transposeB ? 'B^T' : 'B',
        `${inner} rows, as ${transposeA ? 'A^T' : 'A'} has columns`,
        rows,
      )
    const C = outDense(call, 'out', options.out, m, n)
    if (C.values.buffer === A.values.buffer || C.values.buffer === B.values.buffer) refuseOverlap(call.name, C, A, B)
    yield* run(gemmInto, alpha, A.values, transposeA, B.values, transposeB, beta, C.values, m, n, inner)
    return options.out ?? C
  },
)

function refuseOverlap(method: string, C: Dense, ...operands: readonly Dense[]): void {
  const end = ({ values }: Dense) => values.byteOffset + values.byteLength
  for (const { values } of operands)
    if (
      values.buffer === C.values.buffer &&
      values.byteOffset < end(C) &&
      C.values.byteOffset < values.byteOffset + values.byteLength
    )
      throw refuse('ERR_OPTION', method, 'option out', 'apart from A and B', 'an array that overlaps one of them')
}

/**
 * The product of dense matrices, alpha op(A) op(B) + beta `out`, m x n. Entries that are not finite go into it as they do
 * into any sum. The same bits for any number of threads. 2 m n k flops. `gemmSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_OPTION
 */
export const gemm = async

/** {@link gemm}, blocking. */
export const gemmSync = (A: Dense, B: Dense, options?: GemmOptions): Dense =>
  atOnce(A, B, options) ?? sync(A, B, options)

let quick: ReturnType<typeof gemmQuickly>
const gemmQuickly = () => quickly(gemmInto)

/** A B, into `out` or anew, where nothing else is asked for and all fits; undefined: the flow says what is wrong, or does more. */
function atOnce(A: Dense, B: Dense, options: GemmOptions | undefined): Dense | undefined {
  for (const key in options) if (key !== 'out') return undefined
  quick ??= gemmQuickly()
  if (quick === undefined || !(fits(A) && fits(B))) return undefined
  const { rows: m, columns: k } = A
  const n = B.columns
  if (B.rows !== k) return undefined
  const out = options?.out ?? { rows: m, columns: n, values: float64(m * n) }
  if (!fits(out) || out.rows !== m || out.columns !== n) return undefined
  if (out.values.buffer === A.values.buffer || out.values.buffer === B.values.buffer) return undefined
  quick(1, A.values, false, B.values, false, 0, out.values, m, n, k)
  return out
}

const fits = (A: Dense | undefined): boolean =>
  A?.values instanceof Float64Array && A.values.length > 0 && A.values.length === A.rows * A.columns
