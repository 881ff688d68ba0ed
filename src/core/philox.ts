/*
 * Philox 4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011), as published in
 * Random123. A bijection of 128-bit counters under a 64-bit key: no state, so any entry of any stream is reached at
 * once and in any order. Twin of native/core/philox.hpp, operation for operation.
 */

const M0 = 0xd2511f53
const M1 = 0xcd9e8d57
const W0 = 0x9e3779b9
const W1 = 0xbb67ae85

/** The upper 32 bits of a 32 x 32-bit product, by halves of 16: of a random word a, an integer below b. */
export function high(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const t = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) >>> 0
  const w = (Math.imul(aLow, bHigh) + (t & 0xffff)) >>> 0
  return (Math.imul(aHigh, bHigh) + (t >>> 16) + (w >>> 16)) | 0
}

/**
 * Writes the four 32-bit words for counter (c0, c1, c2, c3), lowest word first, and key (k0, k1) to `out`.
 *
 * @param out 4 words, overwritten
 */
export function philox(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array | Int32Array,
): void {
  for (let round = 0; round < 10; round++) {
    const x = high(M0, c0) ^ c3 ^ k1
    const y = high(M1, c2) ^ c1 ^ k0
    c1 = Math.imul(M1, c2)
    c3 = Math.imul(M0, c0)
    c0 = y
    c2 = x
    k0 = (k0 + W0) | 0
    k1 = (k1 + W1) | 0
  }
  out[0] = c0
  out[1] = c1
  out[2] = c2
  out[3] = c3
}
