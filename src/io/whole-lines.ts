const NEWLINE = 10
const PERCENT = 37

/** The longest line that is not a comment. */
export const MAX_LINE = 1 << 20

const KEPT = 1 << 10 // bytes of a comment too long to hold: enough to know it for one

/**
 * Cuts chunks into runs of whole lines, each run ending with a newline. What is left of a chunk waits for the next;
 * nothing else is copied. Comments of any length are not stored.
 */
export class WholeLines {
  /** Bytes of overlong comments that nobody will see. */
  dropped = 0
  private rest: Uint8Array[] = []
  private length = 0
  private readonly take: (bytes: Uint8Array, from: number, to: number) => void
  private readonly tooLong: () => Error

  constructor(take: (bytes: Uint8Array, from: number, to: number) => void, tooLong: () => Error) {
    this.take = take
    this.tooLong = tooLong
  }

  push(chunk: Uint8Array): void {
    let from = 0
    if (this.length > 0) {
      from = chunk.indexOf(NEWLINE) + 1
      this.keep(from === 0 ? chunk : chunk.subarray(0, from))
      if (from === 0) return
      this.flush()
    }
    const to = chunk.lastIndexOf(NEWLINE) + 1
    if (to > from) this.take(chunk, from, to)
    if (Math.max(from, to) < chunk.length) this.keep(chunk.subarray(Math.max(from, to)))
  }

  /** Ends the last line, which may lack its newline. */
  finish(): void {
    if (this.length === 0) return
    this.keep(Uint8Array.of(NEWLINE))
    this.flush()
  }

  private keep(piece: Uint8Array): void {
    if (this.length > KEPT && this.isComment()) {
      const ends = piece.at(-1) === NEWLINE
      this.dropped += piece.length
      if (!ends) return
      piece = piece.subarray(piece.length - 1)
    }
    this.rest.push(piece)
    this.length += piece.length
    if (this.length > MAX_LINE && !this.isComment()) throw this.tooLong()
  }

  private flush(): void {
    const lines = this.rest.length === 1 ? this.rest[0]! : concatenate(this.rest, this.length)
    this.rest = []
    this.length = 0
    this.take(lines, 0, lines.length)
  }

  private isComment(): boolean {
    for (const piece of this.rest) for (const byte of piece) if (byte > 32) return byte === PERCENT
    return false
  }
}

function concatenate(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
