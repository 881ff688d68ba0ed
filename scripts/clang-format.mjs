// Checks how the C++ sources are set, or sets them with --write. Exits 77 where clang-format is not installed.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = ['native', 'test/native'].flatMap(folder =>
  readdirSync(`${root}/${folder}`, { recursive: true })
    .filter(name => /\.(cpp|hpp|inc)$/.test(name))
    .map(name => `${folder}/${name}`),
)
const write = process.argv.includes('--write')
const { error, status } = spawnSync('clang-format', [...(write ? ['-i'] : ['--dry-run', '-Werror']), ...sources], {
  cwd: root,
  stdio: 'inherit',
})
if (error?.code === 'ENOENT') {
  console.error('clang-format is not installed (Debian: apt-get install clang-format)')
  process.exitCode = write ? 0 : 77
} else process.exitCode = status ?? 1
