import { backend, hasNative } from '../core/backend.ts'
import { KrylovError } from '../core/errors.ts'
import type { Steps } from '../core/steps.ts'
import type { Csr } from '../sparse/csr.ts'
import type { SparsityPattern } from '../sparse/pattern.ts'
import type { ExternalFactor } from './kinds.ts'
import type { Refinement } from './refine.steps.ts'

/*
 * Factors that CHOLMOD makes, through the shim in native/suitesparse. There is no reference of what a library does: the
 * native methods are asked for by name.
 */

interface Report {
  readonly handle: object
  readonly failed: number
  readonly negative: number
  readonly entries: number
  readonly flops: number
  readonly memory: number
  readonly logDeterminant: number
}

const analyses = new WeakMap<SparsityPattern, object>()

let found: boolean | undefined

/** Whether SuiteSparse can be called here; looked for once. */
export function hasSuiteSparse(): boolean {
  found ??= hasNative('externalFactor') && backend().suitesparse !== null
  return found
}

/** CHOLMOD's factor of A; undefined where A is not positive definite. */
export function* factorExternally(method: string, A: Csr): Steps<ExternalFactor | undefined> {
  if (!hasSuiteSparse())
    throw new KrylovError(
      'ERR_BACKEND',
      `${method}: option library is 'suitesparse', which is not to be had: it needs native code that was built where ` +
        'its headers are installed (Debian: libsuitesparse-dev)',
    )
  const begun = performance.now()
  let analysis = analyses.get(A.pattern)
  if (analysis === undefined) {
    const made = yield { kind: 'native', name: 'externalAnalyze', args: [A.pattern] }
    analysis = (made as { handle: object }).handle
    analyses.set(A.pattern, analysis)
  }
  const ready = performance.now()
  const report = (yield { kind: 'native', name: 'externalFactor', args: [A, analysis] }) as Report
  const { handle, failed, negative, entries, flops, memory, logDeterminant } = report
  if (failed >= 0 || negative > 0) return undefined
  return {
    kind: 'external-factor',
    library: 'suitesparse',
    handle,
    matrix: A,
    ok: true,
    positiveDefinite: true,
    inertia: { positive: A.rows, negative: 0, zero: 0 },
    logDeterminant,
    pivotGrowth: 1,
    entries,
    flops,
    memory,
    time: { setup: ready - begun, factor: performance.now() - ready },
  }
}

/** X = A^-1 B by CHOLMOD's factor, refined as with our own. */
export function* solveExternally({ matrix, handle }: ExternalFactor, ...rest: Refinement): Steps<number> {
  return (yield { kind: 'native', name: 'externalSolve', args: [matrix, handle, ...rest] }) as number
}
