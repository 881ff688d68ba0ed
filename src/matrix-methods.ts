import type { Dense } from './core/types.ts'
import { bunchKaufman, bunchKaufmanSync } from './dense/bunch-kaufman.ts'
import { cholesky, choleskySync } from './dense/cholesky.ts'
import { eigh, eighSync } from './dense/eigh.ts'
import { gemm, gemmSync } from './dense/gemm.ts'
import { denseLu } from './dense/lu.ts'
import { qr, qrSync } from './dense/qr.ts'
import { svd, svdSync } from './dense/svd.ts'
import { cur, curSync } from './lowrank/cur.ts'
import { estimateTrace, estimateTraceSync } from './lowrank/estimate-trace.ts'
import { generalizedNystrom, generalizedNystromSync } from './lowrank/generalized-nystrom.ts'
import { interpolative, interpolativeSync } from './lowrank/interpolative.ts'
import { nystrom, nystromSync } from './lowrank/nystrom.ts'
import { qrcp, qrcpSync } from './lowrank/qrcp.ts'
import { randomizedEigh, randomizedEighSync } from './lowrank/randomized-eigh.ts'
import { randomizedSvd, randomizedSvdSync } from './lowrank/randomized-svd.ts'
import { rpCholesky, rpCholeskySync } from './lowrank/rp-cholesky.ts'
import { leverageScores, leverageScoresSync } from './lstsq/leverage.ts'
import { lewisWeights, lewisWeightsSync } from './lstsq/lewis.ts'
import { lstsq, lstsqSync } from './lstsq/lstsq.ts'

/** A method on one matrix, m x n with m >= n in `flops`, k the rank that is asked for. */
export interface MatrixRow {
  readonly name: string
  readonly subject: 'dense' | 'lowrank' | 'lstsq'
  readonly accepts: 'any' | 'square' | 'symmetric' | 'definite'
  readonly gives: string
  /** The leading terms; A: a product with the matrix and one vector. */
  readonly flops: string
  /** With the least that has to be said besides. */
  readonly async: (A: Dense) => Promise<unknown>
  readonly sync: (A: Dense) => unknown
}

const ones = (n: number): Float64Array => new Float64Array(n).fill(1)
const few = { rank: 4, seed: 1 } as const

/** Decompositions and approximations of one matrix, dense or, of `lowrank` and `lstsq`, sparse as well. */
export const matrixMethods: readonly MatrixRow[] = [
  {
    name: 'gemm',
    subject: 'dense',
    accepts: 'any',
    gives: 'alpha op(A) op(B) + beta C',
    flops: '2 m n k',
    async: A => gemm(A, A, { transposeA: true }),
    sync: A => gemmSync(A, A, { transposeA: true }),
  },
  {
    name: 'cholesky',
    subject: 'dense',
    accepts: 'definite',
    gives: 'A = L L^T',
    flops: 'n^3 / 3',
    async: A => cholesky(A),
    sync: A => choleskySync(A),
  },
  {
    name: 'bunchKaufman',
    subject: 'dense',
    accepts: 'symmetric',
    gives: 'P A P^T = L D L^T',
    flops: 'n^3 / 3',
    async: A => bunchKaufman(A),
    sync: A => bunchKaufmanSync(A),
  },
  {
    name: 'lu',
    subject: 'dense',
    accepts: 'square',
    gives: 'P A = L U',
    flops: '2 n^3 / 3',
    async: A => denseLu.async(A),
    sync: A => denseLu.sync(A),
  },
  {
    name: 'qr',
    subject: 'dense',
    accepts: 'any',
    gives: 'A = q r, with `pivot` A[:, p] = q r',
    flops: '4 m n^2',
    async: A => qr(A),
    sync: A => qrSync(A),
  },
  {
    name: 'svd',
    subject: 'dense',
    accepts: 'any',
    gives: 'A = u diag(s) v^T',
    flops: '6 m n^2 + 20 n^3',
    async: A => svd(A),
    sync: A => svdSync(A),
  },
  {
    name: 'eigh',
    subject: 'dense',
    accepts: 'symmetric',
    gives: 'A = V diag(w) V^T',
    flops: '9 n^3',
    async: A => eigh(A),
    sync: A => eighSync(A),
  },
  {
    name: 'lstsq',
    subject: 'lstsq',
    accepts: 'any',
    gives: 'min norm(b - A x)',
    flops: 'm n^2',
    async: A => lstsq(A, ones(A.rows)),
    sync: A => lstsqSync(A, ones(A.rows)),
  },
  {
    name: 'leverageScores',
    subject: 'lstsq',
    accepts: 'any',
    gives: 'diag(A A^+)',
    flops: '2 m n^2',
    async: A => leverageScores(A),
    sync: A => leverageScoresSync(A),
  },
  {
    name: 'lewisWeights',
    subject: 'lstsq',
    accepts: 'any',
    gives: 'the importance of rows in the p-norm',
    flops: '2 m n^2 a step',
    async: A => lewisWeights(A, 1),
    sync: A => lewisWeightsSync(A, 1),
  },
  {
    name: 'randomizedSvd',
    subject: 'lowrank',
    accepts: 'any',
    gives: 'leading singular triplets',
    flops: '5 k A',
    async: A => randomizedSvd(A, few),
    sync: A => randomizedSvdSync(A, few),
  },
  {
    name: 'randomizedEigh',
    subject: 'lowrank',
    accepts: 'symmetric',
    gives: 'eigenvalues of largest magnitude, and vectors',
    flops: '3 k A',
    async: A => randomizedEigh(A, few),
    sync: A => randomizedEighSync(A, few),
  },
  {
    name: 'nystrom',
    subject: 'lowrank',
    accepts: 'definite',
    gives: 'A near V diag(w) V^T',
    flops: '1.5 k A',
    async: A => nystrom(A, few),
    sync: A => nystromSync(A, few),
  },
  {
    name: 'rpCholesky',
    subject: 'lowrank',
    accepts: 'definite',
    gives: 'A near V diag(w) V^T, from k columns',
    flops: '4 n k^2',
    async: A => rpCholesky(A, few),
    sync: A => rpCholeskySync(A, few),
  },
  {
    name: 'generalizedNystrom',
    subject: 'lowrank',
    accepts: 'any',
    gives: 'A near u diag(s) v^T, from one pass over rows',
    flops: '4 k A',
    async: A => generalizedNystrom(A, few),
    sync: A => generalizedNystromSync(A, few),
  },
  {
    name: 'cur',
    subject: 'lowrank',
    accepts: 'any',
    gives: 'A near C U R, columns and rows of A',
    flops: '6 k A',
    async: A => cur(A, few),
    sync: A => curSync(A, few),
  },
  {
    name: 'interpolative',
    subject: 'lowrank',
    accepts: 'any',
    gives: 'A near C Z, columns of A',
    flops: 'k A',
    async: A => interpolative(A, few),
    sync: A => interpolativeSync(A, few),
  },
  {
    name: 'qrcp',
    subject: 'lowrank',
    accepts: 'any',
    gives: 'A[:, p] = q r',
    flops: '4 m n^2',
    async: A => qrcp(A),
    sync: A => qrcpSync(A),
  },
  {
    name: 'estimateTrace',
    subject: 'lowrank',
    accepts: 'square',
    gives: 'the trace, and its standard error',
    flops: 'as many A as are given',
    async: A => estimateTrace(A, { products: 9 }),
    sync: A => estimateTraceSync(A, { products: 9 }),
  },
]
