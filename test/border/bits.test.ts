import { afterAll, beforeAll, expect, it } from 'vitest'
import { backend } from '../../src/core/backend.ts'
import {
  cg,
  cgSync,
  chebyshev,
  dense,
  ic0,
  ldlt,
  ldltSync,
  minres,
  minresSync,
  poisson2d,
  poisson3d,
  q1Laplacian2d,
  ric0,
  setThreads,
  solveWithSync,
  uniform,
} from '../../src/index.ts'
import { digest } from '../support/digest.ts'

/* The same bits for any number of threads and in both forms, at sizes that several threads share. */

const A = poisson2d(210) // 44 100 unknowns: above the size from which a sweep is shared out
const b = uniform(3, A.rows)
const ROUNDS = process.env.KRYLOV_SANITIZED === undefined ? 20 : 3
const before = backend().threads
beforeAll(() => setThreads(2))
afterAll(() => setThreads(before))

it('cg, any preconditioner, 20 times', async () => {
  for (const preconditioner of [undefined, ic0, chebyshev({ degree: 3 }), chebyshev({ degree: 11 })]) {
    const options = { maxIterations: 25, ...(preconditioner && { preconditioner }) }
    const wanted = digest(cgSync(A, b, { ...options, threads: 1 }).x)
    for (let round = 0; round < ROUNDS; round++) {
      expect(digest(cgSync(A, b, { ...options, threads: 2 }).x)).toBe(wanted)
      expect(digest((await cg(A, b, { ...options, threads: 1 + (round % 2) })).x)).toBe(wanted)
    }
  }
})

it('factors by diagonals, in both precisions', async () => {
  for (const [matrix, options] of [
    [poisson2d(1000, 60), {}],
    [poisson2d(1000, 60), { precision: 'single' }],
    [poisson3d(50, 50, 20), {}],
    [q1Laplacian2d(420, 130), {}],
  ] as const) {
    const M = ric0.sync(matrix, options)
    expect(M.kind).toBe('diagonals')
    const r = uniform(5, matrix.rows)
    const solve = (threads: number) => digest(cgSync(matrix, r, { preconditioner: M, maxIterations: 10, threads }).x)
    const wanted = solve(1)
    for (let round = 0; round < ROUNDS; round++) expect(solve(2)).toBe(wanted)
    setThreads(5)
    for (let round = 0; round < ROUNDS; round++) expect(solve(3 + (round % 3))).toBe(wanted)
    setThreads(2)
  }
})

it('minres and blocks', async () => {
  const B = dense(A.rows, 3, uniform(4, 3 * A.rows))
  const options = { maxIterations: 15 }
  const wanted = [digest(minresSync(A, b, { ...options, threads: 1 }).x), digest(cgSync(A, B, options).x.values)]
  for (let round = 0; round < ROUNDS; round++) {
    expect(digest((await minres(A, b, { ...options, threads: 2 })).x)).toBe(wanted[0])
    expect(digest((await cg(A, B, { ...options, threads: 1 + (round % 2) })).x.values)).toBe(wanted[1])
  }
})

it('a sparse factorization, and the blocks it solves', async () => {
  const P = poisson3d(22) // fronts of several tiles
  const B = dense(P.rows, 5, uniform(6, 5 * P.rows))
  const factor = (threads: number) => ldltSync(P, { library: 'own', threads })
  const wanted = digest(factor(1).values)
  const solved = digest(solveWithSync(factor(1), B, { threads: 1 }).x.values)
  for (let round = 0; round < ROUNDS / 4; round++) {
    const F = factor(2)
    expect(digest(F.values)).toBe(wanted)
    expect(digest((await ldlt(P, { library: 'own' })).values)).toBe(wanted)
    expect(digest(solveWithSync(F, B, { threads: 1 + (round % 2) }).x.values)).toBe(solved)
  }
})

it('a sparse factorization by subtrees', () => {
  const P = poisson2d(180, 170)
  const factor = (threads: number) => ldltSync(P, { library: 'own', threads })
  const wanted = factor(1)
  setThreads(5)
  for (let round = 0; round < ROUNDS; round++) {
    const F = factor(2 + (round % 4))
    expect(digest(F.values)).toBe(digest(wanted.values))
    expect(F.inertia).toEqual(wanted.inertia)
  }
  setThreads(2)
})

it('while the number of threads changes', async () => {
  const wanted = digest(cgSync(A, b, { maxIterations: 25 }).x)
  const solves = Array.from({ length: 12 }, () => cg(A, b, { maxIterations: 25 }))
  for (let n = 1; n <= 12; n++) {
    setThreads(n)
    expect(digest(cgSync(A, b, { maxIterations: 25 }).x)).toBe(wanted)
    await new Promise(setImmediate)
  }
  for (const { x } of await Promise.all(solves)) expect(digest(x)).toBe(wanted)
  setThreads(2)
})
