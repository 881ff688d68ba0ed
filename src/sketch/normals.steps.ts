import { fillNormal } from '../core/random.ts'
import { type Steps, tick } from '../core/steps.ts'
import type { Kernels } from '../kernels/kernels.ts'

const PER_TICK = 1 << 14 // entries

/** Entries `first`, `first` + 1, ... of a stream of standard normals. */
export function* normalsSteps(_: Kernels, out: Float64Array, seed: number, stream: number, first: number): Steps<void> {
  for (let from = 0; from < out.length; from += PER_TICK) {
    fillNormal(out.subarray(from, from + PER_TICK), seed, stream, first + from)
    yield tick
  }
}
