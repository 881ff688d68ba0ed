import { float64 } from '../core/shared.ts'
import { iterate, type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { precondition } from '../precondition/apply.steps.ts'
import type { AnyPreconditioner } from '../precondition/kinds.ts'
import { rowsPerBlock } from '../sparse/blocks.ts'
import { project } from './nullspace.steps.ts'
import { CHECKPOINT, DIVERGED, patience, REASONS, type Reason, STALLED, type Stopping } from './stopping.ts'
import { named } from './watch.ts'

/** How each column ended. */
export interface BlockOutcome {
  /** Index into the list of reasons, per column. */
  readonly reasons: Float64Array
  readonly iterations: Float64Array
  /** Norms of the true residuals. */
  readonly residualNorms: Float64Array
  /** Products with A, each for all columns. */
  readonly operator: number
  /** Applications of the preconditioner, each to one column. */
  readonly preconditioner: number
  /** Residual norms of all columns from the first guess on, a row per iteration, where asked for. */
  readonly history: Float64Array
}

const RUNNING = -1

/**
 * Conjugate gradients for s right-hand sides at once: each column has its own coefficients, A is read once per
 * iteration for all of them, and a column that has ended is frozen. B, X: n x s, row-major; atols: the columns'
 * absolute tolerances. Workspace: (6 s + 2) n.
 */
export function* cgBlockSteps(
  k: Kernels,
  A: CsrData,
  B: Float64Array,
  X: Float64Array,
  s: number,
  M: AnyPreconditioner,
  N: Float64Array,
  atols: Float64Array,
  { rtol, maxIterations, warm, history }: Stopping,
): Steps<BlockOutcome> {
  const n = A.pattern.rows
  const [R, Z, P, Q, T, checkpoint] = Array.from({ length: 6 }, () => float64(n * s)) as Blocks
  const [column, answer] = [float64(n), float64(n)]
  const [norms, sizes, rho, steepest, best, values, squares, beta, alpha] = Array.from({ length: 9 }, () =>
    float64(s),
  ) as Rows
  const reasons = new Float64Array(s).fill(RUNNING)
  const iterations = new Float64Array(s)
  const bestAt = new Float64Array(s)
  const lastTruth = new Float64Array(s).fill(Number.POSITIVE_INFINITY)
  const fresh = new Array<boolean>(s).fill(true)
  const verified = new Array<boolean>(s).fill(true)
  const reachable = new Array<boolean>(s).fill(true)
  let operator = 0
  let preconditioner = 0

  k.columnDots(B, B, sizes)
  for (let c = 0; c < s; c++) sizes[c] = Math.sqrt(sizes[c]!)
  const target = sizes.map((size, c) => Math.max(rtol * size, atols[c]!))
  const lowest = sizes.map((size, c) => Math.max(target[c]!, Number.EPSILON * size))
  R.set(B)
  norms.set(sizes)
  if (warm || N.length > 0) yield* trueResiduals(() => true)
  const limit = norms.map((norm, c) => DIVERGED * Math.max(norm, sizes[c]!))
  best.set(norms)
  checkpoint.set(X)
  const kept = history ? [...norms] : []

  for (let i = 0; ; i++) {
    const arrived = Array.from(norms, (norm, c) => running(c) && (norm <= lowest[c]! || !reachable[c]))
    const doubtful = (c: number) => arrived[c]! && !verified[c]
    if (some(doubtful)) yield* trueResiduals(doubtful)
    for (let c = 0; c < s; c++) {
      if (!running(c)) continue
      if (arrived[c]!) {
        if (norms[c]! <= target[c]!) end(c, 'converged', i)
        else if (!(norms[c]! < lastTruth[c]! / 2 && reachable[c])) end(c, 'stagnated', i)
        lastTruth[c] = norms[c]!
        best[c] = norms[c]!
        bestAt[c] = i
        fresh[c] = true
      } else if (i - bestAt[c]! > patience(n)) yield* endOne(c, 'stagnated', i)
    }
    if (!some(running))
      return { reasons, iterations, residualNorms: norms, operator, preconditioner, history: new Float64Array(kept) }
    if (i === maxIterations) {
      yield* endAll('max-iterations', i)
      continue
    }

    for (let c = 0; c < s; c++) if (running(c)) yield* preconditionColumn(c)
    k.columnDots(R, Z, values)
    k.columnDots(Z, Z, squares)
    for (let c = 0; c < s; c++) {
      beta[c] = 0
      if (!running(c)) continue
      if (!(values[c]! > 0 && values[c]! < Number.POSITIVE_INFINITY)) {
        yield* endOne(c, named(values[c]!, norms[c]! ** 2, squares[c]!, 'indefinite-preconditioner'), i)
        continue
      }
      beta[c] = fresh[c] ? 0 : values[c]! / rho[c]!
      rho[c] = values[c]!
      fresh[c] = false
    }
    k.columnXpby(Z, beta, P)
    yield tick

    yield* product(P, Q)
    k.columnDots(P, Q, values)
    k.columnDots(Q, Q, squares)
    for (let c = 0; c < s; c++) {
      alpha[c] = 0
      if (!running(c)) continue
      steepest[c] = Math.max(steepest[c]!, values[c]! / rho[c]!)
      const floor = Number.EPSILON * steepest[c]! * rho[c]!
      if (values[c]! > floor && values[c]! < Number.POSITIVE_INFINITY) alpha[c] = rho[c]! / values[c]!
      else yield* endOne(c, named(values[c]!, squareOf(P, c), squares[c]!, 'indefinite-operator'), i)
    }
    k.columnAdvance(alpha, P, Q, X, R, squares)
    for (let c = 0; c < s; c++) {
      if (!running(c)) continue
      norms[c] = Math.sqrt(squares[c]!)
      verified[c] = false
      if (norms[c]! < STALLED * best[c]!) {
        best[c] = norms[c]!
        bestAt[c] = i + 1
      }
      if (norms[c]! <= limit[c]!) continue
      restore(c)
      yield* endOne(c, norms[c]! < Number.POSITIVE_INFINITY ? 'diverged' : 'not-finite', i + 1)
    }
    if ((i + 1) % CHECKPOINT === 0) checkpoint.set(X)
    if (history) for (const norm of norms) kept.push(norm)
    const worst = norms.reduce((most, norm, c) => (running(c) ? Math.max(most, norm) : most), 0)
    if (yield* iterate(i + 1, worst)) yield* endAll('time-limit', i + 1)
  }

  function running(c: number): boolean {
    return reasons[c] === RUNNING
  }

  function some(test: (c: number) => boolean): boolean {
    for (let c = 0; c < s; c++) if (test(c)) return true
    return false
  }

  function end(c: number, reason: Reason, i: number): void {
    reasons[c] = REASONS.indexOf(reason)
    iterations[c] = i
    for (let at = c; at < P.length; at += s) Z[at] = P[at] = 0
  }

  function* endOne(c: number, reason: Reason, i: number): Steps<void> {
    yield* trueResiduals(other => other === c)
    yield* conclude(c, reason, i)
  }

  function* conclude(c: number, reason: Reason, i: number): Steps<void> {
    if (norms[c]! < Number.POSITIVE_INFINITY) return end(c, norms[c]! <= target[c]! ? 'converged' : reason, i)
    restore(c)
    yield* trueResiduals(other => other === c)
    end(c, 'not-finite', i)
  }

  function restore(c: number): void {
    for (let at = c; at < X.length; at += s) X[at] = checkpoint[at]!
  }

  function squareOf(V: Float64Array, c: number): number {
    let square = 0
    for (let at = c; at < V.length; at += s) square += V[at]! * V[at]!
    return square
  }

  function* endAll(reason: Reason, i: number): Steps<void> {
    if (some(running)) yield* trueResiduals(running)
    for (let c = 0; c < s; c++) if (running(c)) yield* conclude(c, reason, i)
  }

  function* product(from: Float64Array, to: Float64Array): Steps<void> {
    operator++
    const block = Math.max(1, Math.floor(rowsPerBlock(A.pattern, k.grain) / s))
    for (let row = 0; row < n; row += block) {
      k.spmm(A, from, to, s, row, Math.min(row + block, n))
      if (block < n) yield tick
    }
  }

  /** R and its norms become b - A x for the columns that `test` names. */
  function* trueResiduals(test: (c: number) => boolean): Steps<void> {
    yield* product(X, T)
    for (let c = 0; c < s; c++) {
      if (!test(c)) continue
      for (let i = 0, at = c; i < n; i++, at += s) column[i] = B[at]! - T[at]!
      norms[c] = Math.sqrt(k.dot(column, column))
      project(k, N, column)
      const rest = Math.sqrt(k.dot(column, column))
      reachable[c] = !(rest <= lowest[c]! && Math.sqrt(norms[c]! ** 2 - rest ** 2) > lowest[c]!)
      for (let i = 0, at = c; i < n; i++, at += s) R[at] = column[i]!
      verified[c] = true
    }
    yield tick
  }

  function* preconditionColumn(c: number): Steps<void> {
    for (let i = 0, at = c; i < n; i++, at += s) column[i] = R[at]!
    yield* precondition(k, M, column, answer)
    preconditioner++
    project(k, N, answer)
    for (let i = 0, at = c; i < n; i++, at += s) Z[at] = answer[i]!
    yield tick
  }
}

type Vector = Float64Array
type Blocks = [R: Vector, Z: Vector, P: Vector, Q: Vector, T: Vector, checkpoint: Vector]
type Rows = [Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector]
