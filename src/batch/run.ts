import { whenAborted } from '../core/abort.ts'
import { abortable, pause } from '../core/drive.ts'
import { refuse } from '../core/errors.ts'
import type { Solution } from '../krylov/solution.ts'
import type { RecycledSpace } from '../recycle/space.ts'
import type { Plan } from './options.ts'
import { orderBySimilarity } from './order.ts'
import { Bell, Outbox } from './outbox.ts'
import { type BatchSystems, checkSystem, errorOf, type Item, systemsOf } from './systems.ts'

/** How the solve of one system ended: with a solution, or with an error. */
export interface Ended {
  readonly index: number
  readonly solution?: Solution
  readonly error?: unknown
}

/** The last system of a chain leaves this to the next. */
interface Lane {
  space: RecycledSpace | undefined
  /** Its last piece of work. */
  last: Promise<void>
}

const SLICE = 8 // milliseconds, as in the drivers: methods that answer at once must not hold up the event loop
const NAME = 'solveBatch'

/**
 * A batch under way. Systems are read in windows; each is sorted and cut into as many pieces as there are lanes, and piece j
 * is solved after piece j of the window before, with the space that one left. So what a system is solved with follows from the
 * systems alone, not from how many lanes are solved at a time or how fast. The very first system is solved alone, and
 * all lanes begin with its space.
 */
export class BatchRun<S extends Solution> {
  readonly #plan: Plan<S>
  readonly #stop = new AbortController()
  readonly #bell = new Bell()
  readonly #outbox: Outbox<Ended>
  readonly #lanes: readonly Lane[]
  readonly #begun = performance.now()
  readonly #forget: () => void
  readonly #work: Promise<void>
  #read = 0
  #exhausted = false
  #seeded = false
  #running = 0
  #solved = 0
  #failed = 0
  #sliceEnd = this.#begun + SLICE
  /** Nothing comes any more but what the outbox holds. */
  #over = false
  /** What the user's own code threw outside of a system. */
  #thrown: { readonly error: unknown } | undefined

  constructor(plan: Plan<S>, systems: BatchSystems) {
    const { signal } = plan.control
    this.#plan = plan
    this.#outbox = new Outbox(plan.ordered)
    this.#lanes = Array.from({ length: plan.lanes }, () => ({ space: undefined, last: Promise.resolve() }))
    this.#stop.signal.addEventListener('abort', () => this.#bell.ring())
    this.#forget = signal === undefined ? () => {} : whenAborted(signal, () => this.#stop.abort(signal.reason))
    this.#work = this.#produce(systems)
  }

  /** The next result; undefined at the end. */
  async next(): Promise<Ended | undefined> {
    const { signal } = this.#stop
    await this.#bell.until(() => this.#outbox.ready || this.#over || signal.aborted)
    signal.throwIfAborted()
    const result = this.#outbox.take()
    this.#bell.ring()
    if (result === undefined && this.#thrown !== undefined) throw this.#thrown.error
    return result
  }

  /** Stops what is still under way, and waits until it has stopped. */
  async end(): Promise<void> {
    this.#stop.abort()
    this.#forget()
    await this.#work
  }

  async #produce(systems: BatchSystems): Promise<void> {
    const reader = systemsOf(systems)
    let waiting = false
    const next = async () => {
      waiting = true
      const read = await abortable(reader.next(), this.#stop.signal)
      waiting = false
      return read
    }
    try {
      while (!this.#exhausted) await this.#share(await this.#sorted(await this.#window(next)))
    } catch (error) {
      this.#thrown ??= { error }
    }
    await Promise.all(this.#lanes.map(({ last }) => last))
    try {
      const closed = reader.return()
      // a generator that is waiting ends after what it waits for, perhaps never
      if (waiting) closed.catch(() => {})
      else await closed
    } catch (error) {
      this.#thrown ??= { error }
    }
    this.#over = true
    this.#bell.ring()
  }

  /** Cuts a window into pieces, one for each lane. */
  async #share(sorted: Item[]): Promise<void> {
    if (!this.#seeded && sorted.length > 0) {
      const [lane] = this.#lanes
      await this.#solveAll(lane!, sorted.splice(0, 1))
      for (const other of this.#lanes) other.space = lane!.space
      this.#seeded = true
    }
    const end = (j: number) => Math.floor((j * sorted.length) / this.#lanes.length)
    for (const [j, lane] of this.#lanes.entries()) {
      const piece = sorted.slice(end(j), end(j + 1))
      lane.last = lane.last.then(() => this.#solveAll(lane, piece))
    }
  }

  /** Reads until the window is full; not while too many systems, or results, are still here. */
  async #window(next: () => Promise<IteratorResult<unknown, void>>): Promise<Item[]> {
    const { window } = this.#plan
    const most = Math.max(window, 2 * window - 2) // and the one that was taken last
    const items: Item[] = []
    let d: number | undefined
    // refused systems count: else the window may wait until they are taken, and they for those before them in it
    for (let begun = 0; begun < window && !this.#exhausted; begun++) {
      await this.#bell.until(() => this.#read - this.#outbox.taken < most || this.#stop.signal.aborted)
      try {
        this.#stop.signal.throwIfAborted()
        const { done, value } = await next()
        this.#exhausted = done === true
        if (done) break
        const index = this.#read++
        try {
          const item = checkSystem(NAME, index, value, d)
          if ((value as { field?: unknown }).field !== undefined) d ??= item.field?.length
          items.push(item)
        } catch (error) {
          this.#deliver({ index, error })
        }
      } catch (error) {
        this.#thrown ??= { error } // what was read before is solved all the same
        this.#exhausted = true
      }
      await this.#breathe()
    }
    return items
  }

  /** A window in the order in which it is solved: those that cannot be compared come last. */
  async #sorted(items: readonly Item[]): Promise<Item[]> {
    const { sort } = this.#plan
    const length = items.find(({ field }) => field !== undefined)?.field?.length
    const alike = items.filter(({ field }) => field !== undefined && field.length === length)
    if (sort === false || alike.length < 3 || length === 0) return [...items]
    const fields = alike.map(({ field }) => field!)
    const options = { ...(sort !== undefined && { method: sort }), signal: this.#stop.signal }
    const order = await orderBySimilarity(fields, options)
    const others = new Set(items)
    for (const item of alike) others.delete(item)
    return [...Array.from(order, i => alike[i]!), ...others]
  }

  /** Solves one after the other; what is solved is let go. */
  async #solveAll(lane: Lane, piece: Item[]): Promise<void> {
    await this.#bell.until(() => this.#claim())
    for (let item = piece.shift(); item !== undefined && !this.#stop.signal.aborted; item = piece.shift()) {
      const { index } = item
      try {
        const solution = await this.#solve(lane, item)
        this.#deliver({ index, solution })
      } catch (error) {
        if (!this.#stop.signal.aborted) this.#deliver({ index, error: errorOf(NAME, index, error) })
      }
      await this.#breathe()
    }
    this.#running--
    this.#bell.ring()
  }

  /** Takes a place among the chains that are solved, if there is one: at once, since others wait for it too. */
  #claim(): boolean {
    if (this.#running >= this.#plan.chains && !this.#stop.signal.aborted) return false
    this.#running++
    return true
  }

  async #solve(lane: Lane, { A, b }: Item): Promise<Solution> {
    const { method, solver } = this.#plan
    const { signal } = this.#stop
    const space = lane.space?.rows === b?.length ? lane.space : undefined
    const solving = method(A, b, { ...solver, signal, ...(space !== undefined && { space }) })
    const solution: S & { space?: RecycledSpace } = await abortable(Promise.resolve(solving), signal)
    if (typeof solution !== 'object' || solution === null)
      throw refuse('ERR_TYPE', NAME, 'what option method returns', 'a solution', solution)
    if (solution.space !== undefined) lane.space = solution.space
    Reflect.deleteProperty(solution, 'space') // many times as large as x
    return solution
  }

  #deliver(result: Ended): void {
    this.#outbox.put(result)
    this.#solved++
    if (result.solution === undefined) this.#failed++
    const { onProgress, count } = this.#plan
    try {
      onProgress?.({ solved: this.#solved, failed: this.#failed, count, elapsed: performance.now() - this.#begun })
    } catch (error) {
      this.#stop.abort(error)
    }
    this.#bell.ring()
  }

  async #breathe(): Promise<void> {
    if (performance.now() < this.#sliceEnd) return
    await pause()
    this.#sliceEnd = performance.now() + SLICE
  }
}
