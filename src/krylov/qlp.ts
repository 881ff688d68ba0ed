/** Share of the largest number seen below which a diagonal entry of L is rounding. */
const ROUNDING = 4 * Number.EPSILON

/**
 * The scalars of MINRES-QLP (Choi, Paige and Saunders 2011): Q T P = L, T the Lanczos matrix, Q and P products of reflections of
 * neighbouring rows and columns, L lower triangular with three diagonals. L u = t, and x = W u, W = V P. Entries of rows k - 1
 * and k - 2 have l and l2 after their names, as in the paper.
 */
export class Qlp {
  /** || r_k ||, in the norm of M^-1. */
  phi = 0
  /** || A r_(k-1) || */
  normal = 0
  /** An estimate of the norm of A, from below. */
  size = 0
  /** The smallest diagonal entry of L. */
  smallest = Number.POSITIVE_INFINITY
  /** Whether the last diagonal entry of L is rounding, or u so long that rounding is all that it would add. */
  singular = false
  ul = 0
  u = 0
  /** By columns: [x_(k-2), w_(k-2), w_(k-1), v_k] times this is the next [x_(k-2), w_(k-2), w_(k-1)]: x lacks its last two. */
  readonly step = new Float64Array(12)

  readonly #Q = new Reflection()
  readonly #P1 = new Reflection() // of columns k - 1 and k
  readonly #P2 = new Reflection() // of columns k - 2 and k
  #first = true
  #beta1 = 0
  #beta = 0
  #dltan = 0
  #tau = 0
  #taul = 0
  #gama = 0
  #gamal = 0
  #vepln = 0
  #veplnl = 0
  #eta = 0
  #etal = 0
  #ul2 = 0
  #ul3 = 0
  #length = 0 // of u without its last two entries
  #settled = Number.POSITIVE_INFINITY // smallest diagonal entry without the last two

  /** Of the last row reflection: r_k = s^2 r_(k-1) - c phi v_(k+1). */
  get c(): number {
    return this.#Q.c
  }
  get s(): number {
    return this.#Q.s
  }

  /** Starts anew; what is known of A's norm and condition is kept. */
  begin(beta1: number): void {
    for (const reflection of [this.#Q, this.#P1, this.#P2]) reflection.none()
    this.#first = true
    this.phi = this.#beta1 = beta1
    this.#beta = this.#dltan = this.#tau = this.#taul = this.#gama = this.#gamal = this.#length = 0
    this.#vepln = this.#veplnl = this.#eta = this.#etal = this.#ul2 = this.#ul3 = this.ul = this.u = 0
  }

  /** Leaves u_k out where the last diagonal entry is at most that share of the norm. */
  drop(share: number): void {
    if (Math.abs(this.#gama) <= share * this.size) this.u = 0
  }

  /** Takes column k of T: alpha, and beta_(k+1) below it. */
  push(alpha: number, betan: number): void {
    const [Q, P1, P2] = [this.#Q, this.#P1, this.#P2]
    let dlta = Q.c * this.#dltan + Q.s * alpha
    const gbar = Q.s * this.#dltan - Q.c * alpha
    const eplnn = Q.s * betan
    this.#dltan = -Q.c * betan
    this.normal = Math.hypot(gbar, this.#dltan) * this.phi

    const gamal2 = this.#gamal
    let gamal = this.#gama
    let gama = Q.by(gbar, betan)
    const taul2 = this.#taul
    this.#taul = this.#tau
    this.#tau = Q.c * this.phi
    this.phi *= Q.s

    const [veplnl2, etal2] = [this.#veplnl, this.#etal]
    this.#etal = this.#eta
    this.#veplnl = P2.c * this.#vepln + P2.s * dlta
    dlta = P2.s * this.#vepln - P2.c * dlta
    this.#eta = P2.s * gama
    gama *= -P2.c
    if (!this.#first) gamal = P1.by(gamal, dlta)
    this.#vepln = P1.s * gama
    gama *= -P1.c

    const [ul4, ul3] = [this.#ul3, this.#ul2]
    const ul2 = gamal2 > 0 ? (taul2 - etal2 * ul4 - veplnl2 * ul3) / gamal2 : 0
    this.ul = gamal > 0 ? (this.#taul - this.#etal * ul3 - this.#veplnl * ul2) / gamal : 0
    this.u = (this.#tau - this.#eta * ul2 - this.#vepln * this.ul) / gama
    this.#ul3 = ul3
    this.#ul2 = ul2
    this.#length = Math.hypot(this.#length, ul2)

    this.step.set([1, P2.c * ul2, 0, P2.s * ul2])
    this.step.set([0, P1.s * P2.s, P1.c, -P1.s * P2.c], 4)
    this.step.set([0, -P1.c * P2.s, P1.s, P1.c * P2.c], 8)

    this.size = Math.max(this.size, gamal, Math.abs(gama), Math.hypot(this.#beta, alpha, betan))
    if (gamal2 > 0) this.#settled = Math.min(this.#settled, gamal2)
    this.smallest = Math.min(this.#settled, gamal > 0 ? gamal : this.#settled)
    const length = Math.hypot(this.#length, this.ul, this.u)
    this.singular = !(Math.abs(gama) > ROUNDING * this.size && Number.EPSILON * this.size * length < this.#beta1)
    if (this.singular) this.u = 0
    else this.smallest = Math.min(this.smallest, Math.abs(gama))

    if (!this.#first) gamal = P2.by(gamal, eplnn)
    this.#first = false
    this.#gama = gama
    this.#gamal = gamal
    this.#beta = betan
  }
}

/** [c s; s -c] with c = a / h, s = b / h, h = |(a, b)|, turns (a, b) into (h, 0). */
class Reflection {
  c = -1
  s = 0

  /** Makes it that of a and b; returns h. */
  by(a: number, b: number): number {
    const h = Math.hypot(a, b)
    this.c = h > 0 ? a / h : 1
    this.s = h > 0 ? b / h : 0
    return h
  }

  /** Where there is no column yet to reflect with: the other one stays as it is. */
  none(): void {
    this.c = -1
    this.s = 0
  }
}
