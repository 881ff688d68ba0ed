import { textOf } from './sources.ts'

/** A block of TypeScript in a page. */
export interface Block {
  readonly page: string
  /** Of its first line of code, from 1. */
  readonly line: number
  /** As a module whose line numbers are those of the page. */
  readonly module: string
  /** Whether the block goes on where the one before it ended. */
  readonly continued: boolean
}

const FENCE = /^```ts(?<marks>[^\n]*)\n(?<code>[\s\S]*?)^```$/gm

/**
 * The blocks of a page that are fenced as `ts`. Each is a module of its own; one marked `ts continued` has the text of
 * those before it in front.
 */
export function blocksOf(page: string): Block[] {
  const text = textOf(page)
  const blocks: Block[] = []
  for (const match of text.matchAll(FENCE)) {
    const { marks, code } = match.groups!
    const line = text.slice(0, match.index).split('\n').length + 1
    const continued = marks!.trim() === 'continued'
    const before = continued ? (blocks.at(-1)?.module ?? '') : ''
    const gap = '\n'.repeat(Math.max(0, line - before.split('\n').length))
    blocks.push({ page, line, module: `${before}${gap}${code}`, continued })
  }
  return blocks
}

/** Where in `file` an error arose, as the line of its stack that names it. */
export function lineOf(error: unknown, file: string): number | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const frame = stack.split('\n').find(text => text.includes(file))
  const found = frame && /:(\d+):\d+\)?$/.exec(frame)
  return found ? Number(found[1]) : undefined
}
