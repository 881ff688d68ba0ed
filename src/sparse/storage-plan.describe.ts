import { bytesOf } from '../core/bytes.ts'
import type { Steps } from '../core/steps.ts'
import { SLICES, type StoragePlan } from '../core/types.ts'
import type { Csr } from './csr.ts'
import { planned, shapeOf } from './storage-plan.ts'
import { buildCost, expectedProducts, productCost, SMALLEST } from './storage-rule.ts'

/** The plan that a matrix has, or that a solve without a strong preconditioner makes; why; and its bytes. */
export function* describePlan(A: Csr): Steps<readonly string[]> {
  if (A.nonZeros < SMALLEST) return [`plan: csr, since fewer than ${SMALLEST} non-zeros lie in the cache`]
  const shape = yield* shapeOf(A.pattern)
  const products = expectedProducts(A.rows, Number.POSITIVE_INFINITY, false)
  const { plan = { kind: 'csr' } as const } = yield* planned(A, products)
  const { kind } = plan
  const cost = (of: StoragePlan['kind']) => productCost(of, A.rows, A.nonZeros, shape)
  const saved = cost('csr') - cost(kind)
  const why =
    kind === 'csr'
      ? 'no other order of its entries pays'
      : `a product costs ${(cost(kind) / cost('csr')).toFixed(2)} of one by rows, ` +
        `which pays for the plan after ${Math.ceil(buildCost(kind, A.nonZeros) / saved)} of ${products} expected products`
  return [`plan: ${kind}, ${detail(plan, A, shape.changes)}: ${why}`, `plan bytes: ${bytesOf(plan)}`]
}

function detail(plan: StoragePlan, A: Csr, changes: number): string {
  if (plan.kind === 'csr') return `${changes} of ${A.rows} rows not as long as the row before`
  if (plan.kind === 'sell') {
    const bits = plan.columns instanceof Int16Array ? 16 : 32
    return `rows of one length side by side, ${plan.values.length} entries in rows below ${SLICES.lengths}, columns in ${bits} bits`
  }
  const { stencils, at } = plan
  const constant = at.reduce((count, where) => count + (where < 0 ? 1 : 0), 0)
  return `${stencils.length} runs of ${plan.pointers.length - 1} stencils, ${constant} of them constant`
}
