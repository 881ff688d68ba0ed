import { log } from '../core/elementary.ts'

/**
 * z with P(Z < z) = u for a standard normal Z and e^-25 < u < 1/2 or symmetrically above, to seven digits: Wichura, algorithm
 * AS 241 (1988), PPND7. Twin of native/sequence/normal_quantile.hpp.
 */
export function normalQuantile(u: number): number {
  const q = u - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    const above = ((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
    const below = ((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1
    return (q * above) / below
  }
  const r = Math.sqrt(-log(q < 0 ? u : 1 - u)) - 1.6
  const above = ((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777
  const below = (0.12021132975 * r + 0.7370016425) * r + 1
  return q < 0 ? -above / below : above / below
}

/** By the leading zeros of u's 32 bits, what z is not below: P(Z < -t) <= e^(-t^2 / 2) / 2, and u > 2^-(zeros + 1). */
export const lowest: readonly number[] = Array.from({ length: 33 }, (_, zeros) =>
  zeros === 0 ? 0 : -Math.sqrt(2 * zeros * Math.LN2) - 1e-6,
)
