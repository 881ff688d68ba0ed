import { refuse } from '../core/errors.ts'
import type { Call } from '../core/method.ts'
import { ask, type Steps } from '../core/steps.ts'
import type { Operator } from '../core/types.ts'
import type { AnyPreconditioner, Preconditioner } from '../precondition/kinds.ts'
import { isRecipe } from '../precondition/recipe.ts'
import { checkPreconditioner } from '../precondition/validate.ts'
import { Csr } from '../sparse/csr.ts'
import { planned } from '../sparse/storage-plan.ts'

const identity: Preconditioner = { kind: 'identity' }

/** What the option `preconditioner` stands for: builds recipes, awaits promises, checks built values. */
export function* buildPreconditioner(call: Call, A: Csr | Operator, given: unknown): Steps<AnyPreconditioner> {
  const M = given instanceof Promise ? yield* await_(call, given) : given
  if (M === undefined) return identity
  if (isRecipe(M)) {
    if (A instanceof Csr) return yield* inPlan(yield* M.build(call.name, A))
    throw refuse('ERR_OPTION', call.name, 'option preconditioner', 'built, or a function, for an operator', M)
  }
  if (typeof M === 'function') return M as AnyPreconditioner
  return yield* inPlan(checkPreconditioner(call.name, M, A.rows))
}

const APPLICATIONS = 20 // that a storage plan has to pay for

/** With the storage plan that pays where it is made of products. */
function* inPlan(M: Preconditioner): Steps<Preconditioner> {
  if (M.kind !== 'chebyshev') return M
  return { ...M, matrix: yield* planned(Csr.from(M.matrix), APPLICATIONS * M.degree) }
}

function* await_(call: Call, promise: Promise<unknown>): Steps<unknown> {
  if (call.form === 'sync') {
    promise.catch(() => {}) // refused here: its own failure must not surface as unhandled
    throw refuse('ERR_OPTION', call.name, 'option preconditioner', 'built, a recipe or a function', promise)
  }
  return yield* ask('preconditioner', () => promise)
}
