/** A table as aligned text; the first column is set left, the others right where they hold numbers. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, j) => Math.max(...all.map(row => (row[j] ?? '').length)))
  const right = head.map((_, j) => rows.every(row => /^[-\d]|^$/.test(row[j] ?? '')))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, j) => (right[j] ? cell.padStart(widths[j]!) : cell.padEnd(widths[j]!)))
      .join('  ')
      .trimEnd()
  return [line(head), widths.map(width => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}

/** Milliseconds, to three digits. */
export function milliseconds(time: number): string {
  if (time >= 10_000) return `${(time / 1000).toFixed(1)} s`
  return `${time.toFixed(time < 10 ? 2 : time < 100 ? 1 : 0)} ms`
}

export const scientific = (x: number): string => (Number.isFinite(x) ? x.toExponential(2) : String(x))

export const grouped = (n: number): string => n.toLocaleString('en-US').replaceAll(',', ' ')
