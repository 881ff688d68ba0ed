// Written by `npm run build:native` from the C++ sources; do not edit.
import type { Kernels } from '../kernels/kernels.ts'

export interface NativeSignatures {}

export interface NativeAddon {
  readonly sync: NativeSignatures
  readonly start: NativeSignatures
  readonly kernels: Omit<Kernels, 'grain'>
  info(): { simd: string; blas: string | null; threads: number }
  setThreads(n: number): void
}
