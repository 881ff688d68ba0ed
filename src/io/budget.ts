import { KrylovError, show } from '../core/errors.ts'

const GIBI = 2 ** 30

/** Unless told otherwise a reader allocates at most this: 4 GiB. */
export const DEFAULT_MAX_BYTES = 4 * GIBI

// A header of 60 bytes may ask for 2^31 rows. Entries need at most 10 bytes of memory per byte of text, so 64 leaves
// room for any matrix with a few hundred rows per entry, and small files may always have 2^26 rows.
const PER_BYTE_READ = 64
const FREE = GIBI / 4

/** What a reader may allocate, and what it has allocated. */
export class Budget {
  private held = 0
  private bytesRead = 0
  private readonly who: string
  private readonly maxBytes: number | undefined

  constructor(who: string, maxBytes: number | undefined) {
    this.who = who
    this.maxBytes = maxBytes
  }

  /** For input whose own length bounds what it may ask for: no limit but `maxBytes`. */
  static forFile(who: string, maxBytes = DEFAULT_MAX_BYTES): Budget {
    return new Budget(who, maxBytes)
  }

  /** Notes input that has arrived: it raises the default limit. */
  arrived(bytes: number): void {
    this.bytesRead += bytes
  }

  /** Asks for memory before it is allocated. */
  take(bytes: number, what: string): void {
    const limit = this.maxBytes ?? Math.min(DEFAULT_MAX_BYTES, FREE + PER_BYTE_READ * this.bytesRead)
    if (!(this.held + bytes <= limit)) {
      const rule = this.maxBytes === undefined ? 'for a file of this size, see option maxBytes' : 'option maxBytes'
      throw new KrylovError(
        'ERR_MEMORY',
        `${this.who}: ${what} needs ${bytes} bytes, expected at most ${limit - this.held} (${rule})`,
      )
    }
    this.held += bytes
  }

  /** Returns memory that is no longer used. */
  give(bytes: number): void {
    this.held -= bytes
  }

  /** Runs an allocation; where the machine lacks the memory the error is ours. */
  allocate<T>(bytes: number, what: string, make: () => T): T {
    this.take(bytes, what)
    try {
      return make()
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause
      throw new KrylovError('ERR_MEMORY', `${this.who}: ${what}: cannot allocate ${show(bytes)} bytes`, { cause })
    }
  }
}
