import type { Steps } from '../core/steps.ts'

/** How an incomplete factorization ended. */
export interface FactorReport {
  /** Whether every pivot passed its test; false leaves the arrays undefined. */
  readonly ok: boolean
  /** Relaxation that was used in the end. */
  readonly omega: number
  /** Shift that was used in the end: A + shift diag(A) was factored. */
  readonly shift: number
  /** Factorizations tried. */
  readonly attempts: number
}

const FIRST_SHIFT = 1e-3
const SHIFTS = 10

/**
 * Factors until every pivot passes: with the caller's shift, then 1e-3 doubling (Lin and More 1999), and all of these
 * again without relaxation.
 */
export function* shiftLadder(
  omega: number,
  shift: number,
  factor: (omega: number, shift: number) => Steps<boolean>,
): Steps<FactorReport> {
  let attempts = 0
  for (const relaxation of omega === 0 ? [0] : [omega, 0])
    for (let s = shift, tries = 0; tries <= SHIFTS; s = Math.max(FIRST_SHIFT, 2 * s), tries++) {
      attempts++
      if (yield* factor(relaxation, s)) return { ok: true, omega: relaxation, shift: s, attempts }
    }
  return { ok: false, omega: 0, shift: 0, attempts }
}
