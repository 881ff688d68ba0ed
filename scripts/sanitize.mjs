// Runs the native half under sanitizers: the test programs under TSan, these and the native test projects under ASan and
// UBSan. `node scripts/sanitize.mjs [tsan | asan] [vitest arguments]`; without the first, both.
import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const kinds = ['tsan', 'asan']
const [first, ...rest] = process.argv.slice(2)
const wanted = kinds.includes(first) ? [first] : kinds
const extra = kinds.includes(first) || first === undefined ? rest : [first, ...rest]

const results = wanted.map(kind => [kind, build(kind) && programs(kind) && (kind === 'tsan' || suite())])
for (const [kind, clean] of results) console.log(`${kind}: ${clean ? 'clean' : 'FAILED'}`)
process.exitCode = results.every(([, clean]) => clean) ? 0 : 1

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  return status === 0
}

function build(preset) {
  return run('cmake', ['--preset', preset]) && run('cmake', ['--build', '--preset', preset])
}

function programs(preset) {
  return run('ctest', ['--preset', preset], { UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1' })
}

/** The sanitizer's library has to come before everything else in the process, the C++ library before the addon. */
function suite() {
  const library = name => execFileSync('g++', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim()
  const env = {
    KRYLOV_PREBUILD: `${root}build/asan`,
    KRYLOV_SANITIZED: '1',
    LD_PRELOAD: `${library('libasan.so')} ${library('libstdc++.so')}`,
    // Node leaves much behind on purpose; its own allocations may be larger than the sanitizer likes
    ASAN_OPTIONS: 'detect_leaks=0:allocator_may_return_null=1:quarantine_size_mb=16',
    UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
  }
  const projects = ['--project', 'native', '--project', 'border']
  return run(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout=900000', ...projects, ...extra],
    env,
  )
}
