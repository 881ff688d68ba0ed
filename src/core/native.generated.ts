// Written by `npm run build:native` from the C++ sources; do not edit.

/** What the native methods take and return, read off their C++ types. */
export interface NativeSignatures {
  cg: (arg0: { pattern: { rows: number; columns: number; rowPointers: Int32Array; columnIndices: Int32Array }; values: Float64Array }, arg1: Float64Array, arg2: Float64Array, arg3: { kind: 'identity' } | { kind: 'jacobi'; inverseDiagonal: Float64Array } | { kind: 'factor'; method: string; upper: { pattern: { rows: number; columns: number; rowPointers: Int32Array; columnIndices: Int32Array }; values: Float64Array }; inverse: Float64Array } | { kind: 'chebyshev'; matrix: { pattern: { rows: number; columns: number; rowPointers: Int32Array; columnIndices: Int32Array }; values: Float64Array }; inverseDiagonal: Float64Array; degree: number; smallest: number; largest: number }, arg4: Float64Array, arg5: { rtol: number; atol: number; maxIterations: number; warm: boolean; history: boolean }) => { reason: 'converged' | 'max-iterations' | 'time-limit' | 'stagnated' | 'diverged' | 'indefinite-operator' | 'indefinite-preconditioner' | 'breakdown' | 'not-finite'; iterations: number; residualNorm: number; operator: number; preconditioner: number; history: Float64Array; diagonal: Float64Array; offDiagonal: Float64Array }
  examine: (arg0: { pattern: { rows: number; columns: number; rowPointers: Int32Array; columnIndices: Int32Array }; values: Float64Array }) => { notFinite: number; largest: number; asymmetry: number }
  incompleteCholesky: (arg0: { pattern: { rows: number; columns: number; rowPointers: Int32Array; columnIndices: Int32Array }; values: Float64Array }, arg1: { pattern: { rows: number; columns: number; rowPointers: Int32Array; columnIndices: Int32Array }; starts: Int32Array; diagonal: Int32Array }, arg2: number, arg3: number, arg4: Float64Array, arg5: Float64Array) => { ok: boolean; omega: number; shift: number; attempts: number }
  lanczos: (arg0: { pattern: { rows: number; columns: number; rowPointers: Int32Array; columnIndices: Int32Array }; values: Float64Array }, arg1: Float64Array, arg2: Float64Array, arg3: number) => { smallest: number; largest: number }
  ssorFactor: (arg0: { pattern: { rows: number; columns: number; rowPointers: Int32Array; columnIndices: Int32Array }; values: Float64Array }, arg1: { pattern: { rows: number; columns: number; rowPointers: Int32Array; columnIndices: Int32Array }; starts: Int32Array; diagonal: Int32Array }, arg2: number, arg3: Float64Array, arg4: Float64Array) => number
  upperTriangle: (arg0: { rows: number; columns: number; rowPointers: Int32Array; columnIndices: Int32Array }) => { pattern: { rows: number; columns: number; rowPointers: Int32Array; columnIndices: Int32Array }; starts: Int32Array; diagonal: Int32Array }
}

/** The addon: every method in its two forms, and the kernels that steps call. */
export interface NativeAddon {
  readonly sync: { readonly [name: string]: (...args: readonly unknown[]) => unknown }
  readonly start: { readonly [name: string]: (...args: readonly unknown[]) => Promise<unknown> }
  readonly kernels: { readonly [name: string]: (...args: readonly unknown[]) => unknown }
  info(): { simd: string; blas: string | null; threads: number }
  setThreads(n: number): void
  /** TypeScript types of the methods. */
  signatures(): Record<string, string>
  /** Per method and kernel, JSON: the order in which its arguments and its result cross as leaves. */
  layouts(): Record<string, string>
}
