import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { median } from '../median.ts'
import type { Measure } from './figure.ts'

const bundle = new URL('../../dist/index.js', import.meta.url)
const script = `const t = performance.now(); await import('${bundle}'); console.log(performance.now() - t)`

/** `import 'krylov'` as a program pays for it: the built bundle in a fresh process. */
export const measure: Measure = quick => {
  if (!existsSync(bundle)) throw new Error('dist/index.js is not built: npm run build')
  const times: number[] = []
  for (let i = 0; i < (quick ? 5 : 15); i++)
    times.push(Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })))
  const about = { n: 0, nnz: 0, threads: 1, iterations: times.length }
  return [
    { ...about, method: 'import, median', solve: median(times) },
    { ...about, method: 'import, best', solve: Math.min(...times) },
  ]
}
