import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { KrylovError, refuse } from './errors.ts'
import type { NativeAddon } from './native.generated.ts'
import { countSharedMemory } from './shared.ts'

/** Which half of krylov computes, and on what. */
export interface BackendReport {
  readonly name: 'native' | 'ts'
  /** Instruction set of the kernels in use: `'avx512'`, `'avx2'`, `'portable'`, or `'none'` in TypeScript. */
  readonly simd: string
  /** Path of the BLAS library found on this system, or null; it is loaded by the first dense method. */
  readonly blas: string | null
  /** Its version, where its file says so. */
  readonly blasVersion: string | null
  /** Whether it is loaded already. */
  readonly blasLoaded: boolean
  /** The processor whose kernels it chose, once it is loaded, where it says so; see docs/dense.md. */
  readonly blasCore: string | null
  /** Path of the library that calls SuiteSparse for `ldlt`, or null; it is loaded when it is wanted. */
  readonly suitesparse: string | null
  /** Threads a call may use. */
  readonly threads: number
  /** Methods that the native half lacks and TypeScript answers. */
  readonly missing: readonly string[]
  /** Why native code is not in use, where it is not. */
  readonly reason?: string
}

interface Loaded {
  readonly addon: NativeAddon | undefined
  readonly reason: string | undefined
}

const packageRoot = (require: NodeJS.Require) => dirname(require.resolve('krylov/package.json'))

function load(): Loaded {
  const wanted = process.env.KRYLOV_BACKEND ?? 'auto'
  if (wanted === 'ts') return { addon: undefined, reason: 'KRYLOV_BACKEND=ts' }
  if (wanted !== 'native' && wanted !== 'auto')
    throw refuse('ERR_BACKEND', 'krylov', 'KRYLOV_BACKEND', "'native', 'ts' or 'auto'", wanted)
  try {
    const require = createRequire(import.meta.url)
    const find: (root: string) => unknown = require('node-gyp-build')
    return { addon: find(packageRoot(require)) as NativeAddon, reason: undefined }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause)
    if (wanted === 'native')
      throw new KrylovError('ERR_BACKEND', `KRYLOV_BACKEND=native, but it does not load: ${reason}`, { cause })
    process.emitWarning(`native code is not in use, TypeScript answers instead: ${reason}`, {
      type: 'KrylovWarning',
      code: 'KRYLOV_NO_NATIVE',
    })
    return { addon: undefined, reason }
  }
}

const { addon, reason } = load()

/** The native half, where it is loaded. */
export const native: NativeAddon | undefined = addon

if (addon) countSharedMemory(addon.countMemory)

const asked = Number(process.env.KRYLOV_THREADS)
if (addon && Number.isInteger(asked) && asked > 0) addon.setThreads(asked)

/** Whether the native half has a method or kernel of this name. */
export const hasNative = (name: string): boolean => addon !== undefined && Object.hasOwn(addon.sync, name)

/**
 * Sets how many threads a call may use, the calling one included. The TypeScript half always uses one.
 * Results do not depend on it: the same bits for any number of threads.
 *
 * @param n a positive integer; more than the machine has is allowed and slow
 */
export function setThreads(n: number): void {
  if (!Number.isInteger(n) || n < 1 || n > 1024)
    throw refuse('ERR_OPTION', 'setThreads', 'n', 'an integer from 1 to 1024', n)
  addon?.setThreads(n)
  threads = addon?.info().threads ?? 1
}

let threads = addon?.info().threads ?? 1

/** Threads that a call may use, which asked for `wanted` (0: all). */
export const threadsFor = (wanted: number): number => (wanted > 0 && wanted < threads ? wanted : threads)

const noBlas = { blas: null, blasVersion: null, blasLoaded: false, blasCore: null, suitesparse: null } as const

/** Reports which half computes, on what, and why. */
export function backend(): BackendReport {
  if (addon === undefined)
    return { name: 'ts', simd: 'none', ...noBlas, threads: 1, missing: [], reason: reason ?? 'not loaded' }
  return { name: 'native', ...addon.info(), missing: missing() }
}

const registered = new Set<string>()

/** Notes a method that has a reference, so that `backend()` can name those without a native twin. */
export function registerMethod(name: string): void {
  registered.add(name)
}

const missing = (): string[] => [...registered].filter(name => !hasNative(name)).sort()
