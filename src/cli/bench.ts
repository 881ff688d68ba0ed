import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Command, exit } from './command.ts'
import { UsageError } from './usage-error.ts'

/** `krylov bench`: the benchmarks stay in the repository, out of the package. */
export const benchCommand: Command = {
  shape: {
    name: 'bench',
    summary: 'Runs the benchmarks, in a checkout of krylov: all arguments go to `npm run bench`.',
    operands: ['[subject]'],
    options: {},
    raw: true,
  },
  async run() {
    const root = dirname(createRequire(import.meta.url).resolve('krylov/package.json'))
    const script = join(root, 'scripts', 'bench.mjs')
    if (!existsSync(script))
      throw new UsageError('the benchmarks are not part of the package: clone the repository, then `npm run bench`')
    const argv = process.argv.slice(process.argv.indexOf('bench') + 1)
    const { status } = spawnSync(process.execPath, [script, ...argv], { stdio: 'inherit' })
    return status === 0 ? exit.solved : exit.internal
  },
}
