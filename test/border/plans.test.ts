import { describe, expect, it } from 'vitest'
import { makeControl } from '../../src/core/control.ts'
import { runSync } from '../../src/core/drive.ts'
import { kernels } from '../../src/core/kernels.ts'
import { startNative } from '../../src/core/native.ts'
import { sharedFloat64 } from '../../src/core/shared.ts'
import type { StoragePlan } from '../../src/core/types.ts'
import { KrylovError, poisson2d, uniform } from '../../src/index.ts'
import { withPlan } from '../../src/sparse/storage-plan.ts'
import { generator } from '../support/random.ts'

/* Plans that were forged, or written to: a KrylovError or any numbers, never a crash. */

const ROUNDS = process.env.KRYLOV_SANITIZED === undefined ? 40 : 10

describe('forged plans', () => {
  const A = poisson2d(50, 45)
  const control = makeControl('test', {})
  const x = uniform(2, A.rows)
  const N = new Float64Array(0)
  const stopping = { rtol: 1e-8, atol: 0, maxIterations: 5, warm: false, history: false, slow: 0 }

  it.each(['runs', 'sell'] as const)('%s: whatever numbers, and the process lives', async kind => {
    const random = generator(11)
    const { plan } = runSync(withPlan(A, kind), control)
    for (let round = 0; round < 5 * ROUNDS; round++) {
      const forged = Object.fromEntries(
        Object.entries(plan!).map(([name, part]) => {
          if (!(part instanceof Int32Array) || random() < 0.5) return [name, part]
          const copy = new Int32Array(new SharedArrayBuffer(part.byteLength))
          copy.set(part)
          const values = [-1, 0, 1, 7, 1024, 2 ** 31 - 1, -(2 ** 31), Math.floor(3000 * random())]
          for (let k = 0; k < 1 + random() * 5; k++)
            copy[Math.floor(random() * copy.length)] = values[Math.floor(random() * values.length)]!
          return [name, random() < 0.1 ? copy.subarray(0, Math.floor(random() * copy.length)) : copy]
        }),
      )
      const P = { pattern: A.pattern, values: A.values, plan: forged as unknown as StoragePlan }
      const y = new Float64Array(A.rows)
      const [X, Y] = [uniform(3, 3 * A.rows), new Float64Array(3 * A.rows)]
      try {
        kernels.spmv(P, x, y, 0, A.rows)
        kernels.spmm(P, X, Y, 3, 0, A.rows)
        kernels.residual(P, x, x, y, 3, A.rows - 7)
        await startNative('cg', [P, sharedFloat64(x), sharedFloat64(y), { kind: 'identity' }, N, stopping], control)
      } catch (error) {
        expect(error).toBeInstanceOf(KrylovError)
      }
    }
  })
})
