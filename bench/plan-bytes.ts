import { bytesOf } from '../src/core/bytes.ts'
import { makeControl } from '../src/core/control.ts'
import { runSync } from '../src/core/drive.ts'
import { Csr } from '../src/index.ts'
import { planned, withPlan } from '../src/sparse/storage-plan.ts'
import { expectedProducts, type PlanKind } from '../src/sparse/storage-rule.ts'
import type { Problem } from './problems.ts'
import { readSystem } from './rivals/serve.ts'
import { matrixBytes } from './traffic.ts'

const known = new Map<string, { readonly kind: PlanKind; readonly bytes: number }>()

/** What one product reads of a matrix by the plan that is forced on it, or by the one that the rule chooses. */
export function planOfProblem(
  { name, file, n, nnz }: Problem,
  forced?: PlanKind,
  strong = false,
): { readonly kind: PlanKind; readonly bytes: number } {
  const key = `${name} ${forced ?? strong}`
  const before = known.get(key)
  if (before !== undefined) return before
  const { rowPointers, columnIndices, values } = readSystem(file)
  const A = Csr.fromArrays(n, n, rowPointers, columnIndices, values)
  const products = expectedProducts(n, Number.POSITIVE_INFINITY, strong)
  const { plan = { kind: 'csr' } } = runSync(
    forced === undefined ? planned(A, products) : withPlan(A, forced),
    makeControl('bench', {}),
  )
  // slices leave long rows to the compressed ones
  const rest = plan.kind === 'sell' ? 12 * (nnz - plan.values.length) : 0
  const found = { kind: plan.kind, bytes: plan.kind === 'csr' ? matrixBytes(n, nnz) : bytesOf(plan) + rest }
  known.set(key, found)
  return found
}
