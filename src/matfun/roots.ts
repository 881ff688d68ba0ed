import { KrylovError, refuse } from '../core/errors.ts'
import { bindLapack, run } from '../core/method.ts'
import { integerOption } from '../core/options.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import { flagOption } from '../dense/own.ts'
import { type Approximant, denmanBeavers, newtonSchulz, pade, partialFraction, taylor } from './approximants.ts'
import { power } from './families.ts'
import { fromIdentity, product } from './lyapunov.ts'
import type { Batch } from './matrices.ts'
import { answered, byEigenbasis, type MatrixFunctionOptions } from './matrix-function.ts'
import { polarRootSteps } from './polar.steps.ts'
import { schedules } from './polar-schedule.ts'
import { checkFacts } from './spectral.ts'
import { distance, mirror, symmetrised } from './square.ts'
import type { Backward, RootState } from './state.ts'
import type { MatrixFunctionValue } from './value.ts'

/** How square roots of symmetric matrices are computed. */
export type RootMethod =
  | 'auto'
  | 'eigh'
  | 'polar'
  | 'pade'
  | 'taylor'
  | 'partial-fraction'
  | 'newton-schulz'
  | 'denman-beavers'

/** Options of {@link sqrtm} and {@link invSqrtm}. */
export interface RootOptions extends MatrixFunctionOptions {
  /**
   * Default `'auto'`: `'eigh'`, or `'polar'` for matrices up to 32 x 32 where `gradient` is false. `'taylor'`, `'pade'` and
   * `'partial-fraction'` are approximations with large errors; `'newton-schulz'` and `'denman-beavers'` lose digits where
   * A is badly conditioned.
   */
  readonly method?: RootMethod
  /** `false`: no derivatives are wanted, though there are some. Default true. */
  readonly gradient?: boolean
  /** Degree of `'taylor'` and `'partial-fraction'`, steps of `'newton-schulz'` and `'denman-beavers'`. */
  readonly degree?: number
  /**
   * How methods other than `'eigh'` compute derivatives: `'eigh'`, the default, by an eigen-decomposition of the root at the
   * first use; `'lyapunov'` by the iteration of Song, Sebe and Wang.
   */
  readonly backward?: Backward
  /** Steps of that iteration, 8 in the paper. Default: until its residual is rounding. */
  readonly backwardSteps?: number
}

export const rootKeys = ['count', 'eigenvalues', 'method', 'gradient', 'degree', 'backward', 'backwardSteps'] as const

const polarIn = bindLapack('polarRoot', polarRootSteps)
const approximants: Readonly<Record<string, Approximant>> = {
  taylor,
  pade,
  'partial-fraction': partialFraction,
  'newton-schulz': newtonSchulz,
  'denman-beavers': denmanBeavers,
}
const SMALL = 32 // up to which order the polar iteration beats an eigen-decomposition
const ACCEPTED_INVERSE = 1e-6 // of ||X A X - I||, which is eps times the condition of A at best
const ACCEPTED = 50 // n eps: a residual above it sends a matrix to the eigen-decomposition

/** Square roots, or inverse ones, by the method that was asked for. */
export function* roots(
  method: string,
  A: Batch,
  inverse: boolean,
  options: RootOptions = {},
): Steps<MatrixFunctionValue> {
  const { gradient = true, backward = 'eigh', degree, backwardSteps } = options
  flagOption(method, 'gradient', gradient)
  if (degree !== undefined) integerOption(method, 'degree', degree, 1, 1000)
  if (backwardSteps !== undefined) integerOption(method, 'backwardSteps', backwardSteps, 1, 1000)
  if (backward !== 'eigh' && backward !== 'lyapunov')
    throw refuse('ERR_OPTION', method, 'option backward', "'eigh' or 'lyapunov'", backward)
  const wanted = options.method ?? 'auto'
  const chosen = wanted !== 'auto' ? wanted : !gradient && A.n <= SMALL ? 'polar' : 'eigh'
  const f = power(inverse ? -0.5 : 0.5)
  if (chosen === 'eigh') return yield* byEigenbasis(method, A, f, options.eigenvalues)
  const state = (value: Float64Array): RootState => {
    const steps = backwardSteps ?? 0
    return { kind: 'root', n: A.n, count: A.count, p: f.p, value, backward, steps }
  }
  if (chosen === 'polar') {
    const { value, residuals } = yield* polar(method, A, inverse, options)
    return answered(A, value, residuals, state(value))
  }
  const approximant = Object.hasOwn(approximants, chosen) ? approximants[chosen] : undefined
  if (approximant === undefined)
    throw refuse(
      'ERR_OPTION',
      method,
      'option method',
      `auto, eigh, polar, ${Object.keys(approximants).join(', ')}`,
      chosen,
    )
  const { value, residuals } = yield* approximated(method, A, inverse, approximant, degree)
  return answered(A, value, residuals, state(value))
}

interface Found {
  readonly value: Float64Array
  readonly residuals: Float64Array
}

function* polar(method: string, A: Batch, inverse: boolean, options: RootOptions): Steps<Found> {
  const { n, count, values } = A
  const [value, residuals, facts] = [float64(values.length), float64(count), float64(3 * count)]
  yield* run(polarIn, values, n, count, inverse, schedules(float64), value, residuals, facts)
  for (let i = 0; i < count; i++) {
    checkFacts(method, A, facts, i)
    if (facts[3 * i + 2]! >= 0 && residuals[i]! <= (inverse ? ACCEPTED_INVERSE : ACCEPTED * n * Number.EPSILON))
      continue
    const part = { n, count: 1, values: float64(n * n) }
    part.values.set(values.subarray(i * n * n, (i + 1) * n * n))
    const found = yield* byEigenbasis(method, part, power(inverse ? -0.5 : 0.5), options.eigenvalues)
    value.set(found.value.values, i * n * n)
    residuals[i] = found.residual
  }
  return { value, residuals }
}

function* approximated(
  method: string,
  { n, count, values }: Batch,
  inverse: boolean,
  approximant: Approximant,
  degree: number | undefined,
): Steps<Found> {
  const [value, residuals] = [float64(values.length), float64(count)]
  for (let i = 0; i < count; i++) {
    const a = float64(n * n)
    const facts = symmetrised(values.subarray(i * n * n, (i + 1) * n * n), n, a)
    checkFacts(method, { n, count, values }, Float64Array.of(...facts, 0), 0, i)
    let square = 0
    for (const x of a) square += (x / facts[1]) ** 2
    const c = facts[1] * Math.sqrt(square)
    if (!(c > 0)) throw new KrylovError('ERR_SINGULAR', `${method}: matrix ${i} is zero`)
    const X = yield* approximant(
      a.map(x => x / c),
      n,
      inverse,
      degree,
    )
    const scale = inverse ? 1 / Math.sqrt(c) : Math.sqrt(c)
    const x = value.subarray(i * n * n, (i + 1) * n * n)
    for (let at = 0; at < n * n; at++) x[at] = X[at]! * scale
    symmetrised(x, n, x)
    mirror(x, n)
    const AX = inverse ? yield* product(a, x, n) : x
    const check = yield* product(x, AX, n)
    residuals[i] = inverse ? fromIdentity(check, n) : distance(a, check, n)
    if (!Number.isFinite(residuals[i]))
      throw new KrylovError('ERR_INDEFINITE', `${method}: matrix ${i} is not positive definite enough for this method`)
  }
  return { value, residuals }
}
