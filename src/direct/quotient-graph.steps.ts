/*
 * The quotient graph of minimum degree: variables that are not eliminated yet, and elements, the cliques that
 * eliminated ones left. Lists lie in one array: of a variable its elements, then its variables; of an element its
 * variables. Letters as in Amestoy, Davis and Duff (1996).
 */

const NONE = -1

export class QuotientGraph {
  /** Unknowns not eliminated and not dense. */
  remaining: number
  readonly #n: number
  #lists: Int32Array
  #free: number
  readonly #start: Int32Array
  readonly #length: Int32Array
  /** Elements at the head of a variable's list. */
  readonly #elements: Int32Array
  /** Unknowns that a variable stands for; 0: it was absorbed; negative: in the element being made. */
  readonly #size: Int32Array
  readonly #degree: Int32Array
  /** Stamp; for an element in use: stamp + |Le \ Lp|; 0: an element that was absorbed. */
  readonly #mark: Int32Array
  #stamp = 2
  #largest = 0
  /** Variables by degree, doubly linked. */
  readonly #head: Int32Array
  readonly #next: Int32Array
  readonly #previous: Int32Array
  #lowest = 0
  /** Variables of the new element by hash of their lists. */
  readonly #bucket: Int32Array
  /** Unknowns that follow another in the order. */
  readonly #follower: Int32Array
  readonly #tail: Int32Array
  readonly #pivots: number[] = []
  readonly #dense: number[] = []

  constructor(n: number, { pointers, neighbours }: { pointers: Int32Array; neighbours: Int32Array }) {
    const none = () => new Int32Array(n).fill(NONE)
    this.#n = n
    this.remaining = n
    this.#free = neighbours.length
    this.#lists = new Int32Array(neighbours.length + Math.floor(neighbours.length / 5) + n + 1)
    this.#lists.set(neighbours)
    this.#start = pointers.slice(0, n)
    this.#length = new Int32Array(n)
    this.#elements = new Int32Array(n)
    this.#size = new Int32Array(n).fill(1)
    this.#degree = new Int32Array(n)
    this.#mark = new Int32Array(n).fill(1)
    this.#head = none()
    this.#next = none()
    this.#previous = none()
    this.#bucket = none()
    this.#follower = none()
    this.#tail = Int32Array.from({ length: n }, (_, i) => i)
    for (let i = 0; i < n; i++) {
      const degree = pointers[i + 1]! - pointers[i]!
      this.#length[i] = degree
      this.#degree[i] = degree
      if (degree > Math.max(16, 10 * Math.sqrt(n))) {
        this.#size[i] = 0
        this.#dense.push(i)
        this.remaining--
      } else this.#insert(i, degree)
    }
  }

  /** Eliminates a variable of lowest approximate degree; returns the entries looked at. */
  eliminate(): number {
    while (this.#head[this.#lowest] === NONE) this.#lowest++
    const p = this.#head[this.#lowest]!
    const size = this.#size[p]!
    this.#remove(p)
    this.remaining -= size
    this.#pivots.push(p)
    if (this.#elements[p]! > 0 && this.#free + this.#degree[p]! >= this.#lists.length) this.#compact()
    const begin = this.#formElement(p)
    const end = begin + this.#length[p]!
    this.#countOutside(begin, end)
    const work = this.#updateDegrees(p, begin, end)
    this.#mergeEqual(begin, end)
    this.#finish(p, begin, end)
    this.#size[p] = size
    return work + end - begin
  }

  /** Writes the elimination order: each pivot with the unknowns that it stands for, dense rows last. */
  writeOrder(order: Int32Array): void {
    let at = 0
    for (const p of this.#pivots) for (let i = p; i !== NONE; i = this.#follower[i]!) order[at++] = i
    this.#dense.sort((i, j) => this.#degree[i]! - this.#degree[j]! || i - j)
    for (const i of this.#dense) order[at++] = i
  }

  /** Lp = the variables of p and of its elements, which p absorbs. Returns where the list begins. */
  #formElement(p: number): number {
    const size = this.#size
    const own = this.#elements[p]!
    const from = this.#start[p]!
    const begin = own === 0 ? from : this.#free
    let at = begin
    let degree = 0
    size[p] = -size[p]!
    for (let k = 0; k <= own; k++) {
      const e = k < own ? this.#lists[from + k]! : p
      const first = k < own ? this.#start[e]! : from + own
      const last = first + (k < own ? this.#length[e]! : this.#length[p]! - own)
      for (let q = first; q < last; q++) {
        const i = this.#lists[q]!
        if (size[i]! <= 0) continue
        degree += size[i]!
        size[i] = -size[i]!
        this.#lists[at++] = i
        this.#remove(i)
      }
      if (k < own) this.#mark[e] = 0
    }
    this.#start[p] = begin
    this.#length[p] = at - begin
    this.#elements[p] = NONE
    this.#degree[p] = degree
    this.#mark[p] = 1
    if (own !== 0) this.#free = at
    return begin
  }

  /** mark[e] - stamp = |Le \ Lp| for every element that touches Lp. */
  #countOutside(begin: number, end: number): void {
    const [mark, stamp] = [this.#mark, this.#stamp]
    for (let q = begin; q < end; q++) {
      const i = this.#lists[q]!
      const own = -this.#size[i]!
      const from = this.#start[i]!
      for (let k = from; k < from + this.#elements[i]!; k++) {
        const e = this.#lists[k]!
        if (mark[e]! >= stamp) mark[e]! -= own
        else if (mark[e] !== 0) mark[e] = this.#degree[e]! + stamp - own
      }
    }
  }

  /** Bounds the degrees of Lp's variables, drops what p covers from their lists, and hashes these. */
  #updateDegrees(p: number, begin: number, end: number): number {
    const [lists, mark, size, stamp] = [this.#lists, this.#mark, this.#size, this.#stamp]
    let work = 0
    for (let q = begin; q < end; q++) {
      const i = lists[q]!
      const from = this.#start[i]!
      const middle = from + this.#elements[i]!
      const last = from + this.#length[i]!
      let at = from
      let hash = 0
      let degree = 0
      work += last - from
      for (let k = from; k < middle; k++) {
        const e = lists[k]!
        if (mark[e] === 0) continue
        const outside = mark[e]! - stamp
        if (outside > 0) {
          degree += outside
          lists[at++] = e
          hash += e
        } else mark[e] = 0 // aggressive absorption: Le lies in Lp
      }
      const variables = at
      for (let k = middle; k < last; k++) {
        const j = lists[k]!
        if (size[j]! <= 0) continue
        degree += size[j]!
        lists[at++] = j
        hash += j
      }
      if (degree === 0) {
        // mass elimination: i has no neighbour outside Lp
        this.#degree[p]! += size[i]!
        this.remaining += size[i]!
        this.#absorb(p, i)
        continue
      }
      this.#degree[i] = Math.min(this.#degree[i]!, degree)
      lists[at] = lists[variables]!
      lists[variables] = lists[from]!
      lists[from] = p
      this.#elements[i] = variables - from + 1
      this.#length[i] = at - from + 1
      hash %= this.#n
      this.#next[i] = this.#bucket[hash]!
      this.#bucket[hash] = i
      this.#previous[i] = hash
    }
    this.#largest = Math.max(this.#largest, this.#degree[p]!)
    this.#advance(this.#largest)
    return work
  }

  /** Variables with equal lists become one. */
  #mergeEqual(begin: number, end: number): void {
    const [lists, mark, next] = [this.#lists, this.#mark, this.#next]
    for (let q = begin; q < end; q++) {
      if (this.#size[lists[q]!]! >= 0) continue
      const hash = this.#previous[lists[q]!]!
      let i = this.#bucket[hash]!
      this.#bucket[hash] = NONE
      for (; i !== NONE && next[i] !== NONE; i = next[i]!) {
        const length = this.#length[i]!
        for (let k = this.#start[i]! + 1; k < this.#start[i]! + length; k++) mark[lists[k]!] = this.#stamp
        let before = i
        for (let j = next[i]!; j !== NONE; j = next[j]!) {
          if (this.#sameLists(i, j)) {
            this.#size[i]! += this.#size[j]!
            this.#absorb(i, j)
            next[before] = next[j]!
          } else before = j
        }
        this.#advance(1)
      }
    }
  }

  #sameLists(i: number, j: number): boolean {
    const from = this.#start[j]!
    if (this.#length[j] !== this.#length[i] || this.#elements[j] !== this.#elements[i]) return false
    for (let k = from + 1; k < from + this.#length[j]!; k++)
      if (this.#mark[this.#lists[k]!] !== this.#stamp) return false
    return true
  }

  /** Puts what is left of Lp back among the degrees. */
  #finish(p: number, begin: number, end: number): void {
    let at = begin
    for (let q = begin; q < end; q++) {
      const i = this.#lists[q]!
      const own = -this.#size[i]!
      if (own <= 0) continue
      this.#size[i] = own
      const degree = Math.min(this.#degree[i]! + this.#degree[p]! - own, this.remaining - own)
      this.#degree[i] = degree
      this.#insert(i, degree)
      this.#lists[at++] = i
    }
    this.#length[p] = at - begin
    if (at === begin) this.#mark[p] = 0
    if (this.#free === end) this.#free = at
  }

  #absorb(into: number, i: number): void {
    this.#size[i] = 0
    this.#elements[i] = NONE
    this.#follower[this.#tail[into]!] = i
    this.#tail[into] = this.#tail[i]!
  }

  #advance(by: number): void {
    this.#stamp += by
    if (this.#stamp < 2 ** 31 - 2 * this.#n - 4) return
    for (let i = 0; i < this.#n; i++) if (this.#mark[i] !== 0) this.#mark[i] = 1
    this.#stamp = 2
  }

  #insert(i: number, degree: number): void {
    const before = this.#head[degree]!
    this.#next[i] = before
    this.#previous[i] = NONE
    if (before !== NONE) this.#previous[before] = i
    this.#head[degree] = i
    if (degree < this.#lowest) this.#lowest = degree
  }

  #remove(i: number): void {
    const [after, before] = [this.#next[i]!, this.#previous[i]!]
    if (after !== NONE) this.#previous[after] = before
    if (before !== NONE) this.#next[before] = after
    else this.#head[this.#degree[i]!] = after
  }

  /** Moves the lists in use together; the first entry of each names its owner meanwhile. */
  #compact(): void {
    const [lists, start, length] = [this.#lists, this.#start, this.#length]
    for (let i = 0; i < this.#n; i++) {
      const used = this.#elements[i] === NONE ? this.#size[i] !== 0 && this.#mark[i] !== 0 : this.#size[i]! > 0
      if (!used || length[i] === 0) continue
      const first = start[i]!
      start[i] = lists[first]!
      lists[first] = -i - 1
    }
    let at = 0
    for (let q = 0; q < this.#free; q++) {
      if (lists[q]! >= 0) continue
      const owner = -lists[q]! - 1
      lists[at] = start[owner]!
      lists.copyWithin(at + 1, q + 1, q + length[owner]!)
      start[owner] = at
      at += length[owner]!
      q += length[owner]! - 1
    }
    this.#free = at
  }
}
