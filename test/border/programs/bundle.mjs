// The library as one file, so that child processes and workers start in milliseconds and without a TypeScript loader.
import { mkdtempSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Builds it inside the checkout, where the package finds itself by name; `remove` takes it away again. */
export async function bundleLibrary() {
  const folder = mkdtempSync(`${root}/build/border-`)
  const file = `${folder}/krylov.mjs`
  await build({
    absWorkingDir: root,
    entryPoints: ['src/index.ts'],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  })
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
