/** Starts with the first field and goes on to the nearest that is left, by the Euclidean distance (Wang et al. 2024). */
export function greedy(fields: readonly Float64Array[]): readonly number[] {
  const left = new Set(fields.keys())
  const order: number[] = []
  for (let at = 0; left.size > 0; ) {
    left.delete(at)
    order.push(at)
    const here = fields[at]!
    let nearest = Number.POSITIVE_INFINITY
    for (const other of left) {
      const distance = fields[other]!.reduce((sum, value, i) => sum + (value - here[i]!) ** 2, 0)
      if (distance < nearest) [at, nearest] = [other, distance]
    }
  }
  return order
}
