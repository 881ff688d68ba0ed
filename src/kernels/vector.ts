/*
 * Vector kernels. Four accumulators keep the additions of a reduction apart, so that the processor need not wait
 * for one before it starts the next; they also shorten the sums' rounding.
 */

export function dot(x: Float64Array, y: Float64Array): number {
  const n = x.length
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let i = 0
  for (; i + 3 < n; i += 4) {
    s0 += x[i]! * y[i]!
    s1 += x[i + 1]! * y[i + 1]!
    s2 += x[i + 2]! * y[i + 2]!
    s3 += x[i + 3]! * y[i + 3]!
  }
  for (; i < n; i++) s0 += x[i]! * y[i]!
  return s0 + s1 + (s2 + s3)
}

export function axpy(a: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i]! += a * x[i]!
}

export function axpby(a: number, x: Float64Array, b: number, y: Float64Array): void {
  if (b === 0) for (let i = 0; i < y.length; i++) y[i] = a * x[i]!
  else for (let i = 0; i < y.length; i++) y[i] = a * x[i]! + b * y[i]!
}

export function advance(a: number, p: Float64Array, q: Float64Array, x: Float64Array, r: Float64Array): number {
  let even = 0
  let odd = 0
  let i = 0
  for (; i + 1 < x.length; i += 2) {
    x[i]! += a * p[i]!
    x[i + 1]! += a * p[i + 1]!
    const r0 = r[i]! - a * q[i]!
    const r1 = r[i + 1]! - a * q[i + 1]!
    r[i] = r0
    r[i + 1] = r1
    even += r0 * r0
    odd += r1 * r1
  }
  if (i < x.length) {
    x[i]! += a * p[i]!
    const last = r[i]! - a * q[i]!
    r[i] = last
    even += last * last
  }
  return even + odd
}

export function advanceDirection(
  a: number,
  b: number,
  d: Float64Array,
  p: Float64Array,
  q: Float64Array,
  x: Float64Array,
  r: Float64Array,
  sums: Float64Array,
): void {
  const plain = d.length === 0
  let rr = 0
  let rDr = 0
  for (let i = 0; i < x.length; i++) {
    const pi = p[i]!
    const ri = r[i]! - a * q[i]!
    const zi = plain ? ri : d[i]! * ri
    x[i]! += a * pi
    r[i] = ri
    p[i] = zi + b * pi
    rr += ri * ri
    rDr += ri * zi
  }
  sums[0] = rr
  sums[1] = rDr
}

export function scale(d: Float64Array, r: Float64Array, z: Float64Array): number {
  let even = 0
  let odd = 0
  let i = 0
  for (; i + 1 < z.length; i += 2) {
    const r0 = r[i]!
    const r1 = r[i + 1]!
    z[i] = d[i]! * r0
    z[i + 1] = d[i + 1]! * r1
    even += r0 * z[i]!
    odd += r1 * z[i + 1]!
  }
  if (i < z.length) {
    const last = r[i]!
    z[i] = d[i]! * last
    even += last * z[i]!
  }
  return even + odd
}
