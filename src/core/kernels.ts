import type { Kernels } from '../kernels/kernels.ts'
import { reference } from '../kernels/reference.ts'
import { native } from './backend.ts'
import { nativeKernel } from './native.ts'

const GRAIN = 4_000_000 // non-zeros: 2 ms at 2 Gnnz/s

const byThreads = new Map<number, Kernels>()

/** The kernels in use, on at most `threads` threads (0: all): native ones where the addon is loaded and has them. */
export function kernelsFor(threads: number): Kernels {
  const known = byThreads.get(threads)
  if (known !== undefined) return known
  const made = native === undefined ? reference : { ...reference, ...nativeKernels(threads), grain: GRAIN }
  byThreads.set(threads, made)
  return made
}

function nativeKernels(threads: number): Partial<Kernels> {
  const names = Object.keys(reference).filter(name => native!.kernels[name] !== undefined)
  return Object.fromEntries(names.map(name => [name, nativeKernel(name, threads)]))
}

/** The kernels in use, on all threads. */
export const kernels: Kernels = kernelsFor(0)
