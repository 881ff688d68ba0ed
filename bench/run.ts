// npm run bench -- <subject> [--quick] [--full] [--alone] [--json FILE]
import { readdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { load, machine } from './machine.ts'
import type { Options } from './options.ts'
import type { Row } from './row.ts'
import { table } from './table.ts'

interface Subject {
  readonly bench: (options: Options) => Promise<readonly Row[]>
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    alone: { type: 'boolean', default: false },
    json: { type: 'string' },
    from: { type: 'string', multiple: true },
  },
})
const { quick, full, alone, json, from = [] } = values
const suffix = '.bench.ts'
const subjects = readdirSync(new URL('.', import.meta.url))
  .filter(file => file.endsWith(suffix))
  .map(file => file.slice(0, -suffix.length))

const kept: Row[] = []
const keep = (rows: readonly Row[]): void => {
  kept.push(...rows)
  write(kept)
}

const write = (rows: readonly Row[]): void => {
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine: machine(), rows }, null, 1)}\n`)
}

const measure = async (subject: string): Promise<readonly Row[]> => {
  const { bench } = (await import(`./${subject}${suffix}`)) as Subject
  return await bench({ quick, full, alone, keep })
}

const [wanted = ''] = positionals
console.error(`load ${load()}`)
if (wanted === 'goals') {
  const { goals } = await import('./goals.ts')
  console.log(await goals(from, measure))
} else if (subjects.includes(wanted)) {
  const rows = await measure(wanted)
  console.log(table(rows))
  write(rows)
} else {
  console.error(`npm run bench -- <subject>: one of ${[...subjects, 'goals'].join(', ')}`)
  process.exitCode = 1
}
