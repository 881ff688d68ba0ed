// Runs one border measurement and prints its figures: `child.ts event-loop [quick]`.
import type { Measure } from './figure.ts'

const [, , item = '', quick] = process.argv
const { measure } = (await import(`./${item}.ts`)) as { readonly measure: Measure }
process.stdout.write(`${JSON.stringify(await measure(quick === 'quick'))}\n`)
