import { refuse } from '../core/errors.ts'
import { float64 } from '../core/shared.ts'
import type { Dense } from '../core/types.ts'
import { checkFinite, checkVector } from '../core/vector.ts'

/** An orthonormal basis of the null space, vector after vector: modified Gram-Schmidt, twice. */
export function nullspaceBasis(method: string, n: number, nullspace: 'constant' | Dense | undefined): Float64Array {
  if (nullspace === undefined) return float64(0)
  if (nullspace === 'constant') return float64(n).fill(1 / Math.sqrt(n))
  if (typeof nullspace !== 'object' || nullspace === null || nullspace.rows !== n || !isCount(nullspace.columns))
    throw refuse('ERR_OPTION', method, 'option nullspace', `'constant' or a dense ${n} x k matrix`, nullspace)
  const s = nullspace.columns
  const values = checkVector(method, 'option nullspace', nullspace.values, n * s)
  checkFinite(method, 'option nullspace', values)
  const basis = float64(n * s)
  for (let c = 0; c < s; c++) {
    const v = basis.subarray(c * n, (c + 1) * n)
    for (let i = 0; i < n; i++) v[i] = values[i * s + c]!
    const size = Math.sqrt(dot(v, v))
    for (let pass = 0; pass < 2; pass++)
      for (let m = 0; m < c; m++)
        subtract(dot(basis.subarray(m * n, (m + 1) * n), v), basis.subarray(m * n, (m + 1) * n), v)
    const rest = Math.sqrt(dot(v, v))
    if (!(rest > 1e-12 * size))
      throw refuse('ERR_OPTION', method, 'option nullspace', 'linearly independent columns', `a dependent column ${c}`)
    for (let i = 0; i < n; i++) v[i]! /= rest
  }
  return basis
}

const isCount = (k: unknown): boolean => typeof k === 'number' && Number.isInteger(k) && k >= 0

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}

function subtract(a: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i]! -= a * x[i]!
}
