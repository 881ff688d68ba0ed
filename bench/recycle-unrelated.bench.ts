import { setThreads } from '../src/core/backend.ts'
import { normal } from '../src/core/random.ts'
import { identity } from '../src/precondition/identity.ts'
import { ilu0 } from '../src/precondition/ilu0.ts'
import { ilut } from '../src/precondition/ilut.ts'
import { jacobi } from '../src/precondition/jacobi.ts'
import { gcrodrSync } from '../src/recycle/gcrodr.ts'
import { convectionDiffusion2d } from '../src/sparse/gallery/convection.ts'
import { diffusion2d } from '../src/sparse/gallery/diffusion.ts'
import { poisson2d } from '../src/sparse/gallery/poisson.ts'
import type { Options } from './options.ts'
import { helmholtz } from './recycle/families.ts'
import { relativeResidual } from './rivals/serve.ts'
import type { Row } from './row.ts'

const POINTS = 40 // on a side

/** Products of `gcrodr` without a space, and with that of each of five matrices that have nothing to do with the system's. */
export async function bench(_: Options): Promise<readonly Row[]> {
  setThreads(1)
  const matrices = Object.entries({
    poisson: poisson2d(POINTS),
    'diffusion, smooth': diffusion2d(POINTS, { length: 0.3, seed: 1 }),
    'diffusion, rough': diffusion2d(POINTS, { length: 0.1, variance: 2, seed: 2 }),
    convection: convectionDiffusion2d(POINTS, { diffusion: 0.01, angle: 0.3 }),
    'convection, strong': convectionDiffusion2d(POINTS, { diffusion: 0.001, angle: 2 }),
    helmholtz: helmholtz(POINTS, 1)[0]!.A,
  })
  const n = POINTS * POINTS
  const [b, other] = [normal(3, n), normal(9, n)]
  const rows: Row[] = []
  for (const preconditioner of [identity, jacobi, ilu0, ilut]) {
    const options = { preconditioner, maxIterations: 4000 }
    const spaces = matrices.map(([, A]) => gcrodrSync(A, other, { ...options, solutions: 0 }).space)
    for (const [to, [problem, A]] of matrices.entries())
      for (const from of [undefined, ...matrices.keys()]) {
        if (from === to) continue
        const begun = performance.now()
        const space = from === undefined ? undefined : spaces[from]!
        const { x, products } = gcrodrSync(A, b, { ...options, ...(space && { space }) })
        rows.push({
          subject: 'recycle-unrelated',
          problem,
          method: `${from === undefined ? 'cold' : matrices[from]![0]} + ${preconditioner.recipe}`,
          n,
          nnz: A.nonZeros,
          backend: 'native',
          threads: 1,
          iterations: products,
          setup: 0,
          solve: performance.now() - begun,
          relativeResidual: relativeResidual({ n, ...A.pattern, values: A.values, b }, x),
        })
      }
  }
  return rows
}
