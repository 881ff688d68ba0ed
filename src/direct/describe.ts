import { bytes } from '../core/bytes.ts'
import type { ExternalFactor, Ldlt } from './kinds.ts'

/** What `describe` says of a sparse factorization, line by line. */
export function describeLdlt(F: Ldlt | ExternalFactor): readonly string[] {
  const { positive, negative, zero } = F.inertia
  const { rows } = F.matrix.pattern
  return [
    `${F.kind === 'ldlt' ? 'ldlt' : `factor of ${F.library}`}: ${rows} unknowns, ${F.entries} entries in L, ` +
      `${bytes(F.memory)}, ${F.flops.toExponential(2)} operations`,
    `pivots: ${positive} positive, ${negative} negative, ${zero} zero to rounding; growth ${F.pivotGrowth.toPrecision(3)}`,
  ]
}
