import { refuse } from '../core/errors.ts'
import type { Steps } from '../core/steps.ts'
import type { LuFactor } from '../direct/kinds.ts'
import { Csr } from '../sparse/csr.ts'
import { luRecord } from './lu.ts'
import { part } from './part.ts'
import { recipe } from './recipe.ts'

/** Options of {@link blockJacobi}. */
export interface BlockJacobiOptions {
  /** Rows of a block: rows that belong together, such as the unknowns of one node. Default 4; the last block may be smaller. */
  readonly blockSize?: number
}

/** The diagonal blocks of A, factored with pivoting: rows of different blocks do not meet. */
export const blockJacobi = recipe<BlockJacobiOptions, Required<BlockJacobiOptions>>(
  'blockJacobi',
  ['blockSize'],
  (method, { blockSize = 4 }) => {
    if (!Number.isInteger(blockSize) || blockSize < 1)
      throw refuse('ERR_OPTION', method, 'option blockSize', 'a positive integer', blockSize)
    return { blockSize }
  },
  function* (method, A, { blockSize }): Steps<LuFactor> {
    const blocks = Csr.from(yield* part(A, inBlocks(blockSize)), method)
    const settings = { dropTolerance: 0, maxFill: Number.POSITIVE_INFINITY, pivotTolerance: 0.1 }
    return yield* luRecord('blockJacobi', method, blocks, 'natural', settings)
  },
)

const inBlocks =
  (size: number) =>
  (i: number, j: number): boolean =>
    Math.floor(i / size) === Math.floor(j / size)
