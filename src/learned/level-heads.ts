import { RATIO } from '../precondition/amg.ts'

/*
 * What is learned of a level as a whole: each quantity is the exponential of a linear function of the level's few facts,
 * one function for the finest level and one for all others.
 */

/** What a level tells. */
export interface LevelFacts {
  readonly unknowns: number
  readonly coarse: number
  readonly entries: number
  /** The bound of its spectrum. */
  readonly largest: number
  readonly finest: boolean
}

const FACTS = 4

/** Coefficients of a quantity. */
export const HEAD = 2 * FACTS

/** A constant, how much coarser the next level is, the entries of a row, and the bound: about zero in the middle. */
const features = ({ unknowns, coarse, entries, largest }: LevelFacts): readonly number[] => [
  1,
  Math.log(unknowns / coarse) - 1.8,
  entries / unknowns / 10 - 0.6,
  largest - 2,
]

/** A quantity of a level: what it ordinarily is, and where it may lie. */
export interface Quantity {
  readonly ordinary: number
  readonly least: number
  readonly most: number
  /** Coefficients that a search begins with, and its first steps. */
  readonly start: readonly number[]
  readonly steps: readonly number[]
}

/** Of the Chebyshev smoother: it damps the part [largest / ratio, largest] of the spectrum. */
export const RATIOS: Quantity = {
  ordinary: RATIO,
  least: 2.5,
  most: 14,
  start: [Math.log(RATIO), 0, 0, 0, Math.log(RATIO), 0, 0, 0],
  steps: [0.2, 0.3, 0.8, 0.3, 0.2, 0.3, 0.5, 0.3],
}

/**
 * How much of a coarse correction is taken. Up to 1.4 a W-cycle stays positive definite: its corrections come in twos,
 * each of which multiplies errors by no less than 1 - 1.4^2 > -1, or are one with the dense factor.
 */
export const SCALES: Quantity = {
  ordinary: 1,
  least: 0.9,
  most: 1.4,
  start: [0.05, 0, 0, 0, 0.05, 0, 0, 0],
  steps: [0.06, 0.15, 0.4, 0.2, 0.06, 0.15, 0.3, 0.2],
}

/** The quantity for a level; the ordinary one where there are no coefficients. */
export function quantityOf(
  { ordinary, least, most }: Quantity,
  coefficients: ArrayLike<number>,
  facts: LevelFacts,
): number {
  if (coefficients.length === 0) return ordinary
  const first = facts.finest ? 0 : FACTS
  let sum = 0
  features(facts).forEach((value, at) => {
    sum += coefficients[first + at]! * value
  })
  return Math.max(least, Math.min(most, Math.exp(sum)))
}
