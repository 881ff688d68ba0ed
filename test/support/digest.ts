/** FNV-1a over the 32-bit words of an array, lower word first: eight hex digits that change with any bit. */
export function digest(array: Float64Array | Int32Array): string {
  const words = new Uint32Array(array.buffer, array.byteOffset, array.byteLength / 4)
  let hash = 2166136261 | 0
  for (const word of words) hash = Math.imul(hash ^ word, 16777619)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
