import type { ControlOptions } from '../core/control.ts'
import { type Call, forms } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import { checkFinite } from '../core/vector.ts'
import { schurDerivative, schurHessian } from './general-derivative.ts'
import { spectralHessian } from './hessian.ts'
import { type Matrices, ownBeside, ownShaped, stacked } from './matrices.ts'
import { basisOf, rootDerivative } from './root-derivative.ts'
import { spectralDerivative } from './spectral.ts'
import { checkState, type MatrixFunctionState } from './state.ts'

/**
 * Derivatives of f at the matrices it was computed for. Matrices are given like A: dense, or an array. The inner product
 * is tr(G^T E): on symmetric matrices, what is given being symmetrised and what comes back symmetric to the bit, or where A was
 * given as general, on all of them.
 */
export interface Derivatives {
  /** The gradient with respect to A of a number whose gradient with respect to f(A) is `cotangent`. */
  readonly pullback: (cotangent: Matrices, options?: ControlOptions) => Promise<Dense>
  /** The derivative of f(A) where A moves along `tangent`. */
  readonly pushforward: (tangent: Matrices, options?: ControlOptions) => Promise<Dense>
  /** The derivative of pullback(cotangent) where A moves along `tangent`: a Hessian times a vector. */
  readonly hessianVector: (cotangent: Matrices, tangent: Matrices, options?: ControlOptions) => Promise<Dense>
}

/** {@link Derivatives}, blocking. */
export interface DerivativesSync {
  /** See {@link Derivatives}. */
  readonly pullback: (cotangent: Matrices, options?: ControlOptions) => Dense
  /** See {@link Derivatives}. */
  readonly pushforward: (tangent: Matrices, options?: ControlOptions) => Dense
  /** See {@link Derivatives}. */
  readonly hessianVector: (cotangent: Matrices, tangent: Matrices, options?: ControlOptions) => Dense
}

function* first(call: Call, state: MatrixFunctionState, given: Matrices, what: string): Steps<Dense> {
  const { n, count } = state
  const G = ownShaped(call, what, given, n, count)
  const asked = { method: call.name, name: what }
  if (state.kind === 'spectral') return stacked(n, count, yield* spectralDerivative(state, G, asked))
  if (state.kind === 'root') return stacked(n, count, yield* rootDerivative(asked, state, G))
  checkFinite(call.name, what, G)
  return stacked(n, count, yield* schurDerivative(call.name, state, G, what === 'cotangent'))
}

const pullback = forms<[MatrixFunctionState, Matrices, ControlOptions?], Dense>('pullback', 2, [], (call, state, G) =>
  first(call, state, G, 'cotangent'),
)
const pushforward = forms<[MatrixFunctionState, Matrices, ControlOptions?], Dense>(
  'pushforward',
  2,
  [],
  (call, state, E) => first(call, state, E, 'tangent'),
)
const hessianVector = forms<[MatrixFunctionState, Matrices, Matrices, ControlOptions?], Dense>(
  'hessianVector',
  3,
  [],
  function* (call, state, cotangent, tangent) {
    const { n, count } = state
    const G = ownBeside(call, 'cotangent', cotangent, n, count)
    const E = ownBeside(call, 'tangent', tangent, n, count)
    if (state.kind === 'schur') return stacked(n, count, yield* schurHessian(call.name, state, G, E))
    const base = state.kind === 'root' ? yield* basisOf(call.name, state) : state
    return stacked(n, count, yield* spectralHessian(call.name, base, G, E))
  },
)

/** The derivatives that a state is good for. */
export const derivativesOf = (state: MatrixFunctionState): Derivatives => ({
  pullback: (G, options) => pullback.async(state, G, options),
  pushforward: (E, options) => pushforward.async(state, E, options),
  hessianVector: (G, E, options) => hessianVector.async(state, G, E, options),
})

/** The same, blocking. */
export const derivativesOfSync = (state: MatrixFunctionState): DerivativesSync => ({
  pullback: (G, options) => pullback.sync(state, G, options),
  pushforward: (E, options) => pushforward.sync(state, E, options),
  hessianVector: (G, E, options) => hessianVector.sync(state, G, E, options),
})

/**
 * Takes up the state of a function of matrices again, which may have been saved or posted: the derivatives as the result
 * had them. `differentiateSync` gives their blocking forms.
 *
 * @throws KrylovError ERR_TYPE, ERR_FORMAT
 */
export const differentiate = (state: MatrixFunctionState): Derivatives =>
  derivativesOf(checkState('differentiate', state))

/** {@link differentiate}, blocking. */
export const differentiateSync = (state: MatrixFunctionState): DerivativesSync =>
  derivativesOfSync(checkState('differentiateSync', state))
