// Runs the tests on every backend there is, and closes with one plain line of counts.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { cache, readCache, root } from './stamp.mjs'

const RESULTS = 'vitest.json'
const onlyTypeScript = process.env.KRYLOV_BACKEND === 'ts'
const missing = onlyTypeScript ? null : readCache('setup.json').nativeMissing
rmSync(join(cache, RESULTS), { force: true })

const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...(onlyTypeScript || missing ? ['--project', 'ts'] : []),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${join(cache, RESULTS)}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
)

const {
  numPassedTests = 0,
  numFailedTests = 0,
  numPendingTests = 0,
  numTodoTests = 0,
  testResults = [],
} = readCache(RESULTS)
// A file that fails to load has no failed test in it.
const broken = testResults.filter(
  file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'),
)
let failed = numFailedTests + broken.length
if (failed === 0 && status !== 0) {
  failed = 1
  console.log(testResults.length === 0 ? 'FAILED: no test was run' : 'FAILED: an error outside the tests, see above')
}
if (missing) {
  failed++
  console.log(`FAILED: the tests of the native half could not run: ${missing}`)
}
const skipped = numPendingTests + numTodoTests
console.log(`${numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 ? 1 : 0
