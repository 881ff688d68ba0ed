/*
 * Dense work on one front. A panel holds the columns of a supernode, `height` long, column by column; an update matrix
 * is the lower triangle of what they take from the rows below, in a full square.
 */

export interface Panel {
  readonly values: Float64Array
  readonly base: number
  readonly width: number
  readonly height: number
}

/** Pivots by sign; those that were zero to rounding, and so replaced, apart. */
export interface Signs {
  positive: number
  negative: number
  zero: number
}

/** A pivot of the scaled matrix up to this is rounding. */
const TINY = 1e-14
/** What stands in for it: sqrt(eps), which perturbs A by as little as refinement can take back. */
const REPLACEMENT = 2 ** -26

function pivot(d: number, signs: Signs): number {
  if (Math.abs(d) > TINY && Math.abs(d) < Number.POSITIVE_INFINITY) {
    if (d > 0) signs.positive++
    else signs.negative++
    return d
  }
  signs.zero++
  return d < 0 ? -REPLACEMENT : REPLACEMENT
}

/** L and D of the panel's columns in place; column j of it is column `first` + j of the matrix. Returns the work. */
export function factorPanel(
  { values, base, width, height }: Panel,
  diagonal: Float64Array,
  first: number,
  signs: Signs,
): number {
  for (let j = 0; j < width; j++) {
    const column = base + j * height
    const d = pivot(values[column + j]!, signs)
    diagonal[first + j] = d
    values[column + j] = 1
    for (let c = j + 1; c < width; c++) {
      const l = values[column + c]! / d
      const target = base + c * height
      for (let i = c; i < height; i++) values[target + i]! -= l * values[column + i]!
    }
    for (let i = j + 1; i < height; i++) values[column + i]! /= d
  }
  return width * width * height
}

/** Columns [from, to) of the update matrix, minus those of L2 D L2^T, L2 the panel's rows below its columns. */
export function subtractOuter(
  { values, base, width, height }: Panel,
  diagonal: Float64Array,
  first: number,
  update: { readonly values: Float64Array; readonly base: number; readonly height: number },
  from: number,
  to: number,
): number {
  const below = height - width
  const target = update.values
  for (let c = from; c < to; c++) {
    const out = update.base + c * below
    let j = 0
    for (; j + 3 < width; j += 4) {
      const [p, q, r, s] = [0, 1, 2, 3].map(m => base + (j + m) * height + width) as [number, number, number, number]
      const lp = values[p + c]! * diagonal[first + j]!
      const lq = values[q + c]! * diagonal[first + j + 1]!
      const lr = values[r + c]! * diagonal[first + j + 2]!
      const ls = values[s + c]! * diagonal[first + j + 3]!
      for (let i = c; i < below; i++)
        target[out + i]! -= lp * values[p + i]! + lq * values[q + i]! + lr * values[r + i]! + ls * values[s + i]!
    }
    for (; j < width; j++) {
      const p = base + j * height + width
      const l = values[p + c]! * diagonal[first + j]!
      for (let i = c; i < below; i++) target[out + i]! -= l * values[p + i]!
    }
  }
  return (to - from) * (below - from) * width
}
