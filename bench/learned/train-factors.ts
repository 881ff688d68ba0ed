// npx tsx bench/learned/train-factors.ts [ic0 | ric | relaxation ...]: trains the models of incomplete factors into weights/
import { mkdirSync, writeFileSync } from 'node:fs'
import { uniform } from '../../src/core/random.ts'
import { families } from '../../src/learned/families.ts'
import { encodeWeights } from '../../src/learned/safetensors.ts'
import { trainPreconditionerSync } from '../../src/learned/train.ts'
import type { Csr } from '../../src/sparse/csr.ts'
import { weightFile } from './contenders.ts'

const FAMILIES = ['diff', 'fem', 'heat'] as const
const FIRST = 20_000_000 // seed of the first matrix: nothing is measured on these

/** Members of the families, some hundred to two thousand unknowns. */
const small = (count: number, first: number): Csr[] =>
  Array.from({ length: count }, (_, at) => {
    const seed = first + at
    const [u] = uniform(seed, 1, 9)
    return families[FAMILIES[at % FAMILIES.length]!](22 + Math.floor(22 * u!), { seed })
  })

/** Members of sizes that they are used at. */
const large = (first: number): Csr[] =>
  [64, 128].flatMap(size => FAMILIES.map((family, at) => families[family](size, { seed: first + at })))

const wanted = process.argv.slice(2)
for (const name of wanted.length > 0 ? wanted : ['ic0', 'ric', 'relaxation']) {
  const relaxation = name === 'relaxation'
  const { weights, report } = trainPreconditionerSync({
    ...(relaxation
      ? { model: 'relaxation' as const, samples: [...small(24, FIRST), ...large(FIRST + 500)] }
      : { model: 'incompleteFactor' as const, start: name === 'ric' ? 'ric' : 'ic0', samples: small(48, FIRST) }),
    validation: [...small(12, FIRST + 1000), ...large(FIRST + 2000)],
    seed: 1,
    trained: 'families diff, fem and heat, 400 to 1900 unknowns',
    threads: 1,
    onProgress: ({ step, iterations }) => step % 250 === 0 && console.log(step, iterations.toFixed(4)),
  })
  const { relative, milliseconds, promised } = report
  console.log(
    name,
    `promised ${promised.toFixed(4)}, ${relative.toFixed(4)} of what it started from, ${(milliseconds / 1000).toFixed(0)} s`,
  )
  mkdirSync(new URL('weights/', import.meta.url), { recursive: true })
  writeFileSync(weightFile(name), encodeWeights(weights))
}
