// Garbage into every public function: argv: bundle, seconds, seed. Only a KrylovError or an error of the garbage itself
// may come out, within a second, and the process lives.
import { pathToFileURL } from 'node:url'

const [, , bundle, seconds, seed] = process.argv
const krylov = await import(pathToFileURL(bundle).href)
const { Csr, KrylovError, poisson2d, ic0, ssor, chebyshev, jacobi, dense, cg } = krylov

let state = Number(seed) | 0
function random() {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const below = n => Math.floor(random() * n)
const pick = list => list[below(list.length)]

class OwnError extends Error {}
const own = () => {
  throw new OwnError('of the garbage itself')
}

const A = poisson2d(5)
const vector = n => Float64Array.from({ length: n }, () => random() - 0.5)
const detached = () => {
  const array = vector(25)
  structuredClone(array, { transfer: [array.buffer] })
  return array
}

// sizes stay small enough for the machine, or so large that nothing may even try
const numbers = [0, -0, 1, 2, 3, 5, 25, 26, -1, 0.5, 1e-300, 1e300, 2 ** 53, NaN, Infinity, -Infinity, 5e-324]
const plain = [undefined, null, true, false, '', 'ic0', 'constant', 'columns', Symbol('s'), 10n, () => {}, own]
const makers = [
  () => pick(numbers),
  () => pick(plain),
  () => ({}),
  () => [],
  () => [1, 2, 3],
  () => vector(below(30)),
  () => vector(25),
  () => new Float32Array(25),
  () => Int32Array.from({ length: 26 }, () => below(40) - 5),
  () => new Uint8Array(25),
  () => new BigInt64Array(25),
  () => new DataView(new ArrayBuffer(200)),
  () => detached(),
  () => vector(30).subarray(5),
  () => new Float64Array(new SharedArrayBuffer(200)),
  () => new Proxy({}, { get: own }),
  () => new Array(1000),
  () => A,
  () => poisson2d(1 + below(6)),
  () => ({ pattern: A.pattern, values: vector(A.nonZeros) }),
  () => ({
    pattern: { ...A.pattern, [pick(['rows', 'columns', 'rowPointers', 'columnIndices'])]: garbage(3) },
    values: A.values,
  }),
  () => ({ pattern: garbage(3), values: garbage(3) }),
  () => dense(5, 5, vector(25)),
  () => ({ rows: garbage(3), columns: garbage(3), values: garbage(3) }),
  () => ({
    rows: 25,
    columns: 25,
    apply: pick([(x, y) => y.set(x), own, () => 1, async () => {}, () => Promise.reject(new OwnError())]),
  }),
  () => ({ rows: garbage(3), columns: 25, apply: () => {} }),
  () => pick([ic0, ssor, chebyshev, jacobi]),
  () => pick([ic0, ssor, chebyshev, jacobi]).sync(A),
  () => ({
    ...pick([ic0, chebyshev, jacobi]).sync(A),
    [pick(['kind', 'inverse', 'upper', 'matrix', 'degree', 'inverseDiagonal'])]: garbage(3),
  }),
  () => ({
    get kind() {
      return pick(['factor', 'jacobi', garbage(3)])
    },
  }),
  () => Promise.resolve(1),
  () => Promise.reject(new OwnError()),
  () => AbortSignal.abort(new OwnError()),
  () => new AbortController().signal,
]
const optionNames = [
  'rtol',
  'atol',
  'maxIterations',
  'x0',
  'preconditioner',
  'history',
  'nullspace',
  'flexible',
  'restart',
  'side',
  'signal',
  'timeLimit',
  'onProgress',
  'threads',
  'omega',
  'shift',
  'degree',
  'ratio',
  'symmetric',
  'seed',
  'window',
  'chains',
  'sort',
  'other',
]
// things that only look like arrays or matrices; they throw at whoever reads them as what they are not
const imitations = [
  () => new Proxy(vector(25), {}),
  () => Object.create(Float64Array.prototype),
  () => Object.create(Csr.prototype),
]
function garbage(depth = 0) {
  if (depth < 2 && random() < 0.25)
    return Object.fromEntries(Array.from({ length: below(4) }, () => [pick(optionNames), garbage(depth + 1)]))
  const made = depth > 3 ? pick(numbers) : pick(makers)()
  if (made instanceof Promise) made.catch(() => {})
  return made
}

const solvers = [
  'cg',
  'minres',
  'minresQlp',
  'gmres',
  'fgmres',
  'bicgstab',
  'idrs',
  'lsqr',
  'lsmr',
  'gcrodr',
  'deflatedCg',
  'recyclingMinres',
].flatMap(name => [name, `${name}Sync`])
// functions of matrices, general ones too, and their options
const ofMatrices = ['sqrtm', 'logm', 'expm', 'invSqrtm', 'spdBatchNorm'].flatMap(name => [name, `${name}Sync`])
const matrixOptions = [
  'count',
  'eigenvalues',
  'method',
  'gradient',
  'degree',
  'complex',
  'steps',
  'running',
  'momentum',
]
const derivatives = ['pullback', 'pushforward', 'hessianVector']
const files = name => /^(read|write|create|load|save)/.test(name)
const callable = Object.entries(krylov).flatMap(([name, value]) =>
  typeof value !== 'function' || name === 'KrylovError' || files(name)
    ? []
    : name === 'Csr'
      ? Object.getOwnPropertyNames(Csr)
          .filter(key => typeof Csr[key] === 'function' && key !== 'prototype')
          .map(key => [`Csr.${key}`, Csr[key]])
      : [[name, value], ...(value.sync ? [[`${name}.sync`, value.sync]] : [])],
)
for (const key of ['withValues', 'permute']) callable.push([`A.${key}`, A[key].bind(A)])

// the arguments after these are for the library itself
const internal = { 'Csr.from': 1, sparsityPattern: 4 }

const entries = () => {
  const places = Array.from({ length: 30 }, (_, e) => e).filter(() => random() < 0.6)
  return {
    rows: 6,
    columns: 5,
    rowIndices: places.map(place => Math.floor(place / 5)),
    columnIndices: places.map(place => place % 5),
    values: vector(places.length),
  }
}
const completing = [
  'rank',
  'ridge',
  'method',
  'biases',
  'seed',
  'validation',
  'maxSweeps',
  'steps',
  'thin',
  'nonnegative',
]
const sensing = ['operator', 'values', 'rank', 'method', 'rtol', 'step', 'decay', 'damping', 'scale', 'seed']
const ways = ['altMin', 'als', 'scaledGd', 'softImpute', 'gnmr', 'subgradient', 'rebalanced']

/** Arguments that are right but for one, or all wrong. */
function argumentsFor(name) {
  if (name === 'solveBatch' && random() < 0.7) {
    const system = () =>
      random() < 0.7 ? { A, b: vector(25), field: random() < 0.5 ? vector(3) : undefined } : garbage(1)
    const list = Array.from({ length: below(6) }, system)
    const systems = random() < 0.3 ? { count: list.length, system: i => list[i] } : random() < 0.9 ? list : garbage()
    return [systems, { maxIterations: 5, [pick(['onError', 'method', ...optionNames])]: pick([garbage(1), 'yield']) }]
  }
  if (solvers.includes(name) && random() < 0.7) {
    const good = [A, vector(25), { maxIterations: 5 }]
    if (random() < 0.6) good[2] = { maxIterations: 5, [pick(optionNames)]: garbage(1) }
    else good[below(2)] = random() < 0.2 ? pick(imitations)() : garbage()
    return good
  }
  if (ofMatrices.includes(name) && random() < 0.7) {
    const options = name.startsWith('spd') ? { count: 1 } : { structure: pick(['general', 'general', 'symmetric']) }
    if (random() < 0.7) options[pick(matrixOptions)] = pick([true, 'pade', garbage(1)])
    return [random() < 0.8 ? dense(5, 5, vector(25)) : garbage(), options]
  }
  if (/^(complete|robustComplete|selectRank)(Sync)?$/.test(name) && random() < 0.7) {
    const options = { rank: 2, ranks: [1, 2], ridge: pick([0, 0.1]), method: pick(ways), maxSweeps: 5 }
    for (const key of name.startsWith('select') ? ['rank', 'ridge'] : ['ranks']) delete options[key]
    if (random() < 0.7) options[pick(completing)] = garbage(1)
    return [
      random() < 0.8 ? entries() : { ...entries(), [pick(['rows', 'values', 'columnIndices', 'weights'])]: garbage() },
      options,
    ]
  }
  if (/^matrixSensing/.test(name) && random() < 0.7) {
    const options = {
      operator: dense(12, 9, vector(108)),
      values: vector(12),
      rank: 2,
      method: pick(ways),
      maxIterations: 5,
    }
    if (random() < 0.7) options[pick(sensing)] = garbage(1)
    return [options]
  }
  const most = internal[name] ?? 6
  return Array.from({ length: Math.min(below(6), most) }, () => garbage())
}

/** Hands garbage to what an answer has for derivatives. */
async function derive(answer) {
  for (const key of derivatives) if (typeof answer?.[key] === 'function') await answer[key](garbage(), garbage())
}

const allowed = error => error instanceof KrylovError || error instanceof OwnError
const failures = []
const seen = new Set()
let calls = 0
const describe = value => {
  try {
    return typeof value === 'object' && value !== null ? `{${Object.keys(value)}}` : String(value)
  } catch {
    return '?'
  }
}
process.on('unhandledRejection', error => {
  if (!allowed(error)) failures.push(`unhandled rejection: ${error?.stack}`)
})

const end = performance.now() + 1000 * Number(seconds)
while (performance.now() < end && failures.length < 40) {
  const [name, act] = pick(callable)
  const given = argumentsFor(name)
  const started = performance.now()
  try {
    const answer = act(...given)
    if (answer instanceof Promise) {
      const patience = new Promise((_, reject) => setTimeout(reject, 20_000, new Error('no answer in 20 s')).unref())
      await derive(await Promise.race([answer, patience]))
    } else if (typeof answer?.[Symbol.asyncIterator] === 'function') {
      let results = 0
      for await (const { index } of answer) if (index > 2 || results++ > 2) break
    } else await derive(answer)
  } catch (error) {
    const where = `${name}: ${error}`
    if (!allowed(error) && !seen.has(where)) {
      seen.add(where) // each kind of failure once
      failures.push(`${name}(${given.map(describe).join(', ')}): ${error?.stack ?? error}`)
    }
  }
  const elapsed = performance.now() - started
  if (elapsed > 5000) failures.push(`${name}(${given.map(describe).join(', ')}) took ${elapsed} ms`)
  if (++calls % 200 === 0) {
    await new Promise(setImmediate)
    const { converged } = await cg(poisson2d(5), new Float64Array(25).fill(1))
    if (!converged) failures.push(`after ${name} a plain solve does not converge any more`)
  }
}
console.log(JSON.stringify({ calls, failures }))
