import type { ControlOptions } from '../core/control.ts'
import { KrylovError } from '../core/errors.ts'
import { type Call, type Forms, forms } from '../core/method.ts'
import type { Steps } from '../core/steps.ts'
import { type Derivatives, type DerivativesSync, derivativesOf, derivativesOfSync } from './derivatives.ts'
import { type EigenvaluePolicy, policyOption } from './eigenvalues.ts'
import type { Scalar } from './families.ts'
import { ofGeneral, type Structure, structureOption } from './general.ts'
import { type Batch, type Matrices, ownBatch, stacked } from './matrices.ts'
import { spectral } from './spectral.ts'
import type { GeneralKind, MatrixFunctionState } from './state.ts'
import type { ComplexMatrixFunction, ComplexValue, MatrixFunctionValue } from './value.ts'

/** Options of functions of matrices. */
export interface MatrixFunctionOptions extends ControlOptions {
  /** So many matrices lie one after the other in A. Left out: A is one matrix, and dense. */
  readonly count?: number
  /** What happens to eigenvalues that f has no use for; default `'error'`. */
  readonly eigenvalues?: EigenvaluePolicy
}

/** Options of functions that general matrices have as well. */
export interface GeneralFunctionOptions extends MatrixFunctionOptions {
  /**
   * `'symmetric'`, the default, refuses what is not; `'general'` takes any real matrices, with derivatives on all of them, symmetric
   * ones included.
   */
  readonly structure?: Structure
  /** Of `'general'`: the answer is complex, and negative eigenvalues are welcome; without derivatives. Default false. */
  readonly complex?: boolean
}

/** f(A) and its derivatives. */
export interface MatrixFunction extends MatrixFunctionValue, Derivatives {}

/** {@link MatrixFunction} with blocking derivatives. */
export interface MatrixFunctionSync extends MatrixFunctionValue, DerivativesSync {}

/** Option names of {@link MatrixFunctionOptions}. */
export const functionKeys = ['count', 'eigenvalues'] as const

/** Option names of {@link GeneralFunctionOptions}. */
export const generalKeys = [...functionKeys, 'structure', 'complex'] as const

/** f of matrices that were checked, in their eigenbases. */
export function* byEigenbasis(
  method: string,
  A: Batch,
  f: Scalar,
  eigenvalues: unknown = 'error',
): Steps<MatrixFunctionValue> {
  const policy = policyOption(method, eigenvalues)
  const { value, residuals, state } = yield* spectral(method, A, f, policy)
  return answered(A, value, residuals, state)
}

/** A result, with the largest of its residuals. */
export function answered(
  { n, count }: Batch,
  value: Float64Array,
  residuals: Float64Array,
  state: MatrixFunctionState,
): MatrixFunctionValue {
  const residual = residuals.reduce((most, r) => Math.max(most, r), 0)
  return { value: stacked(n, count, value), residual, residuals, state }
}

/** A function that answers in complex matrices where that is asked for. */
export interface GeneralFunction<Options> {
  (A: Matrices, options: Options & { readonly complex: true }): Promise<ComplexMatrixFunction>
  (A: Matrices, options?: Options & { readonly complex?: false }): Promise<MatrixFunction>
}

/** {@link GeneralFunction}, blocking. */
export interface GeneralFunctionSync<Options> {
  (A: Matrices, options: Options & { readonly complex: true }): ComplexMatrixFunction
  (A: Matrices, options?: Options & { readonly complex?: false }): MatrixFunctionSync
}

/** The two forms of a function of matrices: the promise brings derivatives that promise, the other blocking ones. */
export function withDerivatives<Args extends readonly unknown[]>({
  async,
  sync,
}: Forms<Args, MatrixFunctionValue>): {
  readonly async: (...args: Args) => Promise<MatrixFunction>
  readonly sync: (...args: Args) => MatrixFunctionSync
} {
  return {
    async: async (...args) => {
      const found = await async(...args)
      return { ...found, ...derivativesOf(found.state) }
    },
    sync: (...args) => {
      const found = sync(...args)
      return { ...found, ...derivativesOfSync(found.state) }
    },
  }
}

/** A complex value says itself that it has no derivatives. */
function refusing(method: string, found: ComplexValue): ComplexMatrixFunction {
  const refuses = (derivative: string) => (): never => {
    throw new KrylovError('ERR_UNSUPPORTED', `${method}: ${derivative} is not there of values with the option complex`)
  }
  const [pullback, pushforward, hessianVector] = ['pullback', 'pushforward', 'hessianVector'].map(refuses) as [
    () => never,
    () => never,
    () => never,
  ]
  return { ...found, pullback, pushforward, hessianVector }
}

/** The forms of a function of symmetric matrices by `symmetric`, and of general ones where the options say so. */
export function ofAnyStructure<Options extends GeneralFunctionOptions>(
  name: string,
  kind: GeneralKind,
  keys: readonly string[],
  symmetric: (call: Call, A: Batch, options: Options | undefined) => Steps<MatrixFunctionValue>,
): { readonly async: GeneralFunction<Options>; readonly sync: GeneralFunctionSync<Options> } {
  type Found = MatrixFunctionValue | ComplexValue
  const { async, sync } = forms<[Matrices, Options?], Found>(name, 1, keys, function* (call, A, options) {
    const { structure = 'symmetric', complex = false, eigenvalues } = options ?? {}
    const chosen = structureOption(call.name, structure, complex, eigenvalues)
    const batch = ownBatch(call, 'A', A, options?.count)
    return yield* chosen === 'general' ? ofGeneral(call.name, kind, batch, complex) : symmetric(call, batch, options)
  })
  const later = async (A: Matrices, options?: Options) => {
    const found = await async(A, options)
    return 'state' in found ? { ...found, ...derivativesOf(found.state) } : refusing(name, found)
  }
  const now = (A: Matrices, options?: Options) => {
    const found = sync(A, options)
    return 'state' in found ? { ...found, ...derivativesOfSync(found.state) } : refusing(`${name}Sync`, found)
  }
  return { async: later as GeneralFunction<Options>, sync: now as GeneralFunctionSync<Options> }
}

/** The forms of f whose only argument is A. */
export const ofMatrices = (name: string, kind: GeneralKind, f: Scalar, keys: readonly string[] = generalKeys) =>
  ofAnyStructure<GeneralFunctionOptions>(name, kind, keys, (call, A, options) =>
    byEigenbasis(call.name, A, f, options?.eigenvalues),
  )
