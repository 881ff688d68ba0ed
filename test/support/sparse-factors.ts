import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { float64 } from '../../src/core/shared.ts'
import { amdSteps } from '../../src/direct/amd.steps.ts'
import { ldltSteps } from '../../src/direct/ldlt.steps.ts'
import { luSteps } from '../../src/direct/lu.steps.ts'
import { symbolicSteps } from '../../src/direct/symbolic.steps.ts'
import { reference } from '../../src/kernels/reference.ts'
import type { Csr } from '../../src/sparse/csr.ts'

/** The symbolic part of A's sparse factorization, by the reference. */
export const symbolicOf = (A: Csr) => {
  const order = runSync(amdSteps(reference, A.pattern), makeControl('test', {}))
  return runSync(symbolicSteps(reference, A.pattern, order), makeControl('test', {}))
}
/** What the numeric part is called with. */
export const numericArgs = (A: Csr) => {
  const symbolic = symbolicOf(A)
  return [A, symbolic, float64(symbolic.panelEntries), float64(A.rows), float64(A.rows)] as const
}
/** A's factor by the reference. */
export const factorOf = (A: Csr) => {
  const [, symbolic, values, diagonal, scale] = numericArgs(A)
  runSync(ldltSteps(reference, A, symbolic, values, diagonal, scale), makeControl('test', {}))
  return { kind: 'ldlt', ...symbolic, values, diagonal, scale }
}
/** A's LU factor by the reference. */
export const luOf = (A: Csr) => {
  const order = runSync(amdSteps(reference, A.pattern), makeControl('test', {}))
  const settings = { dropTolerance: 0, maxFill: A.rows, pivotTolerance: 0.1 }
  return { kind: 'lu', method: 'lu', ...runSync(luSteps(reference, A, order, settings), makeControl('test', {})) }
}
