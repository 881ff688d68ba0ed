// Runs one border measurement and prints its figures: `child.ts event-loop [quick]`.
import { ahead } from '../priority.ts'
import type { Measure } from './figure.ts'

interface Item {
  readonly measure: Measure
  /** It times computation, not waiting: it may run ahead of everything else. */
  readonly realtime?: boolean
}

const [, , item = '', quick] = process.argv
const { measure, realtime = false } = (await import(`./${item}.ts`)) as Item
const run = async () => await measure(quick === 'quick')
process.stdout.write(`${JSON.stringify(realtime ? await ahead(process.pid, run) : await run())}\n`)
