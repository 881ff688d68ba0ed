import { type Steps, tick } from '../core/steps.ts'
import { addColumns, addProduct, type BlockMatrix, dots } from './blocks.loops.ts'
import { COLUMNS } from './samples.ts'

/** What one application of a preconditioner leaves behind: z = M^-1 r, and what its derivative needs. */
export interface Applied {
  readonly z: Float64Array
}

/** A preconditioner on blocks, and its derivative. */
export interface Differentiable<Kept extends Applied> {
  readonly apply: (r: Float64Array) => Kept
  /** M^-1 g; adds the derivative of g . M^-1 r, of which `kept` is left, to where gradients are collected. */
  readonly back: (kept: Kept, g: Float64Array) => Float64Array
}

/**
 * The logarithm of how much an iteration of CG reduces the energy norm of the error, log(|e_k| / |e_0|) / k, the mean over
 * all columns; calls `back` for its gradient where that is wanted. CG is optimal over its Krylov space, so that its
 * coefficients count as constants there (the envelope theorem).
 */
export function* envelopeSteps<Kept extends Applied>(
  A: BlockMatrix,
  error: Float64Array,
  residual: Float64Array,
  iterations: number,
  { apply, back }: Differentiable<Kept>,
  wanted: boolean,
): Steps<number> {
  const e = error.slice()
  const r = residual.slice()
  const p = new Float64Array(e.length)
  const steps: { readonly kept: Kept; readonly alpha: Float64Array; readonly beta: Float64Array }[] = []
  const begun = dots(e, r)
  let rho: Float64Array = new Float64Array(COLUMNS)
  for (let t = 0; t < iterations; t++) {
    const kept = apply(r)
    const rz = dots(r, kept.z)
    const beta = rz.map((value, c) => (t === 0 ? 0 : value / rho[c]!))
    rho = rz
    for (let i = 0; i < p.length; i++) p[i] = kept.z[i]! + beta[i % COLUMNS]! * p[i]!
    const q = new Float64Array(p.length)
    addProduct(A, 1, p, q)
    const pq = dots(p, q)
    const alpha = rz.map((value, c) => value / pq[c]!)
    addColumns(alpha, -1, p, e)
    addColumns(alpha, -1, q, r)
    steps.push({ kept, alpha, beta })
    yield tick
  }
  const left = dots(e, r)
  let loss = 0
  for (let c = 0; c < COLUMNS; c++) loss += Math.log(left[c]! / begun[c]!) / (2 * iterations * COLUMNS)
  if (!wanted || !(Math.abs(loss) < Number.POSITIVE_INFINITY)) return loss
  const ge = r.slice()
  for (let i = 0; i < ge.length; i++) ge[i]! /= iterations * COLUMNS * left[i % COLUMNS]!
  const gp = new Float64Array(p.length)
  for (let t = iterations - 1; t >= 0; t--) {
    const { kept, alpha, beta } = steps[t]!
    addColumns(alpha, -1, ge, gp)
    addProduct(A, 1, back(kept, gp), ge)
    for (let i = 0; i < gp.length; i++) gp[i]! *= beta[i % COLUMNS]!
    yield tick
  }
  return loss
}
