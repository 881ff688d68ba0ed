import { quickly } from '../core/method.ts'
import { naturalOrder } from '../core/shared.ts'
import { atOnce } from '../core/steps.ts'
import { reference } from '../kernels/reference.ts'
import type { RowSettings } from './factor-rows.steps.ts'
import { factorRows } from './factor-rows.ts'

const none = new Float64Array(0)
const pointers = new Int32Array(2)
let order = naturalOrder(64)

/** Rows of V that a row has observations of: those with these indices, or all in their order. */
export interface Features {
  readonly V: Float64Array
  readonly rows: number
  readonly at: Int32Array | undefined
}

/**
 * One row of a factor, as `factorRows` finds many, at once: x becomes the ridge regression of the targets on its features. Calls the native method past everything that stands around it, which costs more than a short row.
 */
export function solveRow(
  { V, rows, at }: Features,
  targets: Float64Array,
  weights: Float64Array,
  x: Float64Array,
  spread: Float64Array,
  base: Float64Array,
  settings: RowSettings,
): void {
  const s = targets.length
  if (at === undefined && order.length < s) order = naturalOrder(2 * s)
  pointers[1] = s
  const columns = at ?? order.subarray(0, s)
  const { rank, ridge, scaled, steps, nonnegative } = settings
  const direct = quickly(factorRows) as ((...leaves: unknown[]) => unknown) | undefined
  if (direct !== undefined) {
    direct(
      1,
      rows,
      pointers,
      columns,
      targets,
      weights,
      none,
      V,
      x,
      spread,
      base,
      rank,
      ridge,
      scaled,
      steps,
      nonnegative,
    )
    return
  }
  const A = { pattern: { rows: 1, columns: rows, rowPointers: pointers, columnIndices: columns }, values: targets }
  atOnce(factorRows.steps(reference, A, weights, none, V, x, spread, base, settings))
}
