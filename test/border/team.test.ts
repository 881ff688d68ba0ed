import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { cgSync, poisson2d, setThreads, uniform } from '../../src/index.ts'

/** Clock ticks that the team's threads have computed so far. */
function ticks(): number {
  return readdirSync('/proc/self/task').reduce((sum, task) => {
    const stat = readFileSync(`/proc/self/task/${task}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return stat.includes('(krylov team)') ? sum + Number(fields[11]) : sum
  }, 0)
}

it.runIf(process.platform === 'linux')('the second thread takes its share of the work, solve after solve', () => {
  setThreads(2)
  const A = poisson2d(400)
  const b = uniform(1, A.rows)
  for (let solve = 0; solve < 3; solve++) {
    const before = ticks()
    const end = performance.now() + 20_000
    while (ticks() < before + 10 && performance.now() < end) cgSync(A, b, { maxIterations: 100 })
    expect(ticks()).toBeGreaterThanOrEqual(before + 10)
  }
})
