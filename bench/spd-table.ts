import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cgSync } from '../src/krylov/cg.ts'
import { trueRelativeResidual } from '../test/support/problems.ts'
import { loadReal, optionsFor, optionsText, realMatrices } from '../test/support/real-matrices.ts'

/*
 * Writes docs/spd-table.md: every real positive (semi)definite matrix of the shared data, solved on both backends.
 * Each backend runs in its own process, since the choice is made once at load.
 */

interface Row {
  readonly n: number
  readonly nnz: number
  readonly iterations: number
  readonly reason: string
  readonly residual: number
  readonly milliseconds: number
}

async function measure(): Promise<Row[]> {
  const rows: Row[] = []
  for (const matrix of realMatrices) {
    const { A, b } = await loadReal(matrix)
    const solves = [0, 1, 2].map(() => cgSync(A, b, optionsFor(matrix)))
    const { x, iterations, reason } = solves[0]!
    const milliseconds = Math.min(...solves.map(({ time }) => time.setup + time.solve))
    rows.push({ n: A.rows, nnz: A.nonZeros, iterations, reason, residual: trueRelativeResidual(A, x, b), milliseconds })
  }
  return rows
}

function inProcess(backend: string): Row[] {
  const script = fileURLToPath(import.meta.url)
  const options = { env: { ...process.env, KRYLOV_BACKEND: backend }, maxBuffer: 1 << 24 }
  return JSON.parse(execFileSync(process.execPath, [...process.execArgv, script, '--measure'], options).toString())
}

function table(native: readonly Row[], ts: readonly Row[]): string {
  const lines = realMatrices.map((matrix, at) => {
    const [fast, slow] = [native[at]!, ts[at]!]
    const residual = Math.max(fast.residual, slow.residual).toExponential(2)
    const [name, reasons] = [matrix.file.split('.')[0], new Set([fast.reason, slow.reason])]
    const times = `${fast.milliseconds.toFixed(1)} / ${slow.milliseconds.toFixed(1)}`
    const counts = `${fast.iterations} / ${slow.iterations}`
    return `| ${name} | ${fast.n} | ${fast.nnz} | ${optionsText(matrix)} | ${[...reasons].join(', ')} | ${counts} | ${residual} | ${times} |`
  })
  return [
    '# Real positive definite matrices',
    '',
    'Conjugate gradients to `rtol` 1e-8, everything else by default. The true relative residual is recomputed outside',
    'the solver, the larger one of the two backends; times are set-up and solve, native / TypeScript, the best of three.',
    'The right-hand side is the one that came with the matrix, else A times ones; for the three singular matrices, whose',
    'null space is the constant vectors, A times a wave. Written by `bench/spd-table.ts`.',
    '',
    '| matrix | n | non-zeros | options | ended | iterations | residual | ms |',
    '| --- | ---: | ---: | --- | --- | ---: | ---: | ---: |',
    ...lines,
    '',
  ].join('\n')
}

if (process.argv.includes('--measure')) process.stdout.write(JSON.stringify(await measure()))
else writeFileSync(new URL('../docs/spd-table.md', import.meta.url), table(inProcess('native'), inProcess('ts')))
