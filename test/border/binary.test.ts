import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/* One small file serves a platform: what the addon asks of the machine that it is loaded on. */

const find = createRequire(import.meta.url)('node-gyp-build') as { path(root: string): string }
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Highest version of the C library whose symbols may be used: what the static C++ library of GCC 12 asks for. */
const NEWEST_GLIBC = 36

/** Names that the dynamic section of a 64-bit little-endian ELF file refers to. */
function dynamicSection(file: Buffer): { needed: string[]; strings: string[] } {
  const u64 = (at: number) => Number(file.readBigUInt64LE(at))
  const headers = Array.from({ length: file.readUInt16LE(56) }, (_, i) => u64(32) + i * file.readUInt16LE(54)).map(
    at => ({ type: file.readUInt32LE(at), offset: u64(at + 8), address: u64(at + 16), size: u64(at + 32) }),
  )
  const dynamic = headers.find(({ type }) => type === 2)!
  const entries = Array.from({ length: dynamic.size / 16 }, (_, i) => dynamic.offset + 16 * i).map(at => ({
    tag: u64(at),
    value: u64(at + 8),
  }))
  const wordOf = (tag: number) => entries.find(entry => entry.tag === tag)!.value
  const address = wordOf(5)
  const segment = headers.find(
    ({ type, address: from, size }) => type === 1 && from <= address && address < from + size,
  )!
  const start = segment.offset + address - segment.address
  const table = file.subarray(start, start + wordOf(10))
  const text = (at: number) => table.toString('latin1', at, table.indexOf(0, at))
  return {
    needed: entries.filter(({ tag }) => tag === 1).map(({ value }) => text(value)),
    strings: table.toString('latin1').split('\0'),
  }
}

it.skipIf(process.platform !== 'linux' || process.env.KRYLOV_SANITIZED !== undefined)(
  'the addon needs the C library alone, and not the newest',
  () => {
    const { needed, strings } = dynamicSection(readFileSync(find.path(root)))
    expect(needed.filter(name => !/^(libc|libm|libpthread|libdl|ld-linux)[-.]/.test(name))).toEqual([])
    const versions = strings.flatMap(name => /^GLIBC_2\.(\d+)/.exec(name)?.[1] ?? []).map(Number)
    expect(versions.length).toBeGreaterThan(0)
    expect(Math.max(...versions)).toBeLessThanOrEqual(NEWEST_GLIBC)
  },
)
