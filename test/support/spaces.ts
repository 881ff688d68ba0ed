import type { RecycledSpace } from '../../src/recycle/space.ts'

/** A space of these vectors, without images. */
export const spaceOf = (vectors: Float64Array, rows: number): RecycledSpace => ({
  kind: 'recycled-space',
  rows,
  columns: vectors.length / rows,
  vectors,
  images: new Float64Array(0),
  solutions: new Float64Array(0),
})
