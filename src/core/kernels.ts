import type { Kernels } from '../kernels/kernels.ts'
import { reference } from '../kernels/reference.ts'
import { native } from './backend.ts'

/** The kernels in use: native ones where the addon is loaded. */
export const kernels: Kernels = native
  ? { ...native.kernels, grain: 4_000_000 } // non-zeros: 2 ms at 2 Gnnz/s
  : reference
