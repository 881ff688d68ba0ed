import type { Pattern } from '../core/types.ts'

/** Rows of a sparse matrix that together hold about `grain` non-zeros, at least one. */
export function rowsPerBlock({ rows, columnIndices }: Pattern, grain: number): number {
  const work = columnIndices.length + rows
  return work <= grain ? Math.max(1, rows) : Math.max(1, Math.floor((grain * rows) / work))
}
