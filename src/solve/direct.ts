import type { Call } from '../core/method.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import type { bunchKaufmanOf } from '../dense/bunch-kaufman.ts'
import type { choleskyOf } from '../dense/cholesky.ts'
import { isDense } from '../dense/dense.ts'
import { refined, whyFailed } from '../direct/dense-solve.ts'
import { type Attempt, directResult, type Limits, rightHandSides } from './attempts.ts'
import type { System } from './system.ts'

const REFINEMENTS = 10

const denseForm = (system: System): Dense => system.dense ?? system.A.toDense()

/** A dense factorization: Cholesky, or that of Bunch and Kaufman where A may be indefinite. */
export function* withDense(
  call: Call,
  system: System,
  limits: Limits,
  factorize: typeof choleskyOf | typeof bunchKaufmanOf,
): Steps<Attempt> {
  const matrix = denseForm(system)
  const copy = float64(matrix.values.length)
  copy.set(matrix.values)
  const F = yield* factorize(matrix, copy)
  const why = whyFailed(F)
  if (why !== undefined) return { failure: why }
  const begun = performance.now()
  const b = rightHandSides(call, system)
  const found = yield* refined(call, F, b, system.s, isDense(system.b), limits.rtol, REFINEMENTS)
  return directResult(call, system, limits, begun, found)
}

/** A diagonal matrix: one division each. Where the diagonal is zero, b has to be as well. */
export function* withDiagonal(call: Call, system: System, limits: Limits): Steps<Attempt> {
  const { n, s } = system
  const begun = performance.now()
  const b = rightHandSides(call, system)
  const diagonal = system.A.diagonal()
  const x = float64(n * s)
  const norms = new Float64Array(s)
  const sizes = new Float64Array(s)
  for (let at = 0; at < b.length; at++) {
    const d = diagonal[Math.floor(at / s)]!
    const quotient = d === 0 ? 0 : b[at]! / d
    x[at] = Number.isFinite(quotient) ? quotient : 0
    norms[at % s]! += (b[at]! - d * x[at]!) ** 2
    sizes[at % s]! += b[at]! ** 2
  }
  const columns = Array.from(norms, (square, c) => {
    const [residualNorm, size] = [Math.sqrt(square), Math.sqrt(sizes[c]!)]
    const relativeResidual = size > 0 ? residualNorm / size : 0
    return { converged: false, reason: 'stagnated' as const, residualNorm, relativeResidual, backwardError: 0 }
  })
  const common = { refinements: 0, time: { solve: 0 }, backend: 'ts' as const, threads: 1 }
  const shaped = isDense(system.b)
    ? { x: { rows: n, columns: s, values: x }, columns, ...common, ...columns[0]! }
    : { x, ...columns[0]!, ...common }
  return directResult(call, system, limits, begun, shaped)
}
