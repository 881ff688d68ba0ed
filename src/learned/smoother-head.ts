/* The learned ratio of the Chebyshev smoother: the exponential of a linear function of a level's few facts. */

/** What a level tells: a constant, how much coarser the next is, entries of a row, the bound of its spectrum. */
export interface LevelFacts {
  readonly unknowns: number
  readonly coarse: number
  readonly entries: number
  readonly largest: number
}

/** Coefficients. */
export const HEAD = 4

const LEAST = 3
const MOST = 12

export const headFeatures = ({ unknowns, coarse, entries, largest }: LevelFacts): readonly number[] => [
  1,
  Math.log(unknowns / coarse),
  entries / unknowns / 10,
  largest,
]

/** The ratio for a level; where there are no coefficients, `ordinary`. */
export function ratioOf(coefficients: ArrayLike<number>, facts: LevelFacts, ordinary: number): number {
  if (coefficients.length === 0) return ordinary
  let sum = 0
  headFeatures(facts).forEach((value, at) => {
    sum += coefficients[at]! * value
  })
  return Math.max(LEAST, Math.min(MOST, Math.exp(sum)))
}

/** Ratios that a fit tries. */
export const RATIOS = [3, 4, 5, 6.5, 8.5, 11] as const

/**
 * Coefficients that take each level to its best ratio: for each the losses at RATIOS, through the lowest of which and
 * its neighbours goes a parabola. Least squares, drawn a little to the mean.
 */
export function fitHead(levels: readonly LevelFacts[], losses: readonly (readonly number[])[]): Float64Array {
  const targets = losses.map(best)
  const mean = targets.reduce((sum, value) => sum + value, 0) / targets.length
  const normal = Array.from({ length: HEAD }, () => new Float64Array(HEAD + 1))
  levels.forEach((level, at) => {
    const x = headFeatures(level)
    for (let i = 0; i < HEAD; i++) {
      for (let j = 0; j < HEAD; j++) normal[i]![j]! += x[i]! * x[j]!
      normal[i]![HEAD]! += x[i]! * (targets[at]! - mean)
    }
  })
  for (let i = 0; i < HEAD; i++) normal[i]![i]! += RIDGE * levels.length
  const coefficients = eliminated(normal)
  coefficients[0]! += mean
  return coefficients
}

const RIDGE = 1e-3

/** The logarithm of the ratio with the lowest loss. */
function best(losses: readonly number[]): number {
  let at = 0
  for (let r = 1; r < losses.length; r++) if (losses[r]! < losses[at]!) at = r
  const x = (r: number): number => Math.log(RATIOS[r]!)
  if (at === 0 || at === losses.length - 1) return x(at)
  const [left, right] = [x(at) - x(at - 1), x(at + 1) - x(at)]
  const [down, up] = [(losses[at]! - losses[at - 1]!) / left, (losses[at + 1]! - losses[at]!) / right]
  const curvature = (2 * (up - down)) / (left + right)
  const slope = (down * right + up * left) / (left + right)
  return curvature > 0 ? Math.max(x(at - 1), Math.min(x(at + 1), x(at) - slope / curvature)) : x(at)
}

/** Solves a small positive definite system kept with its right-hand side. */
function eliminated(rows: readonly Float64Array[]): Float64Array {
  const n = rows.length
  for (let p = 0; p < n; p++)
    for (let i = p + 1; i < n; i++) {
      const f = rows[i]![p]! / rows[p]![p]!
      for (let j = p; j <= n; j++) rows[i]![j]! -= f * rows[p]![j]!
    }
  const x = new Float64Array(n)
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i]![n]!
    for (let j = i + 1; j < n; j++) sum -= rows[i]![j]! * x[j]!
    x[i] = sum / rows[i]![i]!
  }
  return x
}
