// Bundles dist/index.js and dist/cli.js and writes the type declarations. Needs no compiler.
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true })

// Two bundles, because chunks that both share would make `import 'krylov'` open dozens of files.
const bundle = (entry, chunks) =>
  build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: 'dist',
    bundle: true,
    splitting: true,
    chunkNames: `${chunks}/[name]-[hash]`,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    // delaunator is small and goes into the bundle: found on disk, it takes longer to import than all of krylov
    external: ['node-gyp-build', 'echarts'],
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'linked',
    logLevel: 'warning',
  })
await Promise.all([bundle('src/index.ts', 'chunks'), bundle('src/cli/cli.ts', 'cli')])
const bundled = ['delaunator', 'robust-predicates']
const licence = name => `${name}\n\n${readFileSync(`${root}/node_modules/${name}/LICENSE`, 'utf8')}`
writeFileSync(`${root}/dist/THIRD-PARTY.txt`, `Contained in this bundle:\n\n${bundled.map(licence).join('\n\n')}`)

const require = createRequire(import.meta.url)
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: ['ignore', 2, 2],
})
