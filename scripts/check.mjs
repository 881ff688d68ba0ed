// All that has to hold before a merge: one line for each step, the output of those that fail, exit code 1 if any did.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const SKIPPED = 77
const NODE = process.execPath

/** The program of an installed package. */
function tool(name, as = name) {
  const { bin } = JSON.parse(readFileSync(`${root}/node_modules/${name}/package.json`, 'utf8'))
  return `node_modules/${name}/${typeof bin === 'string' ? bin : bin[as]}`
}
const script = name => [NODE, `scripts/${name}.mjs`]

const steps = [
  ['types', [NODE, tool('typescript', 'tsc'), '-p', '.']],
  ['biome', [NODE, tool('@biomejs/biome', 'biome'), 'check', '.']],
  ['clang-format', script('clang-format')],
  ['native build', script('build-native')],
  ['native signatures are committed', ['git', 'diff', '--exit-code', '--', 'src/core/native.generated.ts']],
  ['bundle', script('build')],
  ['tests', ['npm', 'test']],
  ['reference', [NODE, tool('typedoc'), '--logLevel', 'Warn']],
  ['publint', [NODE, tool('publint'), 'run', '--strict']],
  ['package contents', script('check-package')],
  ['table of methods', [...script('methods-table'), '--check']],
  ['tables of results', [...script('readme-tables'), '--check']],
]

const run = ([program, ...args]) => spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 })
const lastLines = text => text.trim().split('\n').slice(-40).join('\n').replace(/^/gm, '    ')

let failed = 0
for (const [name, command] of steps) {
  if (command[1]?.startsWith('scripts/') && !existsSync(`${root}/${command[1]}`)) {
    console.log(`skipped  ${name}: there is no ${command[1]}`)
    continue
  }
  const begun = Date.now()
  const { status, stdout, stderr } = run(command)
  const seconds = ((Date.now() - begun) / 1000).toFixed(1)
  if (status === 0) console.log(`ok       ${name} (${seconds} s)`)
  else if (status === SKIPPED) console.log(`skipped  ${name}: ${stderr.trim()}`)
  else {
    failed++
    console.log(`FAILED   ${name} (${seconds} s)\n${lastLines(`${stdout ?? ''}${stderr ?? ''}`)}`)
  }
}
console.log(failed === 0 ? 'all ok' : `${failed} of ${steps.length} failed`)
process.exitCode = failed === 0 ? 0 : 1
