// Bundles dist/index.js and dist/cli.js and writes the type declarations. Needs no compiler.
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true })

const entryPoints = ['src/index.ts', 'src/cli/cli.ts'].filter(file => existsSync(`${root}/${file}`))
await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(entryPoints.map(file => [file.replace(/^.*\/|\.ts$/g, ''), file])),
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  packages: 'external',
  logLevel: 'warning',
})
const require = createRequire(import.meta.url)
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
