import { readFileSync } from 'node:fs'

/** What `npm run bench -- NAME --json bench/results/NAME.json` left. */
export const results = name =>
  JSON.parse(readFileSync(new URL(`../bench/results/${name}.json`, import.meta.url), 'utf8'))
