/*
 * Sketching operators as data: a distribution, a shape and a seed. Entry (i, j) is a function of those and of nothing else,
 * so that an operator is sampled where it is applied, in any part, with the same bits on any machine and number of threads.
 * Isometries in expectation: E ||S x||^2 = ||x||^2. Contract after RandBLAS (Murray et al. 2023).
 */

/** Where the samples of an operator come from, and where those of the next one begin. */
export interface SketchState {
  /** An integer from 0 to 2^53 - 1. */
  readonly seed: number
  /** Likewise; operators of one seed and different streams are independent. */
  readonly stream: number
}

/** What all operators have. */
export interface Shape {
  readonly rows: number
  readonly columns: number
  readonly state: SketchState
}

/** `zeta` entries +-1 / sqrt(zeta) in each column, one in each of as many blocks of rows. */
export interface SparseStack extends Shape {
  readonly kind: 'sparse-stack'
  readonly zeta: number
}

/** The same in distinct rows anywhere. */
export interface Sjlt extends Shape {
  readonly kind: 'sjlt'
  readonly zeta: number
}

/** Entries +-1 / sqrt(density rows), each there with probability `density`. */
export interface VerySparse extends Shape {
  readonly kind: 'very-sparse'
  readonly density: number
}

/** Entries N(0, 1 / rows). */
export interface Gaussian extends Shape {
  readonly kind: 'gaussian'
}

/** sqrt(length / rows) P H D: signs, the orthonormal Walsh-Hadamard transform of the next power of two, `rows` of its rows. */
export interface Srht extends Shape {
  readonly kind: 'srht'
}

/** P H D with P_ij ~ N(0, 1 / (q rows)) there with probability `q`, H orthonormal. */
export interface FastJl extends Shape {
  readonly kind: 'fast-jl'
  readonly q: number
}

/** An operator as it was made: with the state from which the next one is to be made; two made from one state are equal. */
export type Made<Operator> = Operator & { readonly next: SketchState }

/** An operator that {@link sketch} applies: plain data. */
export type SketchOperator = SparseStack | Sjlt | VerySparse | Gaussian | Srht | FastJl

/** The least power of two that is not below n. */
export const padded = (n: number): number => 2 ** Math.ceil(Math.log2(n))
