import type { BatchOptions } from '../src/batch/options.ts'
import { solveBatch } from '../src/batch/solve-batch.ts'
import { cg } from '../src/krylov/cg.ts'
import type { Solution } from '../src/krylov/solution.ts'
import { jacobi } from '../src/precondition/jacobi.ts'
import { ric0 } from '../src/precondition/ric0.ts'
import { gcrodr } from '../src/recycle/gcrodr.ts'
import { median } from './median.ts'
import type { Options } from './options.ts'
import { darcySamples } from './recycle/families.ts'
import { relativeResidual } from './rivals/serve.ts'
import type { Row } from './row.ts'

const SYSTEMS = 200

/** The space stays with the system that left it. */
const cold: BatchOptions<Solution>['method'] = async (A, b, options) => ({
  ...(await gcrodr(A, b, options)),
  space: undefined,
})
const variants: readonly (readonly [string, Omit<BatchOptions<Solution>, 'onError'>])[] = [
  ['gcrodr, cold', { method: cold, sort: false }],
  ['gcrodr, unsorted', { sort: false }],
  ['gcrodr, sorted', {}],
  ['gcrodr, sorted, recycle auto', { recycle: 'auto' }],
  ['cg + ric0', { method: cg, preconditioner: ric0, sort: false }],
]

/**
 * 200 systems of Darcy flow to 1e-8, one chain and two, a thread each. A row's iterations are all products with A, its time is
 * the whole batch's with sorting; its ratio is against cold solves in one chain.
 */
export async function bench({ quick }: Options): Promise<readonly Row[]> {
  const s = quick ? 32 : 64
  const systems = darcySamples(s, quick ? 50 : SYSTEMS)
  const runs = variants.flatMap(([method, options]) =>
    [1, 2].map(chains => ({
      method,
      chains,
      options: { preconditioner: jacobi, ...options, chains, threads: 1 },
      samples: [] as Awaited<ReturnType<typeof play>>[],
    })),
  )
  for (let round = 0; round < (quick ? 1 : 3); round++)
    for (const { options, samples } of runs) samples.push(await play(systems, options))
  const whole = (at: number) => median(runs[at]!.samples.map(({ time }) => time))
  return runs.map(({ method, chains, samples }, at) => ({
    subject: 'batch',
    problem: `darcy_${s}_x_${systems.length}`,
    n: s * s,
    nnz: systems[0]!.A.nonZeros,
    method,
    backend: 'native',
    threads: chains,
    iterations: samples[0]!.products,
    setup: 0,
    solve: whole(at),
    relativeResidual: samples[0]!.residual,
    ratio: whole(at) / whole(0),
    against: 1,
  }))
}

async function play(systems: ReturnType<typeof darcySamples>, options: Omit<BatchOptions<Solution>, 'onError'>) {
  const begun = performance.now()
  let [products, residual, checking] = [0, 0, 0]
  for await (const { index, solution } of solveBatch(systems, options)) {
    const { A, b } = systems[index]!
    const begun = performance.now()
    residual = Math.max(residual, relativeResidual({ n: b.length, ...A.pattern, values: A.values, b }, solution.x))
    checking += performance.now() - begun
    products += solution.applications.operator
  }
  return { products, residual, time: performance.now() - begun - checking }
}
