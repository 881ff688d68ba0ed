/*
 * Divided differences of the functions of a matrix, exact where eigenvalues are equal or near. A NaN among the
 * eigenvalues stands for one that is left out (policy 'pseudo'): its f is zero, as is the difference of two of them.
 */

/** What f is: `power` x^p, `log`, `exp`, or `table`: only its values and slopes at the eigenvalues are known. */
export const FAMILY = { table: 0, power: 1, log: 2, exp: 3 } as const

/** f and f' at one eigenvalue. */
export interface Sample {
  readonly x: number
  readonly f: number
  readonly slope: number
}

const NEAR = 6e-6 // relative gap at which the rounding of f(a) - f(b) and the error of the mean slope are alike: cube root of eps

/** The first divided difference f[a, b] = (f(a) - f(b)) / (a - b), f'(a) where they are equal. */
export function firstDifference(family: number, p: number, a: Sample, b: Sample): number {
  if (Number.isNaN(a.x) || Number.isNaN(b.x)) return leftOut(a, b)
  switch (family) {
    case FAMILY.power:
      if (p === 0.5) return 1 / (a.f + b.f)
      if (p === -0.5) return -((a.f * b.f) ** 2) / (a.f + b.f)
      return powerDifference(p, a.x, b.x)
    case FAMILY.log: {
      const [low, high] = a.x < b.x ? [a.x, b.x] : [b.x, a.x]
      const gap = high - low
      return gap === 0 ? 1 / low : Math.log1p(gap / low) / gap
    }
    case FAMILY.exp: {
      const gap = Math.abs(a.x - b.x)
      const top = Math.exp(Math.max(a.x, b.x))
      return gap === 0 ? top : (top * Math.expm1(-gap)) / -gap
    }
  }
  const gap = a.x - b.x
  const near = Math.abs(gap) <= NEAR * Math.max(Math.abs(a.x), Math.abs(b.x))
  return near ? (a.slope + b.slope) / 2 : (a.f - b.f) / gap
}

const leftOut = (a: Sample, b: Sample): number => {
  if (Number.isNaN(a.x)) return Number.isNaN(b.x) ? 0 : b.f / b.x
  return a.f / a.x
}

/** Of x^p: sums of positive terms wherever a and b are positive. */
export function powerDifference(p: number, a: number, b: number): number {
  if (Number.isInteger(p)) {
    const m = Math.abs(p)
    const sum = integerDifference(m, a, b)
    return p < 0 ? -sum / (a ** m * b ** m) : sum
  }
  const t = 0.5 * (a < b ? Math.log1p((b - a) / a) : Math.log1p((a - b) / b))
  const ratio = t === 0 ? p : Math.sinh(p * t) / Math.sinh(t)
  return (a * b) ** ((p - 1) / 2) * ratio
}

/** Of x^m: f_2k = (a^k + b^k) f_k and f_(k+1) = a f_k + b^k, by the bits of m. */
function integerDifference(m: number, a: number, b: number): number {
  let [f, left, right] = [0, 1, 1]
  for (let bit = Math.floor(Math.log2(Math.max(m, 1))); bit >= 0; bit--) {
    f *= left + right
    left *= left
    right *= right
    if (Math.floor(m / 2 ** bit) % 2 === 0) continue
    f = a * f + right
    left *= a
    right *= b
  }
  return f
}
