/** Means and inverse deviations of features that stand `count` at a time in each list. */
export function statistics(
  count: number,
  lists: readonly ArrayLike<number>[],
): { readonly mean: Float64Array; readonly scale: Float64Array } {
  const mean = new Float64Array(count)
  const square = new Float64Array(count)
  let total = 0
  for (const list of lists) {
    total += list.length / count
    for (let at = 0; at < list.length; at++) mean[at % count]! += list[at]!
  }
  for (let f = 0; f < count; f++) mean[f]! /= Math.max(1, total)
  for (const list of lists)
    for (let at = 0; at < list.length; at++) square[at % count]! += (list[at]! - mean[at % count]!) ** 2
  return { mean, scale: square.map(sum => 1 / Math.max(1e-3, Math.sqrt(sum / Math.max(1, total)))) }
}
