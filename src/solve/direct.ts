import { hasNative, threadsFor } from '../core/backend.ts'
import { bind, type Call, run } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import type { bunchKaufmanOf } from '../dense/bunch-kaufman.ts'
import type { choleskyOf } from '../dense/cholesky.ts'
import { columnNorms } from '../dense/column-norms.ts'
import { isDense } from '../dense/dense.ts'
import type { denseLuOf } from '../dense/lu.ts'
import { refined, whyFailed } from '../direct/dense-solve.ts'
import { factorSteps } from '../direct/ldlt.ts'
import { solveSparse } from '../direct/sparse-solve.ts'
import { type Attempt, directResult, type Limits, rightHandSides } from './attempts.ts'
import { envelopeCholeskySteps } from './envelope-cholesky.steps.ts'
import type { System } from './system.ts'

const REFINEMENTS = 10

const envelopeCholesky = bind('envelopeCholesky', envelopeCholeskySteps)

/** A sparse matrix, factored in its envelope. */
export function* withEnvelope(call: Call, system: System, limits: Limits): Steps<Attempt> {
  const { n, s, b } = system
  const A = system.sparse()
  const begun = performance.now()
  const rhs = rightHandSides(system)
  const x = float64(n * s)
  const norms = float64(s)
  const { failed, refinements } = yield* run(envelopeCholesky, A, rhs, x, s, limits.rtol, REFINEMENTS, norms)
  if (failed >= 0) return { failure: `A is not positive definite: the pivot of row ${failed}` }
  return directResult(call, system, limits, begun, {
    ...{ x: isDense(b) ? { rows: n, columns: s, values: x } : x, norms, sizes: columnNorms(rhs, s), refinements },
    backend: hasNative(envelopeCholesky.name) ? 'native' : 'ts',
    threads: hasNative(envelopeCholesky.name) ? threadsFor(call.control.threads) : 1,
  })
}

/** A sparse factorization. */
export function* withLdlt(call: Call, system: System, limits: Limits): Steps<Attempt> {
  const F = yield* factorSteps(call.name, system.sparse(), {})
  const { zero } = F.inertia
  if (zero > 0) return { failure: `${zero} pivots are zero` }
  const begun = performance.now()
  const b = rightHandSides(system)
  const options = { rtol: limits.rtol, maxRefinements: REFINEMENTS }
  const rhs = isDense(system.b) ? { ...system.b, values: b } : b
  const found = yield* solveSparse(call, F, rhs, options)
  const reports = 'columns' in found ? found.columns : [found]
  const norms = Float64Array.from(reports, ({ residualNorm }) => residualNorm)
  return directResult(call, system, limits, begun, { ...found, norms, sizes: columnNorms(b, system.s) })
}

const denseForm = (system: System): Dense => system.dense ?? system.sparse().toDense()

/** A dense factorization: Cholesky, that of Bunch and Kaufman where A may be indefinite, or LU. */
export function* withDense(
  call: Call,
  system: System,
  limits: Limits,
  factorize: typeof choleskyOf | typeof bunchKaufmanOf | typeof denseLuOf,
): Steps<Attempt> {
  const matrix = denseForm(system)
  const copy = float64(matrix.values.length)
  copy.set(matrix.values)
  const F = yield* factorize(matrix, copy)
  const why = whyFailed(F)
  if (why !== undefined) return { failure: why }
  const begun = performance.now()
  const b = rightHandSides(system)
  const found = yield* refined(call, F, { b, s: system.s, block: isDense(system.b) }, limits.rtol, REFINEMENTS)
  const reports = 'columns' in found ? found.columns : [found]
  return directResult(call, system, limits, begun, {
    ...found,
    norms: Float64Array.from(reports, ({ residualNorm }) => residualNorm),
    sizes: columnNorms(b, system.s),
  })
}

/** A diagonal matrix: one division each. Where the diagonal is zero, b has to be as well. */
// biome-ignore lint/correctness/useYield: attempts are made of steps, and this one needs none
export function* withDiagonal(call: Call, system: System, limits: Limits): Steps<Attempt> {
  const { n, s } = system
  const begun = performance.now()
  const b = rightHandSides(system)
  const diagonal = system.sparse().diagonal()
  const x = float64(n * s)
  const r = b.slice()
  for (let at = 0; at < b.length; at++) {
    const d = diagonal[Math.floor(at / s)]!
    const quotient = d === 0 ? 0 : b[at]! / d
    x[at] = Number.isFinite(quotient) ? quotient : 0
    r[at] = b[at]! - d * x[at]!
  }
  return directResult(call, system, limits, begun, {
    ...{ x: isDense(system.b) ? { rows: n, columns: s, values: x } : x, refinements: 0 },
    ...{ norms: columnNorms(r, s), sizes: columnNorms(b, s), backend: 'ts', threads: 1 },
  })
}
