// Solves the same small systems over and over: argv: bundle, solves. Prints how many megabytes the process grew by.
// To be run with a small young generation, whose size otherwise comes and goes by 32 MB.
import { pathToFileURL } from 'node:url'

const [, , bundle, count] = process.argv
const { cg, cgSync, ic0, poisson2d, uniform } = await import(pathToFileURL(bundle).href)
const A = poisson2d(12)
const b = uniform(1, A.rows)
const M = ic0.sync(A)
const controller = new AbortController()

const forms = {
  sync: () => cgSync(A, b),
  async: () => cg(A, b),
  built: () => cg(A, b, { preconditioner: ic0 }),
  allocated: () => ic0(poisson2d(6)),
  watched: () => cg(A, b, { preconditioner: M, signal: controller.signal, onProgress: () => {} }),
  aborted: () => {
    const own = new AbortController()
    const solve = cg(A, b, { signal: own.signal }).catch(() => {})
    own.abort()
    return solve
  },
  failing: () => cg(A, b, { preconditioner: () => Promise.reject(new Error('no')) }).catch(() => {}),
}

/** Megabytes in use after everything that can be freed has been. */
async function resident() {
  for (let k = 0; k < 4; k++) {
    globalThis.gc()
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return process.memoryUsage().rss / 2 ** 20
}

const growth = {}
for (const [name, solve] of Object.entries(forms)) {
  const rounds = async n => {
    for (let k = 0; k < n; k += 10) {
      await Promise.all(Array.from({ length: 10 }, solve))
      await new Promise(setImmediate) // aborted solves reject before their jobs have drained: these need the loop
    }
  }
  await rounds(Math.max(1000, Math.ceil(count / 10)))
  const before = await resident()
  await rounds(Number(count))
  growth[name] = Math.round(10 * ((await resident()) - before)) / 10
}
console.log(JSON.stringify({ growth, worst: Math.max(...Object.values(growth)) }))
