/** Wakes those who wait for something to change: each looks again whether it has. */
export class Bell {
  #waiting: (() => void)[] = []

  ring(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }

  /** Waits until `holds()`. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>(wake => this.#waiting.push(wake))
  }
}

/** Results that nobody has taken yet, handed out by index or as they come. */
export class Outbox<T extends { readonly index: number }> {
  readonly #ordered: boolean
  readonly #results = new Map<number, T>()
  /** Results that were taken. */
  taken = 0

  constructor(ordered: boolean) {
    this.#ordered = ordered
  }

  put(result: T): void {
    this.#results.set(result.index, result)
  }

  /** Whether there is something to take. */
  get ready(): boolean {
    return this.#ordered ? this.#results.has(this.taken) : this.#results.size > 0
  }

  take(): T | undefined {
    const key = this.#ordered ? this.taken : this.#results.keys().next().value
    const result = key === undefined ? undefined : this.#results.get(key)
    if (result === undefined) return undefined
    this.#results.delete(result.index)
    this.taken++
    return result
  }
}
