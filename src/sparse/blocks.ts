import type { Pattern } from '../core/types.ts'

/** Rows of a sparse matrix that together hold about `grain` non-zeros, at least one. */
export function rowsPerBlock({ rows, columnIndices }: Pattern, grain: number): number {
  const work = columnIndices.length + rows
  return work <= grain ? Math.max(1, rows) : Math.max(1, Math.floor((grain * rows) / work))
}

/** First row of diagonal block b of `blocks` equal ones. */
export const blockStart = (rows: number, blocks: number, b: number): number => Math.floor((rows * b) / blocks)
