// The long versions of what test/border/programs.test.ts does in seconds: `node scripts/soak.mjs [--quick]`.
import { bundleLibrary } from '../test/border/programs/bundle.mjs'
import { leakArguments, runProgram } from '../test/border/programs/run.mjs'

const quick = process.argv.includes('--quick')
const [solves, workers, seconds] = quick ? [2000, 12, 5] : [50_000, 200, 300]

const ended = ({ code, signal }) => code === 0 && signal === null
const campaigns = [
  ['workers terminated, main thread solving', 'terminate.mjs', [workers, 'main'], ended],
  ['workers terminated, main thread without', 'terminate.mjs', [workers, 'workers'], ended],
  ['exit during solves', 'exit.mjs', ['exit'], result => ended(result) && result.sinceReady < 1000],
  ['exit after abort', 'exit.mjs', ['abort'], result => ended(result) && result.sinceReady < 1000],
  ['garbage', 'fuzz.mjs', [seconds, Date.now() % 1e6], result => ended(result) && result.answer.failures.length === 0],
  ['memory', 'leak.mjs', [solves], result => ended(result) && result.answer.worst < 20],
]

const { file, remove } = await bundleLibrary()
let failed = 0
try {
  for (const [name, program, args, passes] of campaigns) {
    const nodeArguments = program === 'leak.mjs' ? leakArguments : []
    const result = await runProgram(program, file, args, { nodeArguments, timeout: 1_800_000 })
    const passed = passes(result)
    if (!passed) failed++
    const took = `${(result.elapsed / 1000).toFixed(1)} s`
    console.log(
      `${passed ? 'passed' : 'FAILED'}  ${name} (${args.join(' ')}, ${took}) ${JSON.stringify(result.answer)}`,
    )
    if (!passed) console.log(`code ${result.code}, signal ${result.signal}\n${result.errors}`)
  }
} finally {
  remove()
}
console.log(failed === 0 ? 'all passed' : `${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
