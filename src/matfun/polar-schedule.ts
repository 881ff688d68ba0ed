/*
 * The polynomials of the polar iteration: odd quintics p(x) = a x + b x^3 + c x^5 that bring [l, u] nearest to 1, one
 * after the other, until what is left is rounding (Amsel, Persson, Musco and Gower 2025).
 */

export type Quintic = readonly [a: number, b: number, c: number]

const SETTLED = 1e-3 // distance from 1 from which (15 x - 10 x^3 + 3 x^5) / 8 is as good: 2.5 e^3 is left
const ENOUGH = 1e-17
const MOST = 60
const CUSHION = 1e-13 // beyond [l, u] quintics grow by a factor of 20 a step: rounding must not leave it

/** The quintics for singular values in [l, 1], 0 < l <= 1: none where l is too small to end in 60. */
export function polarSchedule(l: number): readonly Quintic[] {
  const list: Quintic[] = []
  let low = l
  let high = 1
  while (list.length < MOST) {
    const distance = Math.max(1 - low, high - 1)
    if (distance <= ENOUGH) return list
    if (distance <= SETTLED) {
      list.push([15 / 8, -10 / 8, 3 / 8])
      const left = 2.5 * distance ** 3
      low = 1 - left
      high = 1 + left
      if (left <= ENOUGH) return list
      continue
    }
    const { p, error } = bestQuintic(low, high)
    list.push(p)
    low = 1 - error - CUSHION
    high = 1 + error + CUSHION
    if (!(low > 0)) return []
  }
  return []
}

/** min max |1 - p(x)| on [l, u] by exchange of the two inner points where the error turns. */
export function bestQuintic(l: number, u: number): { p: Quintic; error: number } {
  let q = (3 * l + u) / 4
  let r = (l + 3 * u) / 4
  let found = { p: [1, 0, 0] as Quintic, error: 1 }
  for (let exchange = 0; exchange < 30; exchange++) {
    const next = throughPoints(l, q, r, u)
    const change = Math.abs(next.error - found.error)
    found = next
    if (change <= 1e-10) break
    const [a, b, c] = found.p
    const root = Math.sqrt(Math.max(9 * b * b - 20 * a * c, 0))
    q = Math.sqrt((-3 * b - root) / (10 * c))
    r = Math.sqrt((-3 * b + root) / (10 * c))
  }
  return found
}

/** p(l) = 1 - E, p(q) = 1 + E, p(r) = 1 - E, p(u) = 1 + E: divided differences of p(x) / x in x^2 leave E alone. */
function throughPoints(l: number, q: number, r: number, u: number): { p: Quintic; error: number } {
  const x = [l * l, q * q, r * r, u * u] as const
  // third divided differences of 1 / x and of (-1)^i / x: a quadratic has none
  const weights = x.map((xi, i) => x.reduce((product, xj, j) => (i === j ? product : product / (xi - xj)), 1))
  const points = [l, q, r, u] as const
  let [one, turn] = [0, 0]
  for (let i = 0; i < 4; i++) {
    one += weights[i]! / points[i]!
    turn += (i % 2 === 0 ? weights[i]! : -weights[i]!) / points[i]!
  }
  const error = one / turn
  const y = points.map((point, i) => (i % 2 === 0 ? 1 - error : 1 + error) / point)
  const first = (y[1]! - y[0]!) / (x[1] - x[0])
  const c = ((y[2]! - y[1]!) / (x[2] - x[1]) - first) / (x[2] - x[0])
  const b = first - c * (x[0] + x[1])
  return { p: [y[0]! - x[0] * (first - c * x[1]), b, c], error }
}

/** Bounds l = 2^(-k / 2), down to 1e-6, that schedules are kept for, k = 0 .. RUNGS - 1, and the numbers of each: how many, a, b, c, .. */
export const RUNGS = 41
export const RUNG = 3 * 16 + 1

let kept: Float64Array | undefined

/** The schedules of all rungs, one after the other, on shared memory of the caller's making. */
export function schedules(make: (n: number) => Float64Array): Float64Array {
  if (kept !== undefined) return kept
  const table = make(RUNGS * RUNG)
  for (let k = 0; k < RUNGS; k++) {
    const list = polarSchedule(2 ** (-k / 2))
    table[k * RUNG] = list.length
    list.forEach((p, i) => {
      table.set(p, k * RUNG + 1 + 3 * i)
    })
  }
  kept = table
  return table
}
