/** A number of bytes as text, to three digits. */
export const bytes = (n: number): string => {
  const units = ['bytes', 'kB', 'MB', 'GB']
  const power = Math.min(units.length - 1, n > 0 ? Math.floor(Math.log10(n) / 3) : 0)
  return `${Number((n / 1000 ** power).toPrecision(3))} ${units[power]}`
}

/** Bytes of all arrays in a record and the records inside it, each buffer counted once. */
export function bytesOf(record: object): number {
  const seen = new Set<unknown>()
  const count = (value: unknown): number => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return 0
    seen.add(value)
    if (!ArrayBuffer.isView(value)) return Object.values(value).reduce((sum: number, part) => sum + count(part), 0)
    if (seen.has(value.buffer)) return 0
    seen.add(value.buffer)
    return value.byteLength
  }
  return count(record)
}
