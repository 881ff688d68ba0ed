import { float64 } from '../core/shared.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { CsrData } from '../core/types.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { Outcome, Stopping } from '../krylov/stopping.ts'
import { Watch } from '../krylov/watch.ts'
import { rowsPerBlock } from '../sparse/blocks.ts'
import { residual } from '../sparse/operator.steps.ts'
import { type Colouring, LANES } from './colouring.steps.ts'
import { relaxRows, relaxRowsBackward, relaxSlices } from './sweep.ts'

/** Sweeps between two looks at the true residual while it is far from the target. */
export const LOOK = 32

/** A residual that the last look puts below this multiple of the target is formed in every sweep. */
export const NEAR = 4

/** How the rows are swept. */
export interface Sweeping {
  readonly omega: number
  /** A backward sweep follows each forward one. */
  readonly symmetric: boolean
  /** All rows from the same x: damped Jacobi. */
  readonly simultaneous: boolean
}

/**
 * Solves A x = b by successive over-relaxation (Young 1950; Hackbusch, Iterative Solution of Large Sparse Systems,
 * section 3.2.4): x_i += omega u_i with u = D^-1 (b - A x), in the order of the rows, or colour by colour where
 * `colours` names them. The norm of u costs nothing; the residual is formed in each sweep only near the target, and its
 * ratio to u stands in for it before. Workspace: 3n, and with colours the off-diagonal entries and 3n more.
 */
export function* sorSteps(
  k: Kernels,
  A: CsrData,
  b: Float64Array,
  x: Float64Array,
  diagonal: Int32Array,
  colours: Colouring,
  { omega, symmetric, simultaneous }: Sweeping,
  stopping: Stopping,
): Steps<Outcome> {
  const n = b.length
  const { order, starts, offsets, columns, source } = colours
  const coloured = order.length > 0
  const r = float64(n)
  const inverse = float64(coloured ? order.length : n)
  if (coloured)
    for (let p = 0; p < order.length; p++) inverse[p] = order[p]! < 0 ? 0 : 1 / A.values[diagonal[order[p]!]!]!
  else for (let i = 0; i < n; i++) inverse[i] = 1 / A.values[diagonal[i]!]!
  const values = Float64Array.from(source, at => (at < 0 ? 0 : A.values[at]!))
  const y = Float64Array.from(order, i => (i < 0 ? 0 : x[i]!))
  const rhs = Float64Array.from(order, i => (i < 0 ? 0 : b[i]!))
  yield tick

  const watch = new Watch(k, A, b, x, float64(0), r, stopping)
  let stale = false
  // biome-ignore lint/correctness/useYield: it is one step of its own
  watch.present = function* () {
    if (stale) for (let p = 0; p < order.length; p++) if (order[p]! >= 0) x[order[p]!] = y[p]!
    stale = false
  }
  const size = Math.sqrt(k.dot(b, b))
  const near = NEAR * Math.max(stopping.rtol * size, stopping.atol, Number.EPSILON * size)
  const block = rowsPerBlock(A.pattern, k.grain)
  let ratio = 0

  yield* watch.start()
  for (let i = 0; ; i++) {
    const ended = yield* watch.ended(i)
    if (ended) return ended
    watch.restart()

    let step = 0
    if (simultaneous) {
      k.scale(inverse, r, r)
      k.axpy(omega, r, x)
    } else {
      step = yield* sweep(false)
      if (symmetric) step = yield* sweep(true)
    }

    let norm = step * ratio
    if (simultaneous || stopping.history || i === 0 || (i + 1) % LOOK === 0 || !(norm > near)) {
      yield* watch.present()
      watch.operator++
      norm = Math.sqrt(yield* residual(k, A, x, b, r))
      ratio = step > 0 ? norm / step : 0
    }
    const broken = yield* watch.after(i + 1, norm)
    if (broken) return broken
  }

  /** One sweep over all rows; returns the norm of u */
  function* sweep(backward: boolean): Steps<number> {
    let square = 0
    if (coloured) {
      const slices = Math.max(1, Math.floor(block / LANES))
      for (let c = 0, count = starts.length - 1; c < count; c++) {
        const own = backward ? count - 1 - c : c
        for (let from = starts[own]!; from < starts[own + 1]!; from += slices) {
          const to = Math.min(from + slices, starts[own + 1]!)
          square += relaxSlices(offsets, columns, values, inverse, rhs, omega, y, from, to)
          if (slices < y.length / LANES) yield tick
        }
      }
      stale = true
      return Math.sqrt(square)
    }
    const relax = backward ? relaxRowsBackward : relaxRows
    for (let done = 0; done < n; done += block) {
      const rows = Math.min(block, n - done)
      const from = backward ? n - done - rows : done
      square += relax(A, inverse, b, omega, x, from, from + rows)
      if (block < n) yield tick
    }
    return Math.sqrt(square)
  }
}
