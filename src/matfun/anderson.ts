/** The pairs (x, g(x)) of a fixed-point iteration, last one last. */
export interface Visited {
  readonly x: Float64Array
  readonly g: Float64Array
}

/**
 * The next point of a fixed-point iteration by Anderson's acceleration: the combination of the images g(x_i), with weights of sum
 * 1, that makes the same combination of g(x_i) - x_i smallest. The plain image where there is but one.
 */
export function anderson(visited: readonly Visited[]): Float64Array {
  const last = visited.at(-1)!
  const m = visited.length - 1
  const differ = visited.slice(0, -1).map(({ x, g }) => {
    const df = new Float64Array(x.length)
    for (let at = 0; at < x.length; at++) df[at] = last.g[at]! - last.x[at]! - (g[at]! - x[at]!)
    return df
  })
  const M = differ.map(a => differ.map(b => dot(a, b)))
  const right = differ.map(a => {
    let sum = 0
    for (let at = 0; at < a.length; at++) sum += a[at]! * (last.g[at]! - last.x[at]!)
    return sum
  })
  // a little ridge: differences become parallel as they become small
  for (let i = 0; i < m; i++) M[i]![i]! *= 1 + 1e-10
  const gamma = solved(M, right)
  const next = Float64Array.from(last.g)
  for (let i = 0; i < m; i++) {
    const { g } = visited[i]!
    for (let at = 0; at < next.length; at++) next[at]! -= gamma[i]! * (last.g[at]! - g[at]!)
  }
  return next
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!
  return sum
}

/** A small positive definite system by elimination; zeros where a pivot vanishes. */
function solved(M: number[][], b: number[]): number[] {
  const m = b.length
  for (let k = 0; k < m; k++)
    for (let i = k + 1; i < m; i++) {
      const factor = M[k]![k]! > 0 ? M[i]![k]! / M[k]![k]! : 0
      for (let j = k; j < m; j++) M[i]![j]! -= factor * M[k]![j]!
      b[i]! -= factor * b[k]!
    }
  const x = new Array<number>(m).fill(0)
  for (let i = m - 1; i >= 0; i--) {
    let sum = b[i]!
    for (let j = i + 1; j < m; j++) sum -= M[i]![j]! * x[j]!
    x[i] = M[i]![i]! > 0 ? sum / M[i]![i]! : 0
  }
  return x
}
