import type { Kernels } from '../kernels/kernels.ts'
import { reference } from '../kernels/reference.ts'
import { native } from './backend.ts'
import { nativeKernel } from './native.ts'

const GRAIN = 4_000_000 // non-zeros: 2 ms at 2 Gnnz/s

/** The kernels in use: native ones where the addon is loaded and has them. */
export const kernels: Kernels = native === undefined ? reference : { ...reference, ...nativeKernels(), grain: GRAIN }

function nativeKernels(): Partial<Kernels> {
  const names = Object.keys(reference).filter(name => native!.kernels[name] !== undefined)
  return Object.fromEntries(names.map(name => [name, nativeKernel(name)]))
}
