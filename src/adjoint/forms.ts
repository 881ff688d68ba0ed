import { makeControl } from '../core/control.ts'
import { runAsync, runSync } from '../core/drive.ts'
import { cholesky, choleskySync } from '../dense/cholesky.ts'
import { eigh, eighSync } from '../dense/eigh.ts'
import { gemm, gemmSync } from '../dense/gemm.ts'
import { svd, svdSync } from '../dense/svd.ts'
import { solveTriangular, solveTriangularSync } from '../dense/triangular.ts'
import { ldlt, ldltSync } from '../direct/ldlt.ts'
import { solveWith, solveWithSync } from '../direct/solve-with.ts'
import { cg, cgSync } from '../krylov/cg.ts'
import { gmres, gmresSync } from '../krylov/gmres.ts'
import { lsqr, lsqrSync } from '../krylov/lsqr.ts'
import { minres, minresSync } from '../krylov/minres.ts'
import { lstsq, lstsqSync } from '../lstsq/lstsq.ts'
import type { Preconditioner } from '../precondition/kinds.ts'
import { lu } from '../precondition/lu.ts'
import type { Recipe } from '../precondition/recipe.ts'
import { deflatedCg, deflatedCgSync } from '../recycle/deflatedCg.ts'
import { gcrodr, gcrodrSync } from '../recycle/gcrodr.ts'
import type { Csr } from '../sparse/csr.ts'

/*
 * What derivatives of solves are made of are public methods themselves. A flow yields what one of them answers, a value in the
 * blocking form and a promise in the other, and is written once for both.
 */

const blocking = {
  build: (recipe: Recipe, A: Csr): Preconditioner => runSync(recipe.build('solveVjp', A), makeControl('solveVjp', {})),
  cholesky: choleskySync,
  eigh: eighSync,
  svd: svdSync,
  gemm: gemmSync,
  solveTriangular: solveTriangularSync,
  ldlt: ldltSync,
  lu: lu.sync,
  solveWith: solveWithSync,
  cg: cgSync,
  minres: minresSync,
  gmres: gmresSync,
  gcrodr: gcrodrSync,
  deflatedCg: deflatedCgSync,
  lsqr: lsqrSync,
  lstsq: lstsqSync,
}
const promising = {
  build: (recipe: Recipe, A: Csr) => runAsync(recipe.build('solveVjp', A), makeControl('solveVjp', {})),
  cholesky,
  eigh,
  svd,
  gemm,
  solveTriangular,
  ldlt,
  lu,
  solveWith,
  cg,
  minres,
  gmres,
  gcrodr,
  deflatedCg,
  lsqr,
  lstsq,
}

/** The methods in one of their forms: as the flow sees it, they answer at once. */
export type Methods = typeof blocking

/** Yields answers, is handed their values. */
export type Flow<R> = Generator<unknown, R, unknown>

/** The value of an answer. */
export function* got<T>(answer: T): Flow<T> {
  return (yield answer) as T
}

/** Runs a flow with the blocking methods. */
export function runNow<R>(flow: (methods: Methods) => Flow<R>): R {
  const steps = flow(blocking)
  for (let answer: unknown; ; ) {
    const { done, value } = steps.next(answer)
    if (done) return value
    answer = value
  }
}

/** Runs a flow with the methods that promise. */
export async function runLater<R>(flow: (methods: Methods) => Flow<R>): Promise<R> {
  const steps = flow(promising as unknown as Methods)
  for (let answer: unknown; ; ) {
    const { done, value } = steps.next(answer)
    if (done) return value
    answer = await value
  }
}
