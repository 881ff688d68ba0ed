import { hasNative, threadsFor } from '../core/backend.ts'
import { KrylovError, refuse } from '../core/errors.ts'
import type { Call } from '../core/method.ts'
import { copied, float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { applyBunchKaufman, type BunchKaufman, isBunchKaufman, ownBunchKaufman } from '../dense/bunch-kaufman.ts'
import { applyCholesky, type Cholesky, isCholesky, ownCholesky } from '../dense/cholesky.ts'
import { columnNorms } from '../dense/column-norms.ts'
import { isDense } from '../dense/dense.ts'
import { applyDenseLu, type DenseLu, isDenseLu, ownDenseLu } from '../dense/lu.ts'
import {
  checkRefinement,
  type DirectBlockSolution,
  type DirectSolution,
  directSolution,
  type RightHandSides,
  report,
  rightHandSidesOf,
  type SolveWithOptions,
} from './solution.ts'

/** A factorization of a dense matrix that can be solved with. */
export type DenseFactor = Cholesky | BunchKaufman | DenseLu

/** What has to be known of one kind of factorization. */
interface Kind<F> {
  /** Whether a record that may come from anywhere is what its kind says. */
  readonly fits: (F: F) => boolean
  /** The record with its arrays on shared memory. */
  readonly own: (F: F) => F
  /** Why it cannot be solved with, or undefined. */
  readonly failed: (F: F) => string | undefined
  /** X = A^-1 X in place, X rows x s, row-major. */
  readonly apply: (F: F, x: Float64Array, s: number) => Steps<void>
}

const kinds: { readonly [K in DenseFactor['kind']]: Kind<Extract<DenseFactor, { kind: K }>> } = {
  cholesky: {
    fits: isCholesky,
    own: ownCholesky,
    failed: ({ failed }) => (failed < 0 ? undefined : `A is not positive definite: the pivot of row ${failed}`),
    apply: applyCholesky,
  },
  'bunch-kaufman': {
    fits: isBunchKaufman,
    own: ownBunchKaufman,
    failed: ({ zero }) => (zero === 0 ? undefined : `A is singular: ${zero} pivots are zero`),
    apply: applyBunchKaufman,
  },
  'dense-lu': {
    fits: isDenseLu,
    own: ownDenseLu,
    failed: ({ failed }) => (failed < 0 ? undefined : `A is singular: the pivot of row ${failed} is zero`),
    apply: applyDenseLu,
  },
}

/** Whether a record is of one of these kinds. */
export const isDenseFactor = (given: unknown): given is DenseFactor => {
  const kind = typeof given === 'object' && given !== null ? (given as { kind?: unknown }).kind : undefined
  return typeof kind === 'string' && Object.hasOwn(kinds, kind)
}

const checked = new WeakMap<DenseFactor, DenseFactor>()

function checkFactor(method: string, given: DenseFactor): DenseFactor {
  const known = checked.get(given)
  if (known !== undefined) return known
  const kind = kinds[given.kind] as Kind<DenseFactor>
  const { rows, matrix } = given
  const whole = isDense(matrix) && matrix.rows === rows && matrix.values.length === rows * rows
  if (!whole || !kind.fits(given)) throw refuse('ERR_SHAPE', method, 'F', 'as its factorization left it', given)
  const own = kind.own(given)
  checked.set(given, own)
  return own
}

/** Why a factorization cannot be solved with, or undefined. */
export const whyFailed = (F: DenseFactor): string | undefined => (kinds[F.kind] as Kind<DenseFactor>).failed(F)

/** Checks the arguments of a solve with a dense factor, and solves. */
export function* solveDense(
  call: Call,
  given: DenseFactor,
  rhs: ArrayLike<number> | Dense,
  options: SolveWithOptions = {},
): Steps<DirectSolution | DirectBlockSolution> {
  const F = checkFactor(call.name, given)
  const why = whyFailed(F)
  if (why !== undefined) throw new KrylovError('ERR_SINGULAR', `${call.name}: ${why}`)
  const { rtol, maxRefinements } = checkRefinement(call.name, options)
  return yield* refined(call, F, yield* rightHandSidesOf(call, rhs, F.rows), rtol, maxRefinements)
}

const frobenius = new WeakMap<DenseFactor, number>()

/** ||A||_F, found once. */
function normOf(F: DenseFactor): number {
  const norm = frobenius.get(F) ?? columnNorms(F.matrix.values, 1)[0]!
  frobenius.set(F, norm)
  return norm
}

/** x = A^-1 b, refined for as long as the largest residual halves. */
export function* refined(
  call: Call,
  F: DenseFactor,
  sides: RightHandSides,
  rtol: number,
  most: number,
): Steps<DirectSolution | DirectBlockSolution> {
  const begun = performance.now()
  const { b, s } = sides
  const n = F.rows
  const apply = (kinds[F.kind] as Kind<DenseFactor>).apply
  const x = copied(b)
  const r = float64(n * s)
  if (n > 0) yield* apply(F, x, s)
  let norms = yield* residual(F.matrix, x, b, r, s)
  let refinements = 0
  const sizes = columnNorms(b, s)
  const far = (c: number) => norms[c]! > Math.min(rtol, Number.EPSILON * n) * sizes[c]!
  while (refinements < most && norms.some((_, c) => far(c))) {
    yield* apply(F, r, s)
    const better = x.map((value, at) => value + r[at]!)
    const next = yield* residual(F.matrix, better, b, r, s)
    if (!next.every((norm, c) => norm <= norms[c]!)) break
    x.set(better)
    refinements++
    const halved = next.some((norm, c) => far(c) && norm < norms[c]! / 2)
    norms = next
    if (!halved) break
  }
  const matrixNorm = normOf(F)
  const xNorms = columnNorms(x, s)
  const columns = Array.from(sizes, (size, c) => {
    const error = norms[c]! / (matrixNorm * xNorms[c]! + size)
    return report(norms[c]!, size, error, rtol, norms[c]! < Number.POSITIVE_INFINITY)
  })
  if (columns.some(({ reason }) => reason === 'not-finite')) x.fill(0)
  const native = hasNative('choleskySolve')
  return directSolution(x, sides, columns, {
    refinements,
    time: { solve: performance.now() - begun },
    backend: native ? 'native' : 'ts',
    threads: native ? threadsFor(call.control.threads) : 1,
  })
}

/** r = b - A x, row by row; returns the norms of its columns. */
function* residual(
  { rows, values }: Dense,
  x: Float64Array,
  b: Float64Array,
  r: Float64Array,
  s: number,
): Steps<Float64Array> {
  const ticks = Math.max(1, Math.floor(1e6 / (rows * s)))
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < s; c++) {
      let sum = 0
      for (let k = 0, at = i * rows, from = c; k < rows; k++, from += s) sum += values[at + k]! * x[from]!
      r[i * s + c] = b[i * s + c]! - sum
    }
    if (i % ticks === ticks - 1) yield tick
  }
  return columnNorms(r, s)
}
