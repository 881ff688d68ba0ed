// npm run bench: the TypeScript of bench/ runs as it is.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const run = fileURLToPath(new URL('../bench/run.ts', import.meta.url))
const { status } = spawnSync(process.execPath, ['--import', 'tsx', run, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exitCode = status ?? 1
