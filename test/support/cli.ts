import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** How a call of the command line ended. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** The command line as a user has it: bundled, in a process of its own, in a folder of its own. */
export interface Cli {
  readonly folder: string
  krylov(...args: readonly string[]): Promise<Ended>
  /** Writes a file into the folder and returns its name. */
  file(name: string, text: string): string
}

/** Bundles the command line before the tests of a file; removed after them. */
export function useCli(): Cli {
  const cache = join(root, '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'cli-'))
  const entry = join(folder, 'program', 'cli.js')
  beforeAll(async () => {
    await build({
      absWorkingDir: root,
      entryPoints: ['src/cli/cli.ts'],
      outdir: join(folder, 'program'),
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      logLevel: 'warning',
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return {
    folder,
    krylov: (...args) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [entry, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
        let out = ''
        let err = ''
        child.stdout.setEncoding('utf8').on('data', text => (out += text))
        child.stderr.setEncoding('utf8').on('data', text => (err += text))
        child.on('error', reject)
        child.on('close', code => resolve({ code, out, err }))
      }),
    file(name, text) {
      writeFileSync(join(folder, name), text)
      return name
    },
  }
}

/** A matrix as the text of a Matrix Market file. */
export const coordinateFile = (
  n: number,
  entries: readonly (readonly [i: number, j: number, a: number])[],
  symmetry = 'symmetric',
): string =>
  [
    `%%MatrixMarket matrix coordinate real ${symmetry}`,
    '% <script>alert(1)</script>',
    `${n} ${n} ${entries.length}`,
    ...entries.map(([i, j, a]) => `${i + 1} ${j + 1} ${a}`),
    '',
  ].join('\n')

/** The second difference, n x n. */
export const laplaceFile = (n: number): string =>
  coordinateFile(
    n,
    Array.from({ length: n }, (_, i) => [[i, i, 2] as const, ...(i > 0 ? [[i, i - 1, -1] as const] : [])]).flat(),
  )
