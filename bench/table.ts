import { isMeasured, type Row, who } from './row.ts'

type Cells = readonly string[]

const header: Cells = [
  'problem',
  'method',
  'by',
  'threads',
  'it',
  'setup',
  'solve',
  'ms/it',
  'GB/s',
  'stream',
  'ratio',
  'residual',
]

/** Three significant digits: no timing here deserves more. */
export const short = (value: number | undefined): string => {
  if (value === undefined) return ''
  return Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}

const percent = (value: number | undefined): string => (value === undefined ? '' : `${(100 * value).toFixed(0)}%`)

export function cells(row: Row): Cells {
  const name = [row.problem, row.method, who(row), String(row.threads)]
  if (!isMeasured(row)) return [...name, `absent: ${row.absent}`]
  const { iterations, setup, solve, iteration, bytes, gbps, ofStream, ratio, relativeResidual } = row
  const residual = relativeResidual === undefined ? '' : relativeResidual.toExponential(1)
  const times = [setup, solve, iteration].map(short)
  const moved = gbps === undefined && bytes !== undefined ? `${short(bytes / 1e6)} MB` : short(gbps)
  return [...name, String(iterations), ...times, moved, percent(ofStream), short(ratio), residual]
}

/** The rows as a text table for a terminal. */
export function table(rows: readonly Row[]): string {
  const lines = [header, ...rows.map(cells)]
  const widths = header.map((_, j) => Math.max(...lines.filter(line => line.length > 5).map(line => line[j]!.length)))
  const pad = (cell: string, j: number) => (j < 3 ? cell.padEnd(widths[j]!) : cell.padStart(widths[j]!))
  return lines
    .map(line => line.map((cell, j) => (line.length > 5 ? pad(cell, j) : cell.padEnd(widths[j]!))).join('  '))
    .join('\n')
}
