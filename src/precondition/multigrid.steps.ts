import { type Steps, tick } from '../core/steps.ts'
import type { Reals } from '../core/types.ts'
import { choleskySolve } from '../dense/semidefinite-cholesky.ts'
import { type Level, type LevelMatrix, levelsOf } from './hierarchy.steps.ts'
import type { Amg } from './kinds.ts'

/** Inner iterations of a K-cycle, and the reduction of the first that makes the second unnecessary (Notay 2008). */
const INNER_REDUCTION = 0.25

/** Chebyshev steps on a coarsest level that is too large for a dense factor, and the part of the spectrum they damp. */
const COARSEST_DEGREE = 8
const COARSEST_RATIO = 30

/** Vectors of one level, kept from one application to the next, in the precision of the level's numbers. */
interface Work {
  readonly b: Reals
  readonly x: Reals
  readonly r: Reals
  readonly d: Reals
}

interface Prepared {
  readonly levels: readonly Level[]
  readonly work: readonly Work[]
}

const prepared = new WeakMap<Amg, Prepared>()

function prepare(M: Amg): Prepared {
  const known = prepared.get(M)
  if (known !== undefined) return known
  const levels = levelsOf(M)
  const work = levels.map(({ A }) => {
    const vector = () => zeros(M.inverseDiagonal, A.rows)
    return { b: vector(), x: vector(), r: vector(), d: vector() }
  })
  const made = { levels, work }
  prepared.set(M, made)
  return made
}

/**
 * z = M^-1 r by one multigrid cycle from zero. The smoother is the same polynomial in D^-1 A before and after the coarse
 * correction, so a V- or W-cycle is symmetric; it is positive definite where `largest` bounds the spectrum of D^-1 A.
 */
export function* multigrid(grain: number, M: Amg, r: Float64Array, z: Float64Array): Steps<void> {
  const { levels, work } = prepare(M)
  if (levels.length === 1 && M.coarse.length > 0) {
    z.set(r)
    choleskySolve(r.length, M.coarse, z)
    return
  }
  const { b, x } = work[0]!
  const factor = b instanceof Float32Array ? ordinary(r) : 1
  for (let i = 0; i < r.length; i++) b[i] = factor * r[i]!
  yield* cycle(grain, M, levels, work, 0, b, x)
  for (let i = 0; i < r.length; i++) z[i] = x[i]! / factor
}

/** n zeros, in the precision of `like`. */
const zeros = (like: Reals, n: number): Reals =>
  like instanceof Float32Array ? new Float32Array(n) : new Float64Array(n)

/** A power of two that brings r to ordinary size: singles have a narrow range. */
function ordinary(r: Float64Array): number {
  let most = 0
  for (let i = 0; i < r.length; i++) most = Math.max(most, Math.abs(r[i]!))
  return most > 0 && most < Number.POSITIVE_INFINITY
    ? 2 ** Math.max(-1000, Math.min(1000, -Math.floor(Math.log2(most))))
    : 1
}

function* cycle(
  grain: number,
  M: Amg,
  levels: readonly Level[],
  work: readonly Work[],
  l: number,
  b: Reals,
  x: Reals,
): Steps<void> {
  const { A, P, R } = levels[l]!
  const { r } = work[l]!
  if (P === undefined || R === undefined) {
    if (M.coarse.length > 0) {
      const solution = Float64Array.from(b)
      choleskySolve(A.rows, M.coarse, solution)
      x.set(solution)
    } else {
      const steps = smoothingSteps(true, COARSEST_DEGREE, levels[l]!.largest, COARSEST_RATIO)
      yield* smooth(grain, levels[l]!, work[l]!, steps, b, x, true)
    }
    return
  }
  const steps = smoothingSteps(M.smoother === 'chebyshev', M.degree, levels[l]!.largest, M.ratios[l]!)
  yield* smooth(grain, levels[l]!, work[l]!, steps, b, x, true)
  const { b: coarseB, x: coarseX } = work[l + 1]!
  const further = l + 2 < levels.length
  for (let visit = M.cycle === 'w' && l > 0 && further ? 2 : 1; visit > 0; visit--) {
    yield* residual(grain, A, x, b, r)
    yield* multiply(grain, R, r, coarseB)
    if (M.cycle === 'k' && further) yield* krylovCycle(grain, M, levels, work, l + 1, coarseB, coarseX)
    else yield* cycle(grain, M, levels, work, l + 1, coarseB, coarseX)
    yield* addProduct(grain, P, coarseX, x)
  }
  yield* smooth(grain, levels[l]!, work[l]!, steps, b, x, false)
}

/** Up to two steps of flexible conjugate gradients, each with a cycle as preconditioner. */
function* krylovCycle(
  grain: number,
  M: Amg,
  levels: readonly Level[],
  work: readonly Work[],
  l: number,
  b: Reals,
  x: Reals,
): Steps<void> {
  const { A } = levels[l]!
  const n = A.rows
  const [c, v, d, w, r] = [zeros(b, n), zeros(b, n), zeros(b, n), zeros(b, n), zeros(b, n)]
  yield* cycle(grain, M, levels, work, l, b, c)
  yield* multiply(grain, A, c, v)
  const [rho, alpha] = [dot(c, v), dot(c, b)]
  if (!(rho > 0)) {
    x.set(c)
    return
  }
  for (let i = 0; i < n; i++) r[i] = b[i]! - (alpha / rho) * v[i]!
  if (dot(r, r) <= INNER_REDUCTION ** 2 * dot(b, b)) {
    for (let i = 0; i < n; i++) x[i] = (alpha / rho) * c[i]!
    return
  }
  yield* cycle(grain, M, levels, work, l, r, d)
  yield* multiply(grain, A, d, w)
  const [gamma, beta, alpha2] = [dot(d, v), dot(d, w), dot(d, r)]
  const rho2 = beta - gamma ** 2 / rho
  const second = rho2 > 0 ? alpha2 / rho2 : 0
  const first = alpha / rho - (gamma * second) / rho
  for (let i = 0; i < n; i++) x[i] = first * c[i]! + second * d[i]!
}

/** One step of a smoother: d = momentum d + size D^-1 (b - A x), x += d. */
interface Step {
  readonly momentum: number
  readonly size: number
}

const RELAXATION = 4 / 3

/**
 * The steps of a smoother. Chebyshev: Saad, Iterative Methods for Sparse Linear Systems (2003), Algorithm 12.1, on
 * D^-1 A, which damps the part [largest / ratio, largest] of the spectrum; otherwise relaxation by 4/3 / largest.
 */
export function smoothingSteps(chebyshev: boolean, degree: number, largest: number, ratio: number): readonly Step[] {
  if (!chebyshev || degree === 1)
    return Array.from({ length: degree }, () => ({ momentum: 0, size: RELAXATION / largest }))
  const theta = (largest * (1 + 1 / ratio)) / 2
  const delta = (largest * (1 - 1 / ratio)) / 2
  const sigma = theta / delta
  const steps = [{ momentum: 0, size: 1 / theta }]
  for (let rho = 1 / sigma; steps.length < degree; ) {
    const next = 1 / (2 * sigma - rho)
    steps.push({ momentum: next * rho, size: (2 * next) / delta })
    rho = next
  }
  return steps
}

function* smooth(
  grain: number,
  { A, inverseDiagonal }: Level,
  { r, d }: Work,
  steps: readonly Step[],
  b: Reals,
  x: Reals,
  fromZero: boolean,
): Steps<void> {
  const n = A.rows
  for (const [at, { momentum, size }] of steps.entries()) {
    if (at === 0 && fromZero) {
      for (let i = 0; i < n; i++) {
        d[i] = size * inverseDiagonal[i]! * b[i]!
        x[i] = d[i]!
      }
      continue
    }
    yield* residual(grain, A, x, b, r)
    for (let i = 0; i < n; i++) {
      d[i] = (momentum === 0 ? 0 : momentum * d[i]!) + size * inverseDiagonal[i]! * r[i]!
      x[i]! += d[i]!
    }
  }
}

function* residual(grain: number, A: LevelMatrix, x: Reals, b: Reals, r: Reals): Steps<void> {
  for (const [from, to] of parts(grain, A)) {
    rowsOfResidual(A.rowPointers, A.columnIndices, A.values, x, b, r, from, to)
    if (to < A.rows) yield tick
  }
}

function* multiply(grain: number, A: LevelMatrix, x: Reals, y: Reals): Steps<void> {
  y.fill(0)
  yield* addProduct(grain, A, x, y)
}

function* addProduct(grain: number, A: LevelMatrix, x: Reals, y: Reals): Steps<void> {
  for (const [from, to] of parts(grain, A)) {
    rowsOfProduct(A.rowPointers, A.columnIndices, A.values, x, y, from, to)
    if (to < A.rows) yield tick
  }
}

/** Ranges of rows that together hold about `grain` entries. */
function* parts(grain: number, { rows, columnIndices }: LevelMatrix): Generator<readonly [number, number]> {
  const size = Math.max(1, Math.floor((grain * rows) / (columnIndices.length + rows + 1)))
  for (let from = 0; from < rows; from += size) yield [from, Math.min(from + size, rows)]
}

function rowsOfResidual(
  rowPointers: Int32Array,
  columnIndices: Int32Array,
  values: Reals,
  x: Reals,
  b: Reals,
  r: Reals,
  from: number,
  to: number,
): void {
  for (let i = from, k = rowPointers[from]!; i < to; i++) {
    let sum = b[i]!
    for (const end = rowPointers[i + 1]!; k < end; k++) sum -= values[k]! * x[columnIndices[k]!]!
    r[i] = sum
  }
}

function rowsOfProduct(
  rowPointers: Int32Array,
  columnIndices: Int32Array,
  values: Reals,
  x: Reals,
  y: Reals,
  from: number,
  to: number,
): void {
  for (let i = from, k = rowPointers[from]!; i < to; i++) {
    let sum = y[i]!
    for (const end = rowPointers[i + 1]!; k < end; k++) sum += values[k]! * x[columnIndices[k]!]!
    y[i] = sum
  }
}

function dot(x: Reals, y: Reals): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}
