import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { backend, type Csr, delaunayLaplacian, poisson2d, reverseCuthillMckee, sorSync } from '../../src/index.ts'
import { problem } from '../problems.ts'
import type { Row } from '../row.ts'

const ROUNDS = 5
const FEW = 3 // sweeps of the short run, which is taken off the long one
const WORK = 1e9 // bytes of the long run

const problems: Readonly<Record<string, () => Csr>> = {
  poisson2d_256: () => poisson2d(256),
  poisson2d_1000: () => poisson2d(1000),
  delaunay_200000: () => {
    const A = delaunayLaplacian(200_000, { seed: 1 })
    return A.permute(reverseCuthillMckee(A))
  },
}

const rival = fileURLToPath(new URL('../../.cache/rivals/petsc_sor', import.meta.url))

/** One sweep of SOR: right-hand side 1, 12 nnz + 28 n bytes; and PETSc's in natural order, on its own matrix file. */
export function sweeps(): readonly Row[] {
  return Object.entries(problems).flatMap(([name, make]) => {
    const A = make()
    const settings = [
      ['natural', 1],
      ['multicolour', 1],
      ['multicolour', 2],
    ] as const
    const own = settings.map(([ordering, threads]) => timed(name, A, ordering, threads))
    const theirs = name.startsWith('poisson') && existsSync(rival) ? [petsc(name, A)] : []
    return [...own, ...theirs]
  })
}

const bytesOf = (A: Csr): number => 12 * A.nonZeros + 28 * A.rows

function timed(name: string, A: Csr, ordering: 'natural' | 'multicolour', threads: number): Row {
  const b = new Float64Array(A.rows).fill(1)
  const many = Math.max(20, Math.min(300, Math.round(WORK / bytesOf(A))))
  const run = (maxIterations: number): number => {
    const begun = performance.now()
    sorSync(A, b, { omega: 1.9, rtol: 1e-300, maxIterations, ordering, threads })
    return performance.now() - begun
  }
  run(FEW)
  const rounds = Array.from({ length: ROUNDS }, () => (run(FEW + many) - run(FEW)) / many).sort((x, y) => x - y)
  return row(name, A, `sor sweep, ${ordering}`, threads, rounds[Math.floor(ROUNDS / 2)]!, { backend: backend().name })
}

function petsc(name: string, A: Csr): Row {
  const { stdout } = spawnSync(rival, [problem(name).file], { encoding: 'utf8' })
  return row(name, A, 'sor sweep, natural', 1, Number(stdout), { rival: 'petsc' })
}

const row = (
  name: string,
  A: Csr,
  method: string,
  threads: number,
  iteration: number,
  who: { backend: 'native' | 'ts' } | { rival: string },
): Row => ({
  subject: 'relaxation',
  problem: name,
  n: A.rows,
  nnz: A.nonZeros,
  method,
  threads,
  iterations: 1,
  setup: 0,
  solve: iteration,
  iteration,
  bytes: bytesOf(A),
  gbps: bytesOf(A) / iteration / 1e6,
  ...who,
})
