import { refuse } from '../core/errors.ts'
import { checkOptions } from '../core/method.ts'
import { checkVector } from '../core/vector.ts'
import type { Preconditioner, PreconditionerFunction } from '../precondition/kinds.ts'
import { vectorOf } from './arguments.ts'
import { type Flow, got, type Methods, runLater, runNow } from './forms.ts'

/** A linear map as a function: it returns a vector. */
export type LinearMap = (vector: Float64Array) => ArrayLike<number>

/** A solution x of F(x, p) = 0 and the derivatives of F there. */
export interface ImplicitEquation {
  /** The solution. */
  readonly x: ArrayLike<number>
  /** Length of the parameters p. */
  readonly parameters: number
  /** F(x, p), to see that x is a solution: ||F|| is reported. */
  readonly residual?: () => ArrayLike<number>
  /** v -> (dF/dx) v, and t -> (dF/dp) t. */
  readonly jvp: { readonly x: LinearMap; readonly p: LinearMap }
  /** u -> (dF/dx)^T u, and u -> (dF/dp)^T u. */
  readonly vjp: { readonly x: LinearMap; readonly p: LinearMap }
}

/** Options of `implicit`. */
export interface ImplicitOptions {
  /** What dF/dx is: decides on `gmres` (`'general'`, the default), `minres` or `cg`; never the normal equations. */
  readonly jacobian?: 'general' | 'symmetric' | 'definite'
  /** Of the linear solves. Default 1e-10. */
  readonly rtol?: number
  /** Of the linear solves. */
  readonly maxIterations?: number
  /** Of dF/dx, and of its transpose alike. */
  readonly preconditioner?: Preconditioner | PreconditionerFunction
}

/** A derivative, and whether its linear solve met its tolerance. */
export interface ImplicitDerivative {
  readonly value: Float64Array
  readonly accurate: boolean
}

/** How x moves with p. */
export interface ImplicitFunction {
  /** ||F(x, p)||_2; NaN where no residual was given. */
  readonly residual: number
  /** The gradient with respect to p of a number whose gradient with respect to x is `cotangent`: -(dF/dp)^T (dF/dx)^-T cotangent. */
  readonly pullback: (cotangent: ArrayLike<number>) => Promise<ImplicitDerivative>
  /** -(dF/dx)^-1 (dF/dp) tangent. */
  readonly pushforward: (tangent: ArrayLike<number>) => Promise<ImplicitDerivative>
}

/** {@link ImplicitFunction}, blocking. */
export interface ImplicitFunctionSync {
  /** See {@link ImplicitFunction}. */
  readonly residual: number
  /** See {@link ImplicitFunction}. */
  readonly pullback: (cotangent: ArrayLike<number>) => ImplicitDerivative
  /** See {@link ImplicitFunction}. */
  readonly pushforward: (tangent: ArrayLike<number>) => ImplicitDerivative
}

const KEYS = new Set(['jacobian', 'rtol', 'maxIterations', 'preconditioner'])

interface Prepared {
  readonly name: string
  readonly n: number
  readonly parameters: number
  readonly residual: number
  /** dF/dx v with its sign, and so on. */
  readonly equation: ImplicitEquation
  /** g of x = g(x, p) is given instead of F = x - g. */
  readonly fixed: boolean
  readonly options: ImplicitOptions
}

function prepared(name: string, equation: ImplicitEquation, options: ImplicitOptions = {}, fixed: boolean): Prepared {
  checkOptions(name, options, KEYS)
  const { jacobian = 'general' } = options
  if (!['general', 'symmetric', 'definite'].includes(jacobian))
    throw refuse('ERR_OPTION', name, 'option jacobian', "'general', 'symmetric' or 'definite'", jacobian)
  if (typeof equation !== 'object' || equation === null)
    throw refuse('ERR_TYPE', name, 'equation', 'an object', equation)
  for (const [kind, maps] of Object.entries({ jvp: equation.jvp, vjp: equation.vjp }))
    for (const side of ['x', 'p'] as const)
      if (typeof maps?.[side] !== 'function')
        throw refuse('ERR_TYPE', name, `${kind}.${side}`, 'a function', maps?.[side])
  const { parameters } = equation
  if (!Number.isInteger(parameters) || parameters < 0 || parameters >= 2 ** 31)
    throw refuse('ERR_SHAPE', name, 'parameters', 'a non-negative integer', parameters)
  const x = vectorOf(name, 'x', equation.x, equation.x?.length ?? 0)
  const at = equation.residual === undefined ? undefined : vectorOf(name, 'residual()', equation.residual(), x.length)
  const residual = at === undefined ? Number.NaN : Math.hypot(...at)
  return { name, n: x.length, parameters, residual, equation, fixed, options }
}

/** (dF/dx)^-1 v or (dF/dx)^-T v. */
function* linear(
  { n, equation, fixed, options, name }: Prepared,
  methods: Methods,
  v: Float64Array,
  adjoint: boolean,
): Flow<ImplicitDerivative> {
  if (n === 0) return { value: v, accurate: true }
  const act = adjoint ? equation.vjp.x : equation.jvp.x
  const operator = {
    rows: n,
    columns: n,
    apply: (x: Float64Array, y: Float64Array) => {
      const image = checkVector(name, adjoint ? 'vjp.x' : 'jvp.x', act(x), n)
      for (let i = 0; i < n; i++) y[i] = fixed ? x[i]! - image[i]! : image[i]!
    },
  }
  const { jacobian = 'general', rtol = 1e-10, maxIterations, preconditioner } = options
  const common = {
    rtol,
    ...(maxIterations !== undefined && { maxIterations }),
    ...(preconditioner !== undefined && { preconditioner }),
  }
  const solver = jacobian === 'definite' ? methods.cg : jacobian === 'symmetric' ? methods.minres : methods.gmres
  const { x, converged } = yield* got(solver(operator, v, common))
  return { value: x, accurate: converged }
}

const sign = (
  { fixed }: Prepared,
  given: ArrayLike<number>,
  name: string,
  argument: string,
  n: number,
): Float64Array => {
  const out = vectorOf(name, argument, given, n)
  // of F = x - g the derivative by p is that of -g
  if (!fixed) for (let i = 0; i < n; i++) out[i] = -out[i]!
  return out
}

function* back(from: Prepared, methods: Methods, cotangent: Float64Array): Flow<ImplicitDerivative> {
  const { value: u, accurate } = yield* linear(from, methods, cotangent, true)
  return { value: sign(from, from.equation.vjp.p(u), from.name, 'vjp.p', from.parameters), accurate }
}

function* forth(from: Prepared, methods: Methods, tangent: Float64Array): Flow<ImplicitDerivative> {
  const right = sign(from, from.equation.jvp.p(tangent), from.name, 'jvp.p', from.n)
  return yield* linear(from, methods, right, false)
}

const later = (from: Prepared): ImplicitFunction => ({
  residual: from.residual,
  pullback: async v => {
    const cotangent = vectorOf('pullback', 'cotangent', v, from.n)
    return await runLater(methods => back(from, methods, cotangent))
  },
  pushforward: async t => {
    const tangent = vectorOf('pushforward', 'tangent', t, from.parameters)
    return await runLater(methods => forth(from, methods, tangent))
  },
})

const now = (from: Prepared): ImplicitFunctionSync => ({
  residual: from.residual,
  pullback: v => runNow(methods => back(from, methods, vectorOf('pullback', 'cotangent', v, from.n))),
  pushforward: t => runNow(methods => forth(from, methods, vectorOf('pushforward', 'tangent', t, from.parameters))),
})

/**
 * Derivatives of what is defined by an equation: of a root x of F(x, p) = 0, or of a fixed point x = g(x, p), of which `jvp` and
 * `vjp` are g's. One linear solve with dF/dx or its transpose each, by our Krylov solvers (Blondel and others 2022).
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const implicit = {
  root: (equation: ImplicitEquation, options?: ImplicitOptions): ImplicitFunction =>
    later(prepared('implicit.root', equation, options, false)),
  rootSync: (equation: ImplicitEquation, options?: ImplicitOptions): ImplicitFunctionSync =>
    now(prepared('implicit.rootSync', equation, options, false)),
  fixedPoint: (equation: ImplicitEquation, options?: ImplicitOptions): ImplicitFunction =>
    later(prepared('implicit.fixedPoint', equation, options, true)),
  fixedPointSync: (equation: ImplicitEquation, options?: ImplicitOptions): ImplicitFunctionSync =>
    now(prepared('implicit.fixedPointSync', equation, options, true)),
} as const
