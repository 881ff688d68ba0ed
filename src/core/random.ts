import { cosTurns, log, sinTurns } from './elementary.ts'
import { refuse } from './errors.ts'
import { philox } from './philox.ts'
import { float64 } from './shared.ts'

/*
 * Samples as functions of (seed, stream, index): entry i depends on nothing else, so that any part of a sample may be
 * drawn anywhere, in any order, with the same bits. The seed is Philox's key, the stream the upper half of its counter;
 * a block of four words makes entries 2j and 2j + 1. Twin of native/core/random.hpp, operation for operation.
 */

const TWO32 = 4294967296
const block = new Uint32Array(4)

/** 53 bits of two words as a double in (0, 1): k / 2^53, and 2^-54 in place of 0. */
function unit(upper: number, lower: number): number {
  const k = (upper >>> 5) * 67108864 + (lower >>> 6)
  return k === 0 ? 5.551115123125783e-17 : k * 1.1102230246251565e-16
}

/** Overwrites `out` with entries `first`, `first + 1`, ... of a stream of uniform doubles in (0, 1). */
export function fillUniform(out: Float64Array, seed: number, stream = 0, first = 0): void {
  fill(out, seed, stream, first, even, odd)
  function even(): number {
    return unit(block[0]!, block[1]!)
  }
  function odd(): number {
    return unit(block[2]!, block[3]!)
  }
}

/**
 * Overwrites `out` with entries `first`, `first + 1`, ... of a stream of standard normals.
 * Box and Muller, "A note on the generation of random normal deviates" (1958).
 */
export function fillNormal(out: Float64Array, seed: number, stream = 0, first = 0): void {
  fill(out, seed, stream, first, even, odd)
  function even(): number {
    return radius() * cosTurns(unit(block[2]!, block[3]!))
  }
  function odd(): number {
    return radius() * sinTurns(unit(block[2]!, block[3]!))
  }
  function radius(): number {
    return Math.sqrt(-2 * log(unit(block[0]!, block[1]!)))
  }
}

/** Block j of a stream: four words of 32 random bits, written to `out`. */
export function drawBlock(seed: number, stream: number, j: number, out: Uint32Array): void {
  const k1 = Math.floor(seed / TWO32)
  philox(j >>> 0, Math.floor(j / TWO32), stream >>> 0, Math.floor(stream / TWO32), seed >>> 0, k1, out)
}

/** Entry `index` of a stream of uniform doubles in (0, 1). */
export function uniformAt(seed: number, stream: number, index: number): number {
  drawBlock(seed, stream, Math.floor(index / 2), block)
  return index % 2 === 0 ? unit(block[0]!, block[1]!) : unit(block[2]!, block[3]!)
}

function fill(
  out: Float64Array,
  seed: number,
  stream: number,
  first: number,
  even: () => number,
  odd: () => number,
): void {
  for (let i = 0; i < out.length; ) {
    const index = first + i
    drawBlock(seed, stream, Math.floor(index / 2), block)
    if (index % 2 === 0) out[i++] = even()
    if (i < out.length) out[i++] = odd()
  }
}

/**
 * `n` uniform doubles in (0, 1), 53 random bits each, on shared memory.
 *
 * @param seed an integer from 0 to 2^53 - 1: the same seed gives the same bits on every machine
 * @param n how many
 * @param stream an integer from 0 to 2^53 - 1; different streams of a seed are independent
 * @throws KrylovError ERR_OPTION for a bad seed or stream, ERR_SHAPE for a bad n
 */
export function uniform(seed: number, n: number, stream = 0): Float64Array {
  const out = allocate('uniform', seed, n, stream)
  fillUniform(out, seed, stream)
  return out
}

/**
 * `n` standard normals on shared memory.
 *
 * @param seed an integer from 0 to 2^53 - 1: the same seed gives the same bits on every machine
 * @param n how many
 * @param stream an integer from 0 to 2^53 - 1; different streams of a seed are independent
 * @throws KrylovError ERR_OPTION for a bad seed or stream, ERR_SHAPE for a bad n
 */
export function normal(seed: number, n: number, stream = 0): Float64Array {
  const out = allocate('normal', seed, n, stream)
  fillNormal(out, seed, stream)
  return out
}

/** Checks a seed, or a stream of one. */
export function checkSeed(method: string, argument: string, seed: unknown): number {
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed) || seed < 0)
    throw refuse('ERR_OPTION', method, argument, 'an integer from 0 to 2^53 - 1', seed)
  return seed
}

function allocate(method: string, seed: number, n: number, stream: number): Float64Array {
  checkSeed(method, 'seed', seed)
  checkSeed(method, 'stream', stream)
  if (!Number.isInteger(n) || n < 0 || n >= 2 ** 31)
    throw refuse('ERR_SHAPE', method, 'n', 'an integer from 0 to 2147483647', n)
  return float64(n)
}
