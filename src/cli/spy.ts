import type { Pattern } from '../core/types.ts'

/** How many stored entries of a matrix fall into each cell of a coarse grid, row-major. */
export interface Spy {
  /** Cells from top to bottom. */
  readonly height: number
  /** Cells from left to right. */
  readonly width: number
  readonly counts: Float64Array
  /** Cells with an entry. */
  readonly occupied: number
}

/**
 * Bins a pattern into square cells, at most `limit` along the longer side: what is drawn has a bounded size, however
 * many entries there are.
 */
export function spy({ rows, columns, rowPointers, columnIndices }: Pattern, limit: number): Spy {
  const longer = Math.max(rows, columns)
  const scale = Math.min(1, limit / Math.max(1, longer))
  const height = Math.ceil(rows * scale)
  const width = Math.ceil(columns * scale)
  const counts = new Float64Array(height * width)
  for (let i = 0; i < rows; i++) {
    const row = cell(i, scale, height) * width
    for (let k = rowPointers[i]!; k < rowPointers[i + 1]!; k++) counts[row + cell(columnIndices[k]!, scale, width)]!++
  }
  return { height, width, counts, occupied: counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0) }
}

const cell = (i: number, scale: number, cells: number): number => Math.min(cells - 1, Math.floor(i * scale))

const FINEST = 256
const MOST_CELLS = 8000 // 190 bytes each in the drawing

/** The finest grid, from 256 cells down to 64, whose occupied cells can be drawn one by one. */
export function drawableSpy(pattern: Pattern): Spy {
  for (let limit = FINEST; ; limit /= 2) {
    const binned = spy(pattern, limit)
    if (binned.occupied <= MOST_CELLS || limit <= 64) return binned
  }
}

const DOTS_ACROSS = 2
const DOTS_DOWN = 4
/** Bits of the dots of a braille character, row by row (Unicode 2800 to 28ff). */
const BRAILLE = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]

/** The pattern as braille characters, at most 40 columns wide: a dot where any entry falls. */
export function spyText(pattern: Pattern, columns = 40): string {
  const { height, width, counts } = spy(pattern, columns * DOTS_ACROSS)
  const lines: string[] = []
  for (let top = 0; top < height; top += DOTS_DOWN) {
    let line = ''
    for (let left = 0; left < width; left += DOTS_ACROSS) {
      let character = 0x2800
      for (const [dot, bit] of BRAILLE.entries()) {
        const y = top + Math.floor(dot / DOTS_ACROSS)
        const x = left + (dot % DOTS_ACROSS)
        if (y < height && x < width && counts[y * width + x]! > 0) character |= bit
      }
      line += String.fromCharCode(character)
    }
    lines.push(line)
  }
  return lines.join('\n')
}
