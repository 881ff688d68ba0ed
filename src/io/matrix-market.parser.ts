import { KrylovError, show } from '../core/errors.ts'
import type { Steps } from '../core/steps.ts'
import type { Dense } from '../core/types.ts'
import type { Csr } from '../sparse/csr.ts'
import type { Budget } from './budget.ts'
import { assembleCsr, assembleDense, assembleVector } from './matrix-market.assemble.ts'
import { Entries } from './matrix-market.entries.ts'
import { type Banner, parseBanner, parseSize } from './matrix-market.header.ts'
import { type Scan, scanArray, scanCoordinates } from './matrix-market.scan.ts'
import { isBlank, latin1 } from './number-token.ts'
import { MAX_LINE, WholeLines } from './whole-lines.ts'

const MAX_IDLE = 1 << 26 // bytes of comments and blank lines beyond those of data: 64 MB, so that gzip bombs end

/** Parses a Matrix Market text that arrives in chunks. */
export class MatrixMarketParser {
  private readonly name: string
  private readonly size: number | undefined
  private readonly budget: Budget
  private readonly allowOverflow: boolean
  private readonly lines: WholeLines
  private banner: Banner | undefined
  private scan: Scan | undefined
  private line = 1
  private bytesRead = 0
  private idleHead = 0

  /** `name` begins every error text; `size` is the length of the text where it is known beforehand. */
  constructor(name: string, size: number | undefined, budget: Budget, allowOverflow: boolean) {
    this.name = name
    this.size = size
    this.budget = budget
    this.allowOverflow = allowOverflow
    this.lines = new WholeLines(
      (bytes, from, to) => this.take(bytes, from, to),
      () => this.fail(`a line of at most ${MAX_LINE} bytes`, 'a longer one'),
    )
  }

  /** Parses the lines that this chunk completes. */
  push(chunk: Uint8Array): void {
    this.bytesRead += chunk.length
    this.budget.arrived(chunk.length)
    this.lines.push(chunk)
    const idle = this.idleHead + (this.scan?.idle ?? 0) + this.lines.dropped
    if (idle > MAX_IDLE + (this.bytesRead - idle)) throw this.fail('data', `${idle} bytes of comments and blank lines`)
  }

  /** Builds the matrix once the text has ended. */
  *finish(): Steps<Csr | Dense> {
    this.lines.finish()
    const { scan } = this
    if (this.banner === undefined) throw this.fail("a banner '%%MatrixMarket'", 'the end of the text')
    if (scan === undefined) throw this.fail('a size line', 'the end of the text')
    const { header, entries } = scan
    if (entries.count < header.entries)
      throw this.fail(`${header.entries} entries`, `the end of the text after ${entries.count}`)
    if (header.format === 'array') return yield* assembleDense(header, entries, this.budget)
    if (header.object === 'vector') return assembleVector(header, entries, this.budget)
    return yield* assembleCsr(header, entries, this.budget)
  }

  private take(bytes: Uint8Array, from: number, to: number): void {
    let at = from
    while (this.scan === undefined && at < to) {
      const next = bytes.indexOf(10, at) + 1
      this.takeHead(latin1(bytes, at, next - 1))
      at = next
    }
    const { scan } = this
    if (scan === undefined) return
    const { header, entries } = scan
    const coordinate = header.format === 'coordinate'
    const known = this.size !== undefined
    if (!known) entries.reserve(Math.min(header.entries, entries.count + Math.ceil((to - at) / fewest(header))), false)
    ;(coordinate ? scanCoordinates : scanArray)(scan, bytes, at, to)
    this.line = scan.line
  }

  private takeHead(text: string): void {
    const trimmed = text.trim()
    const fail = (expected: string, got: string) => this.fail(expected, got)
    if (trimmed !== '') {
      if (this.banner === undefined) this.banner = parseBanner(text, fail)
      else if (!trimmed.startsWith('%')) this.beginEntries(text, this.banner)
    }
    if (this.scan === undefined) this.idleHead += text.length
    this.line++
    if (this.scan) this.scan.line = this.line
  }

  private beginEntries(text: string, banner: Banner): void {
    const header = parseSize(text, banner, (expected, got) => this.fail(expected, got))
    const { entries: count } = header
    if (this.size !== undefined && count * fewest(header) > this.size + 1)
      throw this.fail(`at most ${Math.floor((this.size + 1) / fewest(header))} entries in this file`, `${count}`)
    const entries = new Entries(header, this.budget)
    if (this.size !== undefined) entries.reserve(count, true)
    this.scan = {
      header,
      entries,
      cursor: { bytes: new Uint8Array(0), at: 0, overflowed: false },
      line: this.line,
      idle: 0,
      triangle: 0,
      allowOverflow: this.allowOverflow,
      fail: (expected, bytes, at) => {
        this.line = this.scan!.line
        return this.fail(expected, tokenAt(bytes, at))
      },
    }
  }

  private fail(expected: string, got: string): KrylovError {
    return new KrylovError('ERR_FORMAT', `${this.name}:${this.line}: expected ${expected}, got ${got}`)
  }
}

/** Bytes of the shortest line of data: `1 1` or `1`, and a newline. */
const fewest = ({ format }: Banner): number => (format === 'coordinate' ? 4 : 2)

function tokenAt(bytes: Uint8Array, at: number): string {
  let end = at
  while (end - at < 100 && bytes[end] !== 10 && !isBlank(bytes[end]!)) end++
  return end === at ? 'the end of the line' : show(latin1(bytes, at, end))
}
