/** The one of `allowed` that `key` is most likely a misspelling of. */
export function nearestName(key: string, allowed: Iterable<string>): string | undefined {
  const nearest = [...allowed].sort((a, b) => editDistance(a, key) - editDistance(b, key))[0]
  return nearest !== undefined && editDistance(nearest, key) <= 1 + nearest.length / 3 ? nearest : undefined
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++)
      current[j] = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    previous = current
  }
  return previous[b.length]!
}
