// Compiles the addon and rewrites src/core/native.generated.ts from what it exposes.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const target = new URL('../src/core/native.generated.ts', import.meta.url)

execFileSync(process.execPath, [require.resolve('cmake-js/bin/cmake-js'), 'compile', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})

const addon = require('../build/Release/krylov.node')
const lines = Object.entries(addon.signatures())
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, signature]) => `  ${name}: ${signature}`)
const text = `// Written by \`npm run build:native\` from the C++ sources; do not edit.

/** What the native methods take and return, read off their C++ types. */
export interface NativeSignatures {
${lines.join('\n')}
}

/** The addon: every method in its two forms, and the kernels that steps call. */
export interface NativeAddon {
  readonly sync: { readonly [name: string]: (...args: readonly unknown[]) => unknown }
  readonly start: { readonly [name: string]: (...args: readonly unknown[]) => Promise<unknown> }
  readonly kernels: { readonly [name: string]: (...args: readonly unknown[]) => unknown }
  info(): { simd: string; blas: string | null; blasVersion: string | null; blasLoaded: boolean; blasCore: string | null; suitesparse: string | null; threads: number }
  setThreads(n: number): void
  /** TypeScript types of the methods. */
  signatures(): Record<string, string>
  countMemory(buffer: SharedArrayBuffer, bytes: number): void
  /** Per method and kernel, JSON: the order in which its arguments and its result cross as leaves. */
  layouts(): Record<string, string>
}
`
if (readFileSync(target, 'utf8') !== text) writeFileSync(target, text)
