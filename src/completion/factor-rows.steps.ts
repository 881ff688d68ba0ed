import { type Steps, tick } from '../core/steps.ts'
import type { CsrData, Reals } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'

/** How the rows of a factor are solved for. */
export interface RowSettings {
  /** Columns of the factors. */
  readonly rank: number
  readonly ridge: number
  /** Whether a row's ridge is multiplied by the number of its observations. */
  readonly scaled: boolean
  /** Steps of conjugate gradients for each row; 0: exact, by the normal equations. */
  readonly steps: number
  /** Exact, among factors without a negative entry. */
  readonly nonnegative: boolean
}

const LEAST = 1e-15 // share of the largest diagonal entry that counts as no direction
const SINGULAR = 1e-14 // share of a diagonal entry of H that a pivot must keep
const JITTER = 1e-12 // of the mean diagonal entry, added to a singular H: the solution is the shortest one
const CANCELLED = 1e-6 // share of the errors below which they are computed again, not from what they were
const DESCENTS = 200 // passes of coordinate descent at most
const SETTLED = 1e-12 // share of |x| that a pass changes when it is done

/**
 * Row i of X becomes the minimiser, or an approximation to it, of sum w (y - offset - x . v)^2 + x . B x over the observed
 * entries of row i of A, v being rows of V: normal equations H x = c with H = V_S^T W V_S + B, B = diag(base) + ridge. By
 * steps of conjugate gradients from what X was, preconditioned by diag(W_i / n spread + B); or exactly. Empty `weights`,
 * `offsets`, `base` are ones, zeros, zeros. A row without observations becomes zero. Returns sum w (y - offset - x . v)^2
 * at the end. 4 r flops for each entry and step, or r^2.
 */
export function* factorRowsSteps(
  k: Kernels,
  A: CsrData,
  weights: Float64Array,
  offsets: Float64Array,
  V: Reals,
  X: Float64Array,
  spread: Float64Array,
  base: Float64Array,
  settings: RowSettings,
): Steps<number> {
  const { rank: r, ridge, scaled, steps, nonnegative } = settings
  const { rows, columns, rowPointers, columnIndices } = A.pattern
  const [B, direction, diagonal] = [new Float64Array(r), new Float64Array(r), new Float64Array(r)]
  let square = 0
  for (let i = 0, work = 0; i < rows; i++) {
    const [from, s] = [rowPointers[i]!, rowPointers[i + 1]! - rowPointers[i]!]
    const x = X.subarray(i * r, (i + 1) * r)
    if (s === 0) {
      x.fill(0)
      continue
    }
    const row = new Row(s, r)
    let weight = 0
    for (let e = 0; e < s; e++) {
      const j = columnIndices[from + e]!
      const w = weights.length === 0 ? 1 : weights[from + e]!
      const root = Math.sqrt(w)
      weight += w
      row.y[e] = root * (A.values[from + e]! - (offsets.length === 0 ? 0 : offsets[j]!))
      for (let c = 0; c < r; c++) row.V[e * r + c] = root * V[j * r + c]!
    }
    for (let c = 0; c < r; c++) B[c] = (base.length === 0 ? 0 : base[c]!) + (scaled ? s * ridge : ridge)
    const before = row.residual(x, B) // the quadratic
    let value = before
    if (nonnegative) value -= descend(row.normal(B), row.r, x)
    else if (steps === 0) {
      value -= exact(row, B, ridge === 0 && base.length === 0 && s < r, x)
      if (!(value > CANCELLED * before)) value = row.residual(x, B)
    } else {
      for (let c = 0; c < r; c++) diagonal[c] = (weight / columns) * spread[c]! + B[c]!
      value -= descendByCg(row, B, diagonal, direction, steps, x)
    }
    for (let c = 0; c < r; c++) value -= B[c]! * x[c]! ** 2
    square += Math.max(0, value)
    work += s * r * (steps === 0 ? r : 4 * steps)
    if (work < k.grain) continue
    work = 0
    yield tick
  }
  return square
}

/** What is gathered for one row: its observations y, and the rows of V that they belong to, times roots of weights. */
class Row {
  readonly V: Float64Array
  readonly y: Float64Array
  readonly r: Float64Array
  readonly #s: number

  constructor(s: number, r: number) {
    this.V = new Float64Array(s * r)
    this.y = new Float64Array(s)
    this.r = new Float64Array(r)
    this.#s = s
  }

  /** r = V^T (y - V x) - B x; returns |y - V x|^2 + x . B x. */
  residual(x: Float64Array, B: Float64Array): number {
    const { V, y, r } = this
    let value = 0
    for (let c = 0; c < x.length; c++) {
      r[c] = -B[c]! * x[c]!
      value -= r[c]! * x[c]!
    }
    for (let e = 0, at = 0; e < this.#s; e++, at += x.length) {
      let error = y[e]!
      for (let c = 0; c < x.length; c++) error -= V[at + c]! * x[c]!
      for (let c = 0; c < x.length; c++) r[c]! += V[at + c]! * error
      value += error * error
    }
    return value
  }

  /** q = (V^T V + B) p */
  product(p: Float64Array, B: Float64Array, q: Float64Array): void {
    for (let c = 0; c < p.length; c++) q[c] = B[c]! * p[c]!
    for (let e = 0, at = 0; e < this.#s; e++, at += p.length) {
      let dot = 0
      for (let c = 0; c < p.length; c++) dot += this.V[at + c]! * p[c]!
      for (let c = 0; c < p.length; c++) q[c]! += this.V[at + c]! * dot
    }
  }

  /** V^T V + B */
  normal(B: Float64Array): Float64Array {
    const r = B.length
    const H = new Float64Array(r * r)
    for (let e = 0, at = 0; e < this.#s; e++, at += r)
      for (let a = 0; a < r; a++) for (let b = 0, v = this.V[at + a]!; b < r; b++) H[a * r + b]! += v * this.V[at + b]!
    for (let a = 0; a < r; a++) H[a * r + a]! += B[a]!
    return H
  }
}

/** Preconditioned conjugate gradients on a row's normal equations; returns by how much the quadratic has fallen. */
function descendByCg(
  row: Row,
  B: Float64Array,
  diagonal: Float64Array,
  p: Float64Array,
  steps: number,
  x: Float64Array,
): number {
  const { r } = row
  const n = x.length
  const q = new Float64Array(n)
  const least = LEAST * diagonal.reduce((most, d) => Math.max(most, d), 0)
  let fallen = 0
  let rz = 0
  for (let c = 0; c < n; c++) {
    p[c] = diagonal[c]! > least ? r[c]! / diagonal[c]! : 0
    rz += r[c]! * p[c]!
  }
  for (let step = 0; step < steps && rz > 0; step++) {
    row.product(p, B, q)
    let curvature = 0
    for (let c = 0; c < n; c++) curvature += p[c]! * q[c]!
    if (!(curvature > 0)) break
    const alpha = rz / curvature
    fallen += alpha * rz
    let next = 0
    for (let c = 0; c < n; c++) {
      x[c]! += alpha * p[c]!
      r[c]! -= alpha * q[c]!
      if (diagonal[c]! > least) next += r[c]! ** 2 / diagonal[c]!
    }
    const beta = next / rz
    for (let c = 0; c < n; c++) p[c] = (diagonal[c]! > least ? r[c]! / diagonal[c]! : 0) + beta * p[c]!
    rz = next
  }
  return fallen
}

/** x += H^-1 r by Cholesky's factors; a singular H gets a little on its diagonal. */
function exact(row: Row, B: Float64Array, short: boolean, x: Float64Array): number {
  const n = x.length
  const H = row.normal(B)
  let trace = 0
  for (let a = 0; a < n; a++) trace += H[a * n + a]!
  for (let jitter = short ? (JITTER * trace) / n : 0; ; jitter = Math.max(100 * jitter, (JITTER * trace) / n)) {
    const L = H.slice()
    for (let a = 0; a < n; a++) L[a * n + a]! += jitter
    if (!factor(L, n)) {
      if (trace > 0 && trace < Number.POSITIVE_INFINITY) continue
      return 0
    }
    const d = row.r.slice()
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < a; b++) d[a]! -= L[a * n + b]! * d[b]!
      d[a]! /= L[a * n + a]!
    }
    for (let a = n - 1; a >= 0; a--) {
      for (let b = a + 1; b < n; b++) d[a]! -= L[b * n + a]! * d[b]!
      d[a]! /= L[a * n + a]!
    }
    let fallen = 0
    for (let a = 0; a < n; a++) {
      x[a]! += d[a]!
      fallen += d[a]! * row.r[a]!
    }
    return fallen
  }
}

/** The lower triangle of A = L L^T in place; false where a pivot is lost in rounding. */
function factor(A: Float64Array, n: number): boolean {
  for (let a = 0; a < n; a++) {
    const whole = A[a * n + a]!
    for (let b = 0; b <= a; b++) {
      let sum = A[a * n + b]!
      for (let c = 0; c < b; c++) sum -= A[a * n + c]! * A[b * n + c]!
      if (b < a) A[a * n + b] = sum / A[b * n + b]!
      else if (!(sum > SINGULAR * whole)) return false
      else A[a * n + a] = Math.sqrt(sum)
    }
  }
  return true
}

/** Coordinate descent for min x . H x - 2 c . x, x >= 0, where r = c - H x; returns by how much it has fallen. */
function descend(H: Float64Array, r: Float64Array, x: Float64Array): number {
  const n = x.length
  let fallen = 0
  for (let pass = 0; pass < DESCENTS; pass++) {
    let [moved, size] = [0, 0]
    for (let c = 0; c < n; c++) {
      const curvature = H[c * n + c]!
      if (!(curvature > 0)) continue
      const by = Math.max(-x[c]!, r[c]! / curvature)
      fallen += by * (2 * r[c]! - by * curvature)
      x[c]! += by
      for (let a = 0; a < n; a++) r[a]! -= by * H[c * n + a]!
      moved = Math.max(moved, Math.abs(by))
      size = Math.max(size, x[c]!)
    }
    if (!(moved > SETTLED * size)) break
  }
  return fallen
}
