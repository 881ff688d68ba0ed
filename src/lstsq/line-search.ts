const STEPS = 50

/**
 * The t that minimises f(t) = sum ((r - t q)^2 + d^2)^(p/2), which is convex for p >= 1: Newton's method within brackets. Starts from
 * t = 1, and 1 is what it returns where f is flat.
 */
export function along(r: Float64Array, q: Float64Array, p: number, d: number): number {
  let [low, high] = [0, Number.POSITIVE_INFINITY]
  let t = 1
  for (let step = 0; step < STEPS; step++) {
    const [slope, curvature] = derivatives(r, q, p, d, t)
    if (slope > 0) high = t
    else low = t
    const newton = t - slope / curvature
    const next = newton > low && newton < high ? newton : high === Number.POSITIVE_INFINITY ? 2 * t : (low + high) / 2
    if (!Number.isFinite(next) || Math.abs(next - t) <= 1e-6 * t) return Number.isFinite(next) ? next : t
    t = next
  }
  return t
}

/** f'(t) and f''(t), over p. */
function derivatives(r: Float64Array, q: Float64Array, p: number, d: number, t: number): [number, number] {
  let [slope, curvature] = [0, 0]
  for (let i = 0; i < r.length; i++) {
    const [e, g] = [r[i]! - t * q[i]!, q[i]!]
    const square = e * e + d * d
    if (square === 0) continue
    const weight = square ** (p / 2 - 1)
    slope -= weight * e * g
    curvature += weight * g * g * (1 + ((p - 2) * e * e) / square)
  }
  return [slope, curvature]
}
