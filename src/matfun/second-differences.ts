import { FAMILY, firstDifference, powerDifference, type Sample } from './differences.ts'

/** f, f' and f'' at one eigenvalue. */
export interface Sample2 extends Sample {
  readonly second: number
}

const NEAR = 7e-4 // relative gap: fifth root of eps, where rounding and the fourth order of the series are alike

/** The second divided difference f[a, b, c], f'' / 2 where they are equal. Symmetric in its arguments to the bit. */
export function secondDifference(family: number, p: number, a: Sample2, b: Sample2, c: Sample2): number {
  const [low, mid, high] = sorted(a, b, c)
  if (family === FAMILY.power && Number.isInteger(p) && p >= 0) return integerDifference(p, low.x, mid.x, high.x)
  const gap = high.x - low.x
  const size = family === FAMILY.exp ? 1 : Math.max(Math.abs(low.x), Math.abs(high.x))
  if (gap > NEAR * size) {
    const upper = firstDifference(family, p, mid, high)
    return (upper - firstDifference(family, p, low, mid)) / gap
  }
  if (family === FAMILY.table) return (low.second + mid.second + high.second) / 6
  const m = (low.x + mid.x + high.x) / 3
  const spread = (low.x - m) ** 2 + (mid.x - m) ** 2 + (high.x - m) ** 2
  const [second, fourth] = evenDerivatives(family, p, m)
  return (second + (fourth * spread) / 24) / 2
}

function sorted(a: Sample2, b: Sample2, c: Sample2): [Sample2, Sample2, Sample2] {
  if (a.x > b.x) [a, b] = [b, a]
  if (b.x > c.x) [b, c] = [c, b]
  if (a.x > b.x) [a, b] = [b, a]
  return [a, b, c]
}

/** Of x^m, by the bits of m and Leibniz's rule. */
function integerDifference(m: number, a: number, b: number, c: number): number {
  if (m < 2) return 0
  const half = Math.floor(m / 2)
  const f = (k: number, x: number) => x ** k
  const inner = integerDifference(half, a, b, c)
  const squared = f(half, a) * inner + powerDifference(half, a, b) * powerDifference(half, b, c) + inner * f(half, c)
  // x^(2 k + 1) = x x^(2 k)
  return m % 2 === 0 ? squared : a * squared + powerDifference(2 * half, b, c)
}

function evenDerivatives(family: number, p: number, x: number): [second: number, fourth: number] {
  if (family === FAMILY.exp) return [Math.exp(x), Math.exp(x)]
  if (family === FAMILY.log) return [-1 / (x * x), -6 / x ** 4]
  return [p * (p - 1) * x ** (p - 2), p * (p - 1) * (p - 2) * (p - 3) * x ** (p - 4)]
}
